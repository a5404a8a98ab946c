"""Readings owed after a revision, loaded with the evidence and asked in memory for any day and moment."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import CharField, DateTimeField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.enums import ReasonCode
from certification.models import ReadingConfirmation, ReadingDue
from certification.requirements.base import day_text
from certification.requirements.rows import PEOPLE, Row, rows_of
from portal.registry.duty import Reason

READING = "reading"


@dataclass(frozen=True, slots=True)
class Reading:
    """One edition to be read.

    Args:
        grace_until: the last day on which the qualification counts without it.
        recorded_at: since when it was known.
        confirmed_at: when the person said to have read it; None while it is open.
        edition: title of the manual and name of the edition.
    """

    verdict: int
    grace_until: dt.date
    recorded_at: dt.datetime
    confirmed_at: dt.datetime | None
    edition: str

    def refuses(self, on: dt.date, known_at: dt.datetime) -> bool:
        """Whether it was missing on day ``on``, by what was on record at ``known_at``."""
        if self.recorded_at > known_at or on <= self.grace_until:
            return False
        confirmed = self.confirmed_at
        return confirmed is None or confirmed > known_at or timezone.localdate(confirmed) > on


def reading_rows() -> QuerySet[Any]:
    """Return what these people must read, whether they have or not, as rows of the evidence."""
    said = ReadingConfirmation.objects.filter(person=OuterRef("person"), verdict=OuterRef("verdict"))
    confirmed = Subquery(said.order_by().values("confirmed_at")[:1], output_field=DateTimeField())
    book = "verdict__edition__manual__title"
    title = Concat(book, Value(" "), "verdict__edition__edition", output_field=CharField())
    return rows_of(
        ReadingDue.objects.filter(person__in=PEOPLE),
        READING,
        "scheme_id",
        days=["verdict__grace_until"],
        moments=["recorded_at", confirmed],
        numbers=["verdict_id"],
        texts=[title],
    )


def reading_of(row: Row) -> Reading:
    """Return a row as what must be read."""
    return Reading(
        verdict=cast("int", row.number_1),
        grace_until=cast("dt.date", row.day_1),
        recorded_at=cast("dt.datetime", row.moment_1),
        confirmed_at=row.moment_2,
        edition=row.text_1 or "",
    )


def unread(readings: Iterable[Reading], on: dt.date, known_at: dt.datetime) -> list[Reason]:
    """Return what refuses because it was not read in time."""
    return [_reason(reading) for reading in readings if reading.refuses(on, known_at)]


def _reason(reading: Reading) -> Reason:
    facts = {"edition": reading.edition, "day": day_text(reading.grace_until)}
    text = _("%(edition)s had to be read and confirmed by %(day)s") % facts
    url = reverse("certification:reading", args=[reading.verdict])
    params = {"verdict": reading.verdict, "grace_until": reading.grace_until.isoformat(), "url": url}
    return Reason(ReasonCode.REVISION_UNREAD.value, text, params=params)
