"""Months and weeks, Monday first."""

import datetime as dt

import time_machine
from hypothesis import given
from hypothesis import strategies as st

from courses.calendars.grid import month_grid, week_grid
from courses.models import Meeting

days = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2100, 12, 31))


@given(day=days)
def test_month_is_whole_weeks_from_monday_holding_every_day_once(day):
    grid = month_grid(day)
    dates = [field.date for field in grid.days]
    assert dates[0].weekday() == 0
    assert len(dates) % 7 == 0
    assert dates == [dates[0] + dt.timedelta(days=step) for step in range(len(dates))]
    assert {field.date.month for field in grid.days if field.is_within} == {day.month}
    assert day in dates
    assert month_grid(grid.next).previous == grid.first == month_grid(grid.previous).next


@given(day=days)
def test_week_is_seven_days_from_monday(day):
    grid = week_grid(day)
    assert [field.date.weekday() for field in grid.days] == list(range(7))
    assert day in [field.date for field in grid.days]


def meeting(start: str, end: str) -> Meeting:
    zone = dt.timezone(dt.timedelta(hours=8))
    return Meeting(
        starts_at=dt.datetime.fromisoformat(start).replace(tzinfo=zone),
        ends_at=dt.datetime.fromisoformat(end).replace(tzinfo=zone),
    )


def test_session_stands_on_every_day_it_touches_in_the_organisations_zone():
    early = meeting("2026-03-18 00:30", "2026-03-18 02:00")
    long = meeting("2026-03-19 08:30", "2026-03-21 00:00")
    grid = week_grid(dt.date(2026, 3, 18)).with_meetings([early, long])
    assert [list(field.meetings) for field in grid.days] == [[], [], [early], [long], [long], [], []]
    assert grid.has_sessions


@time_machine.travel("2026-03-17 17:00:00Z", tick=False)
def test_today_is_today_in_shanghai():
    (today,) = [field.date for field in week_grid(dt.date(2026, 3, 18)).days if field.is_today]
    assert today == dt.date(2026, 3, 18)
