"""Work under guidance, read together with the evidence of the learners."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet

from certification.models import Guidance
from certification.requirements.rows import PEOPLE, Row, rows_of

GUIDANCE = "guidance"


@dataclass(frozen=True, slots=True)
class Guided:
    """That somebody works under somebody else.

    Args:
        guide: key of the person who guides.
        ended_on: the first day it does not count any more; None as long as nobody ended it.
    """

    key: int
    scheme: int
    guide: int
    guide_name: str
    starts_on: dt.date
    ends_on: dt.date
    recorded_at: dt.datetime
    limits: str = ""
    ended_on: dt.date | None = None
    end_recorded_at: dt.datetime | None = None

    def last_day(self, known_at: dt.datetime) -> dt.date:
        """The last day it counts for, by what was on record at that moment."""
        ended, seen = self.ended_on, self.end_recorded_at
        if ended and seen and seen <= known_at:
            return min(self.ends_on, ended - dt.timedelta(days=1))
        return self.ends_on

    def counts_on(self, on: dt.date, known_at: dt.datetime) -> bool:
        """Whether it stands that day, by what was on record at that moment."""
        return self.recorded_at <= known_at and self.starts_on <= on <= self.last_day(known_at)


def guidance_rows(found: QuerySet[Guidance] | None = None, source: str = GUIDANCE) -> QuerySet[Any]:
    """Return the guidances of ``PEOPLE`` as rows of the evidence; ended ones answer for past days."""
    return rows_of(
        Guidance.objects.filter(learner__in=PEOPLE) if found is None else found,
        source,
        "scheme_id",
        person="learner_id",
        days=["starts_on", "ends_on", "end__ended_on"],
        moments=["recorded_at", "end__recorded_at"],
        numbers=["guide_id"],
        texts=["guide__name", "limits"],
    )


def guided_of(row: Row) -> Guided:
    """Read a row of ``guidance_rows``."""
    return Guided(
        key=row.key,
        scheme=row.subject,
        guide=cast("int", row.number_1),
        guide_name=row.text_1 or "",
        starts_on=cast("dt.date", row.day_1),
        ends_on=cast("dt.date", row.day_2),
        recorded_at=cast("dt.datetime", row.moment_1),
        limits=row.text_2 or "",
        ended_on=row.day_3,
        end_recorded_at=row.moment_2,
    )
