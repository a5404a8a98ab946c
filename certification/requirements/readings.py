"""What revisions of manuals ask of holders, loaded with the evidence and asked in memory for any day and moment.

An edition is read and confirmed, a short quiz on it passed, or everything shown anew, as its verdict says.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from django.db.models import Case, CharField, DateTimeField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.ledger.standing import GRANTING, EntryLike, facts_known
from certification.models import Attempt, ReadingConfirmation, ReadingDue
from certification.requirements.base import day_text
from certification.requirements.rows import PEOPLE, Row, json_text, rows_of
from certification.results import with_passing
from kb.enums import VerdictKind
from portal.models import EquipmentModel
from portal.registry.duty import Reason

READING = "reading"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one verdict asks.

    Args:
        grace_until: the last day on which the qualification counts without it.
        recorded_at: since when it was known.
        confirmed_at: when the edition was confirmed as read, or its quiz passed; None while that is open.
        edition: title of the manual and name of the edition; number and title of a revised article or guide.
        effective_on: from when on what is shown counts for a recertification.
        machines: the models the manual is about; empty where it is about everything at or below ``category``.
    """

    verdict: int
    grace_until: dt.date
    recorded_at: dt.datetime
    confirmed_at: dt.datetime | None
    edition: str
    kind: str = VerdictKind.MUST_READ
    effective_on: dt.date | None = None
    machines: frozenset[int] = frozenset()
    category: str = ""

    def refuses(self, on: dt.date, known_at: dt.datetime, entries: Iterable[EntryLike] = ()) -> bool:
        """Whether it was missing on day ``on``, by what was on record at ``known_at``.

        Args:
            entries: of the ledger, of the person and the scheme; a renewal in them ends a recertification.
        """
        if self.recorded_at > known_at or on <= self.grace_until or not self.has_begun(on):
            return False
        return not self.is_done(on, known_at, entries)

    def is_done(self, on: dt.date, known_at: dt.datetime, entries: Iterable[EntryLike] = ()) -> bool:
        """Whether it was done by day ``on``, by what was on record at ``known_at``."""
        if self.kind == VerdictKind.FULL:
            return any(
                fact.kind in GRANTING and fact.root.recorded_at > self.counts_from and fact.valid_from <= on
                for fact in facts_known(entries, known_at)
            )
        confirmed = self.confirmed_at
        return confirmed is not None and confirmed <= known_at and timezone.localdate(confirmed) <= on

    @property
    def counts_from(self) -> dt.datetime:
        """From when on what is shown counts for a recertification: the day the edition takes effect."""
        if self.effective_on is None:
            return self.recorded_at
        return timezone.make_aware(dt.datetime.combine(self.effective_on, dt.time()))

    def has_begun(self, on: dt.date) -> bool:
        """Whether something shown by day ``on`` can do: everything anew is shown once the edition takes effect."""
        return self.kind != VerdictKind.FULL or timezone.localdate(self.counts_from) <= on

    def is_about(self, equipment: EquipmentModel | None) -> bool:
        """Whether the manual is about the machine; a post is held with everything, so all of it matters."""
        if equipment is None:
            return True
        if self.machines:
            return equipment.pk in self.machines
        return equipment.category.is_within(self.category)


def quiz_code(verdict: int) -> str:
    """Return the code of the short quiz of a verdict."""
    return f"revision-{verdict}"


def of_verdict(field: str, prefix: str = "") -> Coalesce:
    """Return a field of what a verdict is about: of the manual, the article or the guide."""
    return Coalesce(*(f"{prefix}{subject}__{field}" for subject in ("edition__manual", "article", "guide")))


def reading_rows() -> QuerySet[Any]:
    """Return what verdicts ask of these people, whether it is done or not, as rows of the evidence."""
    said = ReadingConfirmation.objects.filter(person=OuterRef("person"), verdict=OuterRef("verdict"))
    attempts = Attempt.objects.filter(person=OuterRef("person"), quiz__verdict=OuterRef("verdict"))
    done = Coalesce(
        Subquery(said.order_by().values("confirmed_at")[:1], output_field=DateTimeField()),
        Subquery(with_passing(attempts).values("passed_at")[:1], output_field=DateTimeField()),
    )
    book = "verdict__edition__manual__title"
    edition = Concat(book, Value(" "), "verdict__edition__edition", output_field=CharField())
    is_edition = When(verdict__edition__isnull=False, then=edition)
    title = Case(is_edition, default="verdict__name", output_field=CharField())
    path = of_verdict("category__path", "verdict__")
    return rows_of(
        ReadingDue.objects.filter(person__in=PEOPLE),
        READING,
        "scheme_id",
        days=["verdict__grace_until", "verdict__edition__effective_on"],
        moments=["recorded_at", done],
        numbers=["verdict_id"],
        texts=[title, "verdict__kind", json_text("verdict__machines"), path],
    )


def reading_of(row: Row) -> Reading:
    """Return a row as what a verdict asks."""
    return Reading(
        verdict=cast("int", row.number_1),
        grace_until=cast("dt.date", row.day_1),
        recorded_at=cast("dt.datetime", row.moment_1),
        confirmed_at=row.moment_2,
        edition=row.text_1 or "",
        kind=row.text_2 or VerdictKind.MUST_READ,
        effective_on=row.day_2,
        machines=_machines(row.text_3 or "[]"),
        category=row.text_4 or "",
    )


@lru_cache(maxsize=1024)
def _machines(written: str) -> frozenset[int]:
    return frozenset(json.loads(written))


def unread(
    readings: Iterable[Reading],
    on: dt.date,
    known_at: dt.datetime,
    *,
    entries: Iterable[EntryLike] = (),
    equipment: EquipmentModel | None = None,
) -> list[Reason]:
    """Return what refuses because it was not done in time: on the machine asked about, or in a post on any."""
    listed = list(entries)
    bearing = [reading for reading in readings if reading.is_about(equipment)]
    return [_reason(reading) for reading in bearing if reading.refuses(on, known_at, listed)]


def recertification(
    readings: Iterable[Reading], on: dt.date, known_at: dt.datetime, entries: Iterable[EntryLike]
) -> Reading | None:
    """Return the recertification that is open, the one that counts from the latest day; None without any.

    One whose edition takes effect later is not open yet: until then what was shown counts as before.
    """
    listed = list(entries)
    full = [
        each
        for each in readings
        if each.kind == VerdictKind.FULL and each.recorded_at <= known_at and each.has_begun(on)
    ]
    owed = [each for each in full if not each.is_done(on, known_at, listed)]
    return max(owed, key=lambda each: each.counts_from, default=None)


def _reason(reading: Reading) -> Reason:
    facts = {"edition": reading.edition, "day": day_text(reading.grace_until)}
    params: dict[str, object] = {
        "verdict": reading.verdict,
        "grace_until": reading.grace_until.isoformat(),
        "edition": reading.edition,
    }
    url = reverse("certification:reading", args=[reading.verdict])
    match reading.kind:
        case VerdictKind.SHORT_QUIZ:
            code = ReasonCode.REVISION_QUIZ_MISSING
            text = _("The short quiz on %(edition)s had to be passed by %(day)s") % facts
            url = reverse("certification:quiz", args=[quiz_code(reading.verdict)])
            params["quiz"] = quiz_code(reading.verdict)
        case VerdictKind.FULL:
            code = ReasonCode.RECERTIFICATION_MISSING
            text = _("Since %(edition)s everything had to be shown anew by %(day)s") % facts
        case _:
            code = ReasonCode.REVISION_UNREAD
            text = _("%(edition)s had to be read and confirmed by %(day)s") % facts
    return Reason(code.value, text, params=params | {"url": url})
