"""Durations, telephone numbers and days as the portal writes them."""

import datetime as dt

import pytest
from django.utils import translation

from portal.templatetags.portal_format import hours, masked_mobile, org_day


@pytest.mark.parametrize(
    ("minutes", "chinese", "english"),
    [
        (480, "8 小时", "8 h"),
        (90, "1 小时 30 分钟", "1 h 30 min"),
        (45, "45 分钟", "45 min"),
        (0, "0 小时", "0 h"),
        (None, "", ""),
    ],
)
def test_minutes_are_written_as_hours(minutes, chinese, english):
    with translation.override("zh-hans"):
        assert hours(minutes) == chinese
    with translation.override("en"):
        assert hours(minutes) == english


@pytest.mark.parametrize(("number", "shown"), [("13800000001", "138****0001"), ("12345", ""), ("", ""), (None, "")])
def test_mobile_is_masked(number, shown):
    assert masked_mobile(number) == shown


def test_day_is_the_one_of_the_organisation():
    late = dt.datetime(2026, 3, 17, 17, 0, tzinfo=dt.UTC)
    with translation.override("zh-hans"):
        assert org_day(late) == "2026年3月18日"
        assert org_day(dt.date(2026, 3, 18)) == "2026年3月18日"
        assert org_day(None) == ""
