"""Record what time has ended. A regular job runs it every night; running it twice changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from tqdm import tqdm

from certification.domain import ledger
from certification.domain.attempts import expire_attempts
from certification.queries import lapsing


class Command(BaseCommand):
    """Record lapsed qualifications and close quiz attempts whose time ran out."""

    help = "Record qualifications that have expired in the ledger, and close overdue quiz attempts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do both, then say how many."""
        now = timezone.now()
        closed = expire_attempts(at=now)
        candidates = lapsing(timezone.localdate(now))
        entries = [
            ledger.lapse(person, scheme, at=now)
            for person, scheme in tqdm(candidates, unit="file", disable=options["verbosity"] == 0 or None)
        ]
        lapsed = sum(entry is not None for entry in entries)
        if options["verbosity"]:
            self.stdout.write(f"{lapsed} qualifications lapsed, {closed} attempts closed.")
