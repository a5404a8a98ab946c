"""Meetings by a rule, and from another first day."""

import datetime as dt

from django.utils import timezone

from courses.enums import DayKind
from courses.models import SpecialDay
from courses.sessions.meetings.domain import MeetingPlan
from courses.sessions.meetings.repeating import from_day, repeated
from tests.courses.sessions.courses import DAY, HOUR, plans_of, spans


def test_repeated_weekly_without_holidays(db):
    first = MeetingPlan(
        starts_at=dt.datetime(2026, 9, 21, 0, 30, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 9, 21, 9, 30, tzinfo=dt.UTC),
        place="一号教室",
        break_minutes=60,
    )
    for day in (1, 5):
        SpecialDay.objects.create(day=dt.date(2026, 10, day), kind=DayKind.HOLIDAY, name="国庆节")
    # A worked weekend is no weekday of the rule, and takes nothing away from it.
    SpecialDay.objects.create(day=dt.date(2026, 9, 27), kind=DayKind.WORKING, name="国庆节")
    found = repeated(first, weekdays=[0, 3], count=4)
    assert [timezone.localdate(one.starts_at).isoformat() for one in found] == [
        "2026-09-24",
        "2026-09-28",
        "2026-10-08",
        "2026-10-12",
    ]
    assert {(one.ends_at - one.starts_at, one.break_minutes, one.place, one.key) for one in found} == {
        (9 * HOUR, 60, "一号教室", None)
    }


def test_a_copy_begins_on_another_day_and_keeps_the_days_between(make_session):
    plans = plans_of(make_session(meetings=spans(timezone.now() + DAY, days=(0, 1, 5))))
    day = timezone.localdate(plans[0].starts_at) + 30 * DAY
    copied = from_day(plans, day)
    assert [one.starts_at - old.starts_at for one, old in zip(copied, plans, strict=True)] == [30 * DAY] * 3
    assert {one.key for one in copied} == {None}


def test_a_rule_ends_where_a_course_would_last_too_long(db):
    begins = dt.datetime(2026, 9, 21, 0, 30, tzinfo=dt.UTC)
    first = MeetingPlan(starts_at=begins, ends_at=begins + HOUR, place="一号教室")
    found = repeated(first, weekdays=[0], count=59)
    assert 50 < len(found) < 59
    assert found[-1].ends_at - begins <= dt.timedelta(days=400)
