"""Month and week grids, Monday first; pure functions without database access."""

import calendar
import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dateutil.relativedelta import MO, relativedelta
from django.utils import timezone

from courses.models import Meeting, SpecialDay
from portal.access.dates import start_of_day

MONTH, WEEK = relativedelta(months=1), dt.timedelta(days=7)


@dataclasses.dataclass(frozen=True)
class Day:
    """One field of the calendar."""

    date: dt.date
    is_within: bool
    is_today: bool
    meetings: Sequence[Meeting] = ()
    special: SpecialDay | None = None

    @property
    def is_weekend(self) -> bool:
        """Whether it is a Saturday or Sunday."""
        return self.date.weekday() >= 5

    @property
    def is_off(self) -> bool:
        """Whether nobody works: a holiday, or a weekend that does not make up for one."""
        return self.special.is_holiday if self.special else self.is_weekend


@dataclasses.dataclass(frozen=True)
class Grid:
    """Whole weeks around a day.

    Args:
        first: the day the view is named after (first of the month, Monday of the week).
        days: every day shown, whole weeks.
        previous, next: a day in the view before and after.
    """

    first: dt.date
    days: Sequence[Day]
    previous: dt.date
    next: dt.date

    @property
    def starts_at(self) -> dt.datetime:
        """The first moment shown, in the organisation's zone."""
        return start_of_day(self.days[0].date)

    @property
    def ends_at(self) -> dt.datetime:
        """The first moment not shown any more."""
        return start_of_day(self.days[-1].date + dt.timedelta(days=1))

    @property
    def last(self) -> dt.date:
        """The last day shown."""
        return self.days[-1].date

    @property
    def has_sessions(self) -> bool:
        """Whether the view holds any meeting of a session."""
        return any(day.meetings for day in self.days)

    def with_special(self, special: Mapping[dt.date, SpecialDay]) -> "Grid":
        """Return the grid with the holidays and working days among its days."""
        days = [dataclasses.replace(day, special=special.get(day.date)) for day in self.days]
        return dataclasses.replace(self, days=days)

    def with_meetings(self, meetings: Iterable[Meeting]) -> "Grid":
        """Return the grid with ``meetings`` on each day they touch, in order of time."""
        by_day: dict[dt.date, list[Meeting]] = {day.date: [] for day in self.days}
        for meeting in sorted(meetings, key=lambda meeting: meeting.starts_at):
            for day in days_of(meeting):
                if day in by_day:
                    by_day[day].append(meeting)
        days = [dataclasses.replace(day, meetings=tuple(by_day[day.date])) for day in self.days]
        return dataclasses.replace(self, days=days)


def days_of(meeting: Meeting) -> Iterator[dt.date]:
    """Yield the days of a meeting; an end at midnight belongs to the day before."""
    day = timezone.localdate(meeting.starts_at)
    last = timezone.localdate(meeting.ends_at - dt.timedelta(microseconds=1))
    while day <= last:
        yield day
        day += dt.timedelta(days=1)


def month_grid(day: dt.date) -> Grid:
    """Return the whole weeks that hold the month of ``day``."""
    first, today = day.replace(day=1), timezone.localdate()
    dates = calendar.Calendar().itermonthdates(first.year, first.month)
    days = [Day(date, is_within=date.month == first.month, is_today=date == today) for date in dates]
    return Grid(first, days, first - MONTH, first + MONTH)


def week_grid(day: dt.date) -> Grid:
    """Return the week of ``day``."""
    first, today = day + relativedelta(weekday=MO(-1)), timezone.localdate()
    dates = [first + dt.timedelta(days=offset) for offset in range(7)]
    return Grid(
        first, [Day(date, is_within=True, is_today=date == today) for date in dates], first - WEEK, first + WEEK
    )
