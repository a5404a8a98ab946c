"""A course of three meetings under way."""

import pytest
from django.utils import timezone

from courses.enums import SessionState
from courses.models import Session
from tests.courses.sessions.courses import DAY, HOUR, spans


@pytest.fixture
def start():
    """Half past eight in a week."""
    return (timezone.now() + 7 * DAY).replace(hour=0, minute=30, second=0, microsecond=0)


@pytest.fixture
def running(world, make_session, start, time_machine):
    """A course of three meetings whose first one is over, check-in open."""
    course = make_session(meetings=spans(start), break_minutes=0)
    time_machine.move_to(start + 4 * HOUR, tick=False)
    Session.objects.filter(pk=course.pk).update(state=SessionState.OPEN)
    return Session.objects.get(pk=course.pk)
