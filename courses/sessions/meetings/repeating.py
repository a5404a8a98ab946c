"""Meetings by a rule: every week on some weekdays, so many times, on no public holiday."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from dateutil.rrule import WEEKLY, rrule
from django.utils import timezone

from courses.days.queries import holidays
from courses.sessions.clashes.domain import LONGEST_COURSE
from courses.sessions.meetings.domain import MeetingPlan


def repeated(first: MeetingPlan, *, weekdays: Collection[int], count: int) -> list[MeetingPlan]:
    """Return ``count`` further meetings like ``first`` on the next such weekdays that are no public holiday.

    Fewer are returned where a session would last too long.

    Args:
        weekdays: Monday is 0.
    """
    begins = timezone.localtime(first.starts_at).date()
    last = begins + LONGEST_COURSE
    off = {special.day for special in holidays(begins, last)}
    found = []
    for day in _days(begins, last, weekdays):
        if len(found) == count:
            break
        if day not in off:
            found.append(on_day(first, day))
    return found


def _days(begins: dt.date, last: dt.date, weekdays: Collection[int]) -> Iterator[dt.date]:
    midnight = dt.datetime.combine(begins, dt.time())
    until = dt.datetime.combine(last, dt.time())
    for moment in rrule(WEEKLY, dtstart=midnight, until=until, byweekday=sorted(weekdays)):
        if moment.date() > begins:
            yield moment.date()


def on_day(plan: MeetingPlan, day: dt.date) -> MeetingPlan:
    """Return a new meeting like ``plan`` on another day, at the same time of day and as long."""
    starts = timezone.localtime(plan.starts_at)
    moved = timezone.make_aware(dt.datetime.combine(day, starts.time()))
    return plan.moved(moved - plan.starts_at)


def from_day(plans: Sequence[MeetingPlan], day: dt.date) -> list[MeetingPlan]:
    """Return new meetings like ``plans``, the first one on ``day`` and the others as many days after it as now."""
    first = timezone.localtime(plans[0].starts_at).date()
    return [on_day(plan, day + (timezone.localtime(plan.starts_at).date() - first)) for plan in plans]
