"""Which days are holidays, and which weekends are worked."""

import datetime as dt

from courses.enums import DayKind
from courses.models import SpecialDay


def special_days(first: dt.date, last: dt.date) -> dict[dt.date, SpecialDay]:
    """Return the days from ``first`` to ``last`` that are not what their weekday says, in one query."""
    return {special.day: special for special in SpecialDay.objects.filter(day__range=(first, last)).order_by("day")}


def holidays(first: dt.date, last: dt.date) -> list[SpecialDay]:
    """Return the days off from ``first`` to ``last``, in order."""
    return list(SpecialDay.objects.filter(day__range=(first, last), kind=DayKind.HOLIDAY).order_by("day"))
