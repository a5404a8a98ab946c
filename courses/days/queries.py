"""Which days are holidays, and which weekends are worked."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from courses.enums import DayKind
from courses.models import SpecialDay


@dataclass(frozen=True)
class MissingDays:
    """Years into which somebody plans although no holiday of them is on record.

    Args:
        may_enter: whether the reader may enter them.
    """

    years: tuple[int, ...] = ()
    may_enter: bool = False

    @property
    def written(self) -> str:
        """The years, for people."""
        return "、".join(str(year) for year in self.years)


def special_days(first: dt.date, last: dt.date) -> dict[dt.date, SpecialDay]:
    """Return the days from ``first`` to ``last`` that are not what their weekday says, in one query."""
    return {special.day: special for special in SpecialDay.objects.filter(day__range=(first, last)).order_by("day")}


def holidays(first: dt.date, last: dt.date) -> list[SpecialDay]:
    """Return the days off from ``first`` to ``last``, in order."""
    return list(SpecialDay.objects.filter(day__range=(first, last), kind=DayKind.HOLIDAY).order_by("day"))


def missing_days(first: dt.date, last: dt.date, person: Any) -> MissingDays:
    """Return the years between two days, this one and later ones, of which no holiday is on record; in one query."""
    wanted = range(max(first.year, timezone.localdate().year), last.year + 1)
    if not wanted:
        return MissingDays()
    span = (dt.date(wanted[0], 1, 1), dt.date(wanted[-1], 12, 31))
    known = SpecialDay.objects.filter(kind=DayKind.HOLIDAY, day__range=span).order_by()
    entered = {day.year for day in known.dates("day", "year")}
    missing = tuple(year for year in wanted if year not in entered)
    return MissingDays(missing, person.has_perm("courses.add_specialday")) if missing else MissingDays()
