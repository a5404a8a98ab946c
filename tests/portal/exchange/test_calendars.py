"""Calendars: what is written, and that an independent parser agrees."""

import datetime as dt
import re

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.calendars import CalendarEvent, Mailbox, NaiveMoment, build_calendar, clean
from tests.libical import errors_in

START = dt.datetime(2026, 3, 18, 0, 30, tzinfo=dt.UTC)


def event(**changes) -> CalendarEvent:
    facts = {
        "uid": "6d1c9f2e-7a41-4f0e-9d6a-2b8a5d0c7e11",
        "starts_at": START,
        "ends_at": START + dt.timedelta(hours=9),
        "summary": "冷冻设备技术培训",
        "changed_at": START - dt.timedelta(days=3),
        "sequence": 2,
        "description": "第一行\n第二行；讲师：陈建国",
        "location": "成都市郫都区, 成环路1号; 二楼",
        "url": "https://portal.example/courses/sessions/7/",
        "remind_minutes": 60,
        "organiser": Mailbox("training@example.com", "培训部"),
    }
    return CalendarEvent(**facts | changes)


def lines_of(content: bytes) -> list[str]:
    """Return the unfolded lines."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_feed_says_its_name_and_how_often_to_come_back():
    lines = lines_of(build_calendar([event()], name="小林的培训", method="PUBLISH"))
    assert {
        "VERSION:2.0",
        "METHOD:PUBLISH",
        "NAME:小林的培训",
        "X-WR-CALNAME:小林的培训",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    } <= set(lines)


def test_event_carries_identity_sequence_times_and_reminder():
    lines = lines_of(build_calendar([event()]))
    assert {
        "UID:6d1c9f2e-7a41-4f0e-9d6a-2b8a5d0c7e11",
        "SEQUENCE:2",
        "DTSTART;TZID=Asia/Shanghai:20260318T083000",
        "DTEND;TZID=Asia/Shanghai:20260318T173000",
        "DTSTAMP:20260315T003000Z",
        "LAST-MODIFIED:20260315T003000Z",
        "STATUS:CONFIRMED",
        "TRIGGER:-PT1H",
        "ORGANIZER;CN=培训部:mailto:training@example.com",
        "URL:https://portal.example/courses/sessions/7/",
        r"LOCATION:成都市郫都区\, 成环路1号\; 二楼",
        r"DESCRIPTION:第一行\n第二行；讲师：陈建国",
    } <= set(lines)


def test_one_plain_time_zone_without_history():
    content = build_calendar([event(), event(uid="8")]).decode()
    assert content.count("BEGIN:VTIMEZONE") == 1
    assert "DAYLIGHT" not in content
    assert re.findall(r"TZOFFSETTO:(\S+)", content) == ["+0800"]


def test_no_parameters_that_trip_parsers():
    content = build_calendar([event(attendee="lin@example.com", attendee_name='小"林')]).decode()
    assert "LANGUAGE" not in content
    assert "ALTREP" not in content
    assert "ATTENDEE;CN=小林;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:lin@example.com" in lines_of(
        content.encode()
    )


def test_cancelled_and_tentative_events_say_so():
    cancelled = build_calendar([event(is_cancelled=True)]).decode()
    tentative = build_calendar([event(is_tentative=True)]).decode()
    assert "STATUS:CANCELLED" in cancelled
    assert "VALARM" not in cancelled
    assert "STATUS:TENTATIVE" in tentative
    assert "TRANSP:TRANSPARENT" in tentative


def test_naive_moment_is_refused():
    with pytest.raises(NaiveMoment):
        build_calendar([event(starts_at=dt.datetime(2026, 3, 18, 8, 30))])


def test_control_characters_go_and_line_ends_stay():
    assert clean("一\x0b二\x00三\r\n四\r五\u2028六\t七") == "一二三\n四\n五六\t七"


def test_same_events_give_the_same_bytes():
    first, second = (build_calendar([event()], name="培训") for _ in range(2))
    assert first == second != build_calendar([event(sequence=3)], name="培训")


@given(summary=st.text(), location=st.text(max_size=200), description=st.text(max_size=400))
def test_any_text_is_folded_at_75_octets_and_read_back_by_two_parsers(summary, location, description):
    content = build_calendar([event(summary=summary, location=location, description=description)])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        line.decode()
    (read,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert str(read.get("summary")).strip() == (clean(summary) or "-")
    count, _holds, text = errors_in(content)
    assert count == 0
    assert text.count("BEGIN:VEVENT") == 1


@pytest.mark.parametrize("method", ["PUBLISH", "REQUEST", "CANCEL"])
def test_libical_finds_nothing_wrong(method):
    facts = {"attendee": "lin@example.com", "attendee_name": "小林"} if method != "PUBLISH" else {}
    content = build_calendar([event(is_cancelled=method == "CANCEL", **facts)], name="培训", method=method)
    count, holds, _text = errors_in(content)
    assert (count, holds) == (0, True)
