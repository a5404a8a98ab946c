"""Which days are holidays, and which weekends are worked."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from courses.enums import DayKind
from courses.models import SpecialDay
from portal.enums import Role


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


def days_of_years(first: dt.date, last: dt.date) -> list[SpecialDay]:
    """Return the special days of every year from that of ``first`` to that of ``last``, in order and one query."""
    return list(special_days(dt.date(first.year, 1, 1), dt.date(last.year, 12, 31)).values())


def missing_days(first: dt.date, last: dt.date, person: Any, known: Iterable[SpecialDay] | None = None) -> MissingDays:
    """Return the years between two days, this one and later ones, of which no holiday is on record.

    Args:
        known: the special days of these years where they are read already, see :func:`days_of_years`; else one query.
    """
    wanted = range(max(first.year, timezone.localdate().year), last.year + 1)
    if not wanted:
        return MissingDays()
    entered = {day.day.year for day in (days_of_years(first, last) if known is None else known) if day.is_holiday}
    missing = tuple(year for year in wanted if year not in entered)
    return MissingDays(missing, person.has_role(Role.ADMINISTRATOR)) if missing else MissingDays()
