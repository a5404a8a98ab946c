"""When a session is, in words."""

import datetime as dt

import pytest
from django.utils import translation

from courses.models import Session
from courses.sessions.wording import written_time

START = dt.datetime(2026, 3, 18, 0, 30, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "written"),
    [
        (9, "2026年3月18日（星期三）08:30–17:30"),
        (0.5, "2026年3月18日（星期三）08:30–09:00"),
        (16, "2026年3月18日（星期三）08:30–2026年3月19日 00:30"),
        (33, "2026年3月18日（星期三）08:30–2026年3月19日 17:30"),
    ],
)
def test_time_in_chinese(hours, written):
    with translation.override("zh-hans"):
        assert written_time(Session(starts_at=START, ends_at=START + hours * HOUR)) == written


def test_time_in_english_names_the_day_of_the_week():
    with translation.override("en"):
        assert "Wednesday" in written_time(Session(starts_at=START, ends_at=START + HOUR))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_day_is_the_organisations_whatever_wrote_the_moment(zone):
    from_elsewhere = START.astimezone(dt.timezone(dt.timedelta(hours={"UTC": 0, "Europe/Berlin": 1}.get(zone, -4))))
    session = Session(starts_at=from_elsewhere, ends_at=from_elsewhere + HOUR)
    assert "08:30–09:30" in written_time(session)
