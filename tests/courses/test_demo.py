"""What the demo of training puts in place."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.demo import running_since


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
