"""Which editions of manuals a qualification rests on: pinned when it is granted, compared with today's."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from certification.models import AttemptQuestion, LedgerEntry
from courses.models import ModuleTopic
from kb.models import ManualEdition


@dataclass(frozen=True)
class EditionHeld:
    """An edition a grant rests on.

    Args:
        manual: number of the manual.
        issued: the edition taught and asked.
        current: the edition in force now; the same while there is no newer one.
    """

    manual: str
    issued: str
    current: str

    @property
    def is_outdated(self) -> bool:
        """Whether a newer edition has come out since."""
        return self.issued != self.current


def editions_taught(attempts: Iterable[int], modules: Collection[str]) -> list[dict[str, Any]]:
    """Return the editions cited by the questions of the papers and by the topics of the modules, for the ledger.

    Args:
        attempts: primary keys of the attempts a grant rests on.
        modules: codes of the modules whose hours it rests on.
    """
    asked = AttemptQuestion.objects.filter(attempt__in=list(attempts), version__chapter__isnull=False)
    taught = ModuleTopic.objects.filter(module__code__in=modules, chapters__isnull=False)
    cited = Q(pk__in=asked.order_by().values("version__chapter__edition"))
    cited |= Q(pk__in=taught.order_by().values("chapters__edition"))
    editions = ManualEdition.objects.filter(cited, published_on__isnull=False).select_related("manual")
    return [
        {"id": edition.pk, "manual": edition.manual.number, "edition": edition.edition}
        for edition in editions.order_by("manual__number", "published_on", "pk")
    ]


def editions_held(entry: LedgerEntry) -> list[EditionHeld]:
    """Return the editions a grant rests on beside those of today; of several of one manual the newest."""
    pinned = {row["manual"]: row["edition"] for row in entry.evidence.get("editions", [])}
    current: dict[str, str] = {}
    if pinned:
        published = ManualEdition.objects.published().filter(manual__number__in=pinned)
        for manual, edition in published.values_list("manual__number", "edition"):
            current.setdefault(manual, edition)
    return [EditionHeld(manual, edition, current.get(manual, edition)) for manual, edition in pinned.items()]
