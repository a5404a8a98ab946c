"""Reminders of meetings: a day before each, once."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from courses.evaluations.reminders import remind_of_sessions
from courses.models import Session
from tests.courses.sessions.courses import DAY, HOUR, spans
from tests.factories.courses import EnrolmentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(world, make_session, time_machine):
    """Two meetings, the first one tomorrow, the second a week later; the technician has a seat."""
    start = timezone.now().replace(hour=0, minute=30, second=0, microsecond=0) + 2 * DAY
    time_machine.move_to(start - 20 * HOUR, tick=False)
    session = make_session(meetings=spans(start, days=(0, 7)), title="两次课")
    EnrolmentFactory(session=session, person=world.technician)
    return session


def letters():
    return [letter for letter in mail.outbox if "lin@example.com" in letter.to[0]]


def test_each_meeting_is_reminded_of_once(course, time_machine):
    remind_of_sessions()
    remind_of_sessions()
    (first,) = letters()
    assert "两次课 1/2" in first.body
    Session.objects.update(state="open")
    time_machine.move_to(course.starts_at + 7 * DAY - 20 * HOUR, tick=False)
    assert (remind_of_sessions() > 0, remind_of_sessions()) == (True, 0)
    second = letters()[-1]
    day = timezone.localdate(course.starts_at + dt.timedelta(days=7))
    assert "两次课 2/2" in second.body
    assert f"{day.month}月{day.day}日" in second.subject


def test_between_meetings_nobody_is_reminded(course, time_machine):
    Session.objects.update(state="open")
    time_machine.move_to(course.starts_at + 2 * DAY, tick=False)
    assert remind_of_sessions() == 0
