"""What the demo of training puts in place."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.utils import timezone

from courses.demo import _course, running_since
from courses.models import Attendance, Session
from tests.factories.portal import PersonFactory

#: As the profile of the demo has it.
COURSE = json.loads(Path("portal/demo/profiles/kitchen/sessions.json").read_text())["course"]


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("09:10", "08:30"),
        ("15:20", "08:30"),
        ("15:40", "14:30"),
        ("22:20", "21:00"),
        ("05:00", "04:00"),
        ("00:20", "00:00"),
    ],
)
def test_todays_session_runs_at_whatever_hour_the_demo_is_loaded(time_machine, now, begins):
    day = dt.date(2026, 3, 18)
    time_machine.move_to(timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(now))), tick=False)
    start = running_since(dt.time(8, 30), dt.timedelta(hours=8))
    assert timezone.localtime(start) == timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(begins)))


@pytest.mark.parametrize("now", ["09:20", "23:10"])
def test_course_of_three_evenings_is_under_way(world, monkeypatch, time_machine, now):
    day = dt.date(2026, 3, 18)
    time_machine.move_to(timezone.make_aware(dt.datetime.combine(day, dt.time.fromisoformat(now))), tick=False)
    world.module.code = "TM-02"
    world.module.save()
    monkeypatch.setattr("courses.demo.trainers_of", lambda code: [world.trainer])
    for number in COURSE["people"]:
        PersonFactory(organisation=world.outlet, staff_number=number)
    assert (_course(COURSE), _course(COURSE)) == (1, 0)
    session = Session.objects.get()
    first, running, last = session.meetings.all()
    assert (session.state, first.is_over, running.has_begun, running.is_over, last.has_begun) == (
        "open",
        True,
        True,
        False,
        False,
    )
    assert len({one.place for one in (first, running, last)}) == 2
    assert Attendance.objects.filter(meeting=first).count() == len(COURSE["people"])
    assert Attendance.objects.filter(meeting=running).count() == COURSE["in_the_room"]
