"""Record lapsed qualifications and close overdue attempts; run nightly, idempotent."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from certification import ledger
from certification.ledger.queries import lapsing
from certification.quizzes.closing import close_if_overdue, overdue_attempts

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Record lapsed qualifications and close quiz attempts whose time ran out."""

    help = "Record qualifications that have expired in the ledger, and close overdue quiz attempts."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do both and print the counts.

        Raises:
            CommandError: some could not be written; the log has which and why, the others were.
        """
        now = timezone.now()
        lapses = [
            (f"Person {person.pk}, scheme {scheme.code}", partial(ledger.lapse, person, scheme, at=now))
            for person, scheme in lapsing(timezone.localdate(now))
        ]
        closings = [
            (f"Attempt {attempt.pk}", partial(close_if_overdue, attempt, at=now)) for attempt in overdue_attempts(now)
        ]
        written = [
            _is_written(*act) for act in tqdm(closings + lapses, unit="file", disable=options["verbosity"] == 0 or None)
        ]
        closed, lapsed = written[: len(closings)].count(True), written[len(closings) :].count(True)
        if options["verbosity"]:
            self.stdout.write(f"{lapsed} qualifications lapsed, {closed} attempts closed.")
        if failed := written.count(None):
            raise CommandError(f"{failed} of {len(written)} files could not be written; see the log.")


def _is_written(what: str, act: Callable[[], object]) -> bool | None:
    """Return whether there was something to write; None when it failed, which keeps no other file from it."""
    try:
        return act() is not None
    except Exception:
        logger.exception("%s: what time has ended could not be written", what)
        return None
