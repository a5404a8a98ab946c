"""Each meeting stands in calendars, feeds, letters, month, week and schedule as itself."""

import uuid

import icalendar
import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from courses.calendars.feeds import Feed, FeedSubject
from courses.enums import EnrolmentState, FeedKind, Notice, SessionState
from courses.models import Session
from courses.sessions.letters.invitations import invitations_of
from courses.sessions.scheduling.domain import cancel_session, reschedule_session
from courses.sessions.seats.domain import book_seat, cancel_seat
from courses.sessions.sheets import sheets_of
from tests.courses.sessions.courses import DAY, HOUR, plans_of, spans
from tests.courses.sessions.parsed_letters import calendar_in, message_of
from tests.factories.courses import EnrolmentFactory, PlaceFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines


@pytest.fixture
def start():
    """Half past eight in a week."""
    return (timezone.now() + 7 * DAY).replace(hour=0, minute=30, second=0, microsecond=0)


@pytest.fixture
def course(make_session, start):
    """Three meetings on three days."""
    return make_session(meetings=spans(start, hours=4), break_minutes=0, title="三次课")


def events_in(content):
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def feed_of(person, kind=FeedKind.PERSON, pk=None):
    return Feed(type(person).objects.get(pk=person.pk), FeedSubject(kind, pk or person.pk))


@pytest.fixture
def seat(world, course, commit):
    """The technician's seat in the course; the letter is sent."""
    with commit():
        return book_seat(course, world.technician, by=world.technician)


def test_feed_has_an_event_a_meeting_the_first_known_as_the_session(world, course, seat, start):
    events = events_in(feed_of(world.technician).build())
    assert [(str(one["summary"]), one["dtstart"].dt) for one in events] == [
        (f"三次课 {number}/3", begins) for number, (begins, _ends) in enumerate(spans(start), start=1)
    ]
    assert str(events[0]["uid"]) == str(course.uid)
    assert len({str(one["uid"]) for one in events}) == 3


def test_a_dropped_meeting_is_cancelled_with_a_later_sequence(world, course, seat, start, time_machine):
    feed = feed_of(world.technician)
    before = {str(one["uid"]): one for one in events_in(feed.build())}
    tag = feed.tag
    plans = plans_of(course)
    reschedule_session(course, by=world.trainer, meetings=[plans[0], plans[2]])
    fresh = feed_of(world.technician)
    assert fresh.tag != tag
    after = {str(one["uid"]): one for one in events_in(fresh.build())}
    assert after.keys() == before.keys()
    gone = next(one for one in after.values() if one["dtstart"].dt == start + DAY)
    assert str(gone["status"]) == "CANCELLED"
    assert all(after[uid]["sequence"] > before[uid]["sequence"] for uid in after)
    assert [str(one["status"]) for one in after.values()].count("CONFIRMED") == 2
    time_machine.move_to(timezone.now() + 46 * DAY)
    assert len(events_in(feed_of(world.technician).build())) == 2


def test_feed_of_a_room_has_the_meetings_held_there(world, course, start):
    room = PlaceFactory(name="实训车间")
    course.meetings.filter(number=2).update(place="实训车间", place_record=room)
    events = events_in(feed_of(world.manager, FeedKind.PLACE, room.pk).build())
    assert [(one["dtstart"].dt, str(one["location"])) for one in events] == [(start + DAY, "实训车间")]


def test_feeds_show_no_cancellation_of_what_they_never_showed(world, course, seat, start, time_machine):
    """A room is told of the meetings dropped there, a person of those dropped since they booked."""
    rooms = [PlaceFactory(name=name) for name in ("实训车间", "二号教室")]
    for number, room in enumerate(rooms, start=1):
        course.meetings.filter(number=number).update(place=room.name, place_record=room)
    _first, second, third = plans_of(course)
    moved = reschedule_session(course, by=world.trainer, meetings=[second, third])
    time_machine.move_to(timezone.now() + HOUR, tick=False)
    late = EnrolmentFactory(session=moved, booked_at=timezone.now()).person
    cancelled = [
        [one["dtstart"].dt for one in events_in(feed.build()) if str(one.get("status")) == "CANCELLED"]
        for feed in (
            *(feed_of(world.manager, FeedKind.PLACE, room.pk) for room in rooms),
            *(feed_of(person) for person in (world.technician, late)),
        )
    ]
    # The other room has a meeting of this session still, the first one has none any more.
    assert cancelled == [[start], [], [start], []]


def test_file_of_a_session_holds_all_meetings(world, course, client_of):
    answer = client_of(world.technician).get(reverse("courses:session_calendar", args=[course.pk]))
    assert len(events_in(answer.content)) == 3


def test_booking_letter_lists_the_meetings_and_carries_a_request_for_each(world, seat):
    (letter,) = mail.outbox
    for number in (1, 2, 3):
        assert f"第 {number} 次课：" in letter.body
    files = [part for part in message_of(letter).walk() if part.get_filename()]
    assert [part.get_filename() for part in files] == ["invite.ics", "invite-2.ics", "invite-3.ics"]
    calendars = [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in files]
    assert [str(one["method"]) for one in calendars] == ["REQUEST"] * 3
    assert [len(one.walk("VEVENT")) for one in calendars] == [1, 1, 1]
    assert "附带 3 份日历邀请" in letter.body
    assert "即可将该场次加入日历" not in letter.body
    assert events_in(calendar_in(letter))[0]["uid"] == str(seat.session.uid)


def test_change_letter_sets_old_and_new_side_by_side_and_cancels_what_is_dropped(world, course, seat, start, commit):
    mail.outbox.clear()
    first, _second, third = plans_of(course)
    gone = course.meetings.get(number=2).uid
    with commit():
        reschedule_session(course, by=world.trainer, meetings=[first, third.moved(DAY, key=third.key)])
    (letter,) = [one for one in mail.outbox if "lin@example.com" in one.to[0]]
    day = timezone.localdate(start + 2 * DAY)
    assert f"第 2 次课：原 {day.year}年{day.month}月{day.day}日" in letter.body
    assert "第 1 次课（不变）" in letter.body
    assert "取消：" in letter.body
    made = invitations_of(seat, Notice.RESCHEDULED)
    assert [one.method for one in made] == ["REQUEST", "REQUEST", "CANCEL"]
    (event,) = events_in(made[2].content)
    assert (str(event["uid"]), str(event["status"])) == (str(gone), "CANCELLED")


def test_an_overtaken_letter_loses_no_cancellation(world, course, seat, commit):
    mail.outbox.clear()
    first, _second, third = plans_of(course)
    with commit():
        moved = reschedule_session(course, by=world.trainer, meetings=[first, third])
        reschedule_session(moved, by=world.trainer, title="改名")
    (letter,) = [one for one in mail.outbox if "lin@example.com" in one.to[0]]
    methods = [part.get_param("method") for part in message_of(letter).walk() if part.get_filename()]
    assert methods == ["REQUEST", "REQUEST", "CANCEL"]


def methods_in(letter):
    return [part.get_param("method") for part in message_of(letter).walk() if part.get_filename()]


@pytest.mark.parametrize("act", ["move_up", "leave", "cancel", "rename", "late"])
def test_whatever_overtakes_the_letter_takes_dropped_meetings_away_once(world, course, seat, commit, time_machine, act):
    """The letter of a change is left out when the next change overtakes it, or sent days later."""
    if act == "move_up":
        course.enrolments.filter(pk=seat.pk).update(state=EnrolmentState.WAITLISTED)
        EnrolmentFactory(session=course)
        Session.objects.filter(pk=course.pk).update(capacity=1)
    first, second, _third = plans_of(course)
    mail.outbox.clear()
    with commit():
        seats = {"capacity": 2} if act == "move_up" else {}
        moved = reschedule_session(course, by=world.trainer, meetings=[first, second], **seats)
        if act == "leave":
            cancel_seat(seat, by=world.technician)
        elif act == "cancel":
            cancel_session(moved, by=world.trainer, reason="停电")
        elif act == "rename":
            reschedule_session(moved, by=world.trainer, title="改名")
        elif act == "late":
            time_machine.move_to(timezone.now() + 2 * DAY)
    (letter,) = [one for one in mail.outbox if "lin@example.com" in one.to[0]]
    own = "CANCEL" if act in ("leave", "cancel") else "REQUEST"
    assert methods_in(letter) == [own, own, "CANCEL"]
    seat.refresh_from_db()
    assert [one.method for one in invitations_of(seat, Notice.RESCHEDULED)] == ["REQUEST"] * 2


def test_who_books_later_or_again_is_told_of_what_their_calendar_may_show(world, course, seat, commit):
    first, _second, third = plans_of(course)
    mail.outbox.clear()
    with commit():
        cancel_seat(seat, by=world.technician)
        moved = reschedule_session(course, by=world.trainer, meetings=[first, third])
        book_seat(moved, world.technician, by=world.technician)
        new = book_seat(moved, PersonFactory(organisation=world.outlet, email="new@example.com"), by=world.trainer)
    letters = {one.to[0].rpartition("<")[2].rstrip(">"): methods_in(one) for one in mail.outbox}
    assert letters["lin@example.com"] == ["REQUEST", "REQUEST", "CANCEL"]
    assert letters["new@example.com"] == ["REQUEST", "REQUEST"]
    assert new.is_seated


@pytest.mark.parametrize("act", ["session", "seat"])
def test_calling_off_takes_every_meeting_away(world, course, seat, commit, act):
    mail.outbox.clear()
    with commit():
        if act == "session":
            cancel_session(course, by=world.trainer, reason="停电")
        else:
            cancel_seat(seat, by=world.technician)
    letter = next(one for one in mail.outbox if "lin@example.com" in one.to[0])
    methods = [part.get_param("method") for part in message_of(letter).walk() if part.get_filename()]
    assert methods == ["CANCEL"] * 3


def test_one_day_is_one_event_with_the_uid_it_always_had(world, make_session):
    session = make_session()
    own = EnrolmentFactory(session=session, person=world.technician)
    (made,) = invitations_of(own, Notice.BOOKED)
    (event,) = events_in(made.content)
    assert (str(event["uid"]), str(event["summary"])) == (str(session.uid), session.title)
    assert uuid.UUID(str(event["uid"]))


# --- pages -----------------------------------------------------------------------------------------------


def test_month_and_list_name_each_meeting(world, course, seat, client_of, start):
    client = client_of(world.technician)
    day = timezone.localdate(start)
    page = client.get(reverse("courses:calendar"), {"date": (day + DAY).isoformat(), "view": "week", "show": "mine"})
    shown = {field.date: [one.label for one in field.meetings] for field in page.context["grid"].days}
    assert shown[day + DAY] == ["2/3"]
    assert "课次 1/3" in client.get(reverse("courses:sessions")).text
    assert "课次 1/3" in client.get(reverse("courses:my")).text
    text = client.get(course.get_absolute_url()).text
    assert all(f"{number}/3" in text for number in (1, 2, 3))


def test_schedule_has_a_card_a_meeting_in_the_lane_of_its_room(world, course, client_of, start):
    room = PlaceFactory(name="实训车间")
    course.meetings.filter(number=2).update(place="实训车间", place_record=room)
    facts = {"date": timezone.localdate(start).isoformat(), "view": "rooms"}
    page = client_of(world.trainer).get(reverse("courses:schedule"), facts)
    lanes = {
        lane.name: [card.meeting.label for cell in lane.cells for card in cell.cards]
        for lane in page.context["board"].lanes
    }
    assert (lanes["实训车间"], lanes["其他地点"]) == (["2/3"], ["1/3", "3/3"])
    assert f"?meeting={course.meetings.get(number=2).pk}" in page.text


def test_a_card_moves_its_meeting_alone(world, course, client_of, start):
    third = course.meetings.get(number=3)
    address = reverse("courses:session_move", args=[course.pk])
    day = timezone.localdate(start + 4 * DAY).isoformat()
    typed = {"day": day, "time": "13:30", "trainer": world.trainer.pk, "place": third.place}
    client_of(world.trainer).post(f"{address}?meeting={third.pk}", typed)
    session = Session.objects.get(pk=course.pk)
    assert session.starts_at == start
    assert session.meetings.get(pk=third.pk).starts_at == start + 4 * DAY + 5 * HOUR
    assert client_of(world.trainer).get(f"{address}?meeting=0").status_code == 404


def test_roster_has_a_tab_a_meeting_and_buttons_for_the_present_one(world, course, client_of, start, time_machine):
    seat = EnrolmentFactory(session=course, person=world.technician)
    Session.objects.filter(pk=course.pk).update(state=SessionState.OPEN)
    time_machine.move_to(start + DAY, tick=False)
    client, address = client_of(world.trainer), reverse("courses:attendance", args=[course.pk])
    second, third = (course.meetings.get(number=number) for number in (2, 3))
    page = client.get(address)
    assert page.context["meeting"] == second
    assert [tab.active for tab in page.context["meeting_tabs"]] == [False, True, False]
    mark = reverse("courses:mark", args=[seat.pk, "check-in"])
    assert f"{mark}?meeting={second.pk}" in page.text
    assert mark not in client.get(f"{address}?meeting={third.pk}").text
    client.post(f"{mark}?meeting={second.pk}")
    assert [one.meeting for one in seat.attendances.all()] == [second]
    day = timezone.localdate(start).isoformat()
    typed = {"enrolment": seat.pk, "came": f"{day}T08:30", "went": f"{day}T11:30"}
    first = course.meetings.get(number=1)
    paper = reverse("courses:paper", args=[course.pk])
    answer = client.post(f"{paper}?meeting={first.pk}", typed)
    assert answer["Location"] == f"{address}?meeting={first.pk}"
    assert seat.meetings_attended == 2


@pytest.mark.parametrize(("count", "sheets"), [(3, 1), (4, 4)])
def test_sign_in_sheets(world, make_session, client_of, start, count, sheets):
    course = make_session(meetings=spans(start, days=range(count)))
    facts = sheets_of(course)
    assert 1 + len(facts.get("further", ())) == sheets
    assert [one.label for one in facts["meetings"]] == (["1/3", "2/3", "3/3"] if sheets == 1 else [])
    answer = client_of(world.trainer).get(reverse("courses:sign_in_sheet", args=[course.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
