"""Letters about one seat to one person: each newer than the last, whatever happens to the seat and to the session."""

import datetime as dt
from itertools import pairwise

import pytest
from django.core import mail
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from courses.enums import EnrolmentState, Notice
from courses.models import Enrolment
from courses.sessions.letters.invitations import compose_invitation, invitations_of, is_outdated, send_invitation
from courses.sessions.letters.notices import stamp, tell, tell_everybody
from courses.sessions.scheduling.domain import cancel_session, reschedule_session
from courses.sessions.seats.domain import book_seat, cancel_seat
from courses.sessions.seats.freeing import free_seats
from courses.sessions.tasks import send_notice
from tests import itip
from tests.courses.sessions.parsed_letters import calendar_in
from tests.factories.courses import EnrolmentFactory, SessionFactory
from tests.factories.portal import AssignmentFactory, PersonFactory
from tests.libical import errors_in

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def letters(commit):
    """Return a function doing something and returning the events of the letters that went to the technician."""

    def make(*acts):
        before = len(mail.outbox)
        for act in acts:
            with commit():
                act()
        return [
            itip.events_of(itip.read(calendar_in(letter)))[0]
            for letter in mail.outbox[before:]
            if "lin@example.com" in letter.to[0]
        ]

    return make


def numbers(events) -> list[int]:
    return [int(event.value("SEQUENCE")) for event in events]


def stamps(events) -> list[str]:
    return [event.value("DTSTAMP") for event in events]


def grows(values) -> bool:
    return all(before < after for before, after in pairwise(values))


@pytest.fixture
def book(world):
    """Return a function booking the technician into a session."""
    return lambda session: book_seat(session, world.technician, by=world.technician)


@pytest.fixture
def leave(world):
    """Return a function giving the technician's place back."""
    return lambda session: cancel_seat(session.enrolments.get(person=world.technician), by=world.technician)


def test_book_leave_book(make_session, letters, book, leave):
    session = make_session()
    events = letters(lambda: book(session), lambda: leave(session), lambda: book(session), lambda: leave(session))
    assert numbers(events) == [0, 1, 2, 3]
    assert grows(stamps(events))
    assert {event.value("UID") for event in events} == {str(session.uid)}


def test_in_one_and_the_same_second(make_session, letters, book, leave, time_machine):
    time_machine.move_to("2026-03-18T04:00:00.700Z", tick=False)
    session = make_session()
    events = letters(lambda: book(session), lambda: leave(session), lambda: book(session))
    assert stamps(events) == ["20260318T040000Z", "20260318T040001Z", "20260318T040002Z"]


def test_waitlist_then_moved_up(world, make_session, letters, book):
    session = make_session(capacity=1)
    first = PersonFactory(organisation=world.outlet)
    seat = book_seat(session, first, by=first)
    events = letters(lambda: book(session), lambda: cancel_seat(seat, by=first))
    assert [event.value("STATUS") for event in events] == ["TENTATIVE", "CONFIRMED"]
    assert numbers(events) == [0, 1]
    assert grows(stamps(events))


def test_waitlist_left_and_joined_again_and_moved_up(world, make_session, letters, book, leave):
    session = make_session(capacity=1)
    first = PersonFactory(organisation=world.outlet)
    seat = book_seat(session, first, by=first)
    acts = [lambda: book(session), lambda: leave(session), lambda: book(session), lambda: cancel_seat(seat, by=first)]
    events = letters(*acts)
    assert numbers(events) == [0, 1, 2, 3]
    assert grows(stamps(events))


def test_reschedule_between_booking_and_leaving(world, make_session, letters, book, leave):
    session = make_session()

    def move(place):
        return lambda: reschedule_session(session, by=world.trainer, place=place)

    acts = [
        lambda: book(session),
        move("二号"),
        move("三号"),
        lambda: leave(session),
        move("四号"),
        lambda: book(session),
    ]
    events = letters(*acts)
    assert numbers(events) == [0, 1, 2, 3, 5]
    assert grows(stamps(events))


def test_session_called_off_after_all_that(world, make_session, letters, book, leave):
    session = make_session()
    acts = [lambda: book(session), lambda: leave(session), lambda: book(session)]
    events = letters(*acts, lambda: cancel_session(session, by=world.trainer, reason="讲师生病"))
    assert numbers(events) == [0, 1, 2, 3]
    assert events[-1].value("STATUS") == "CANCELLED"
    assert grows(stamps(events))


def test_rescheduled_and_moved_up_at_once_is_one_letter(world, make_session, letters, book):
    session = make_session(capacity=1)
    EnrolmentFactory(session=session)
    events = letters(
        lambda: book(session), lambda: reschedule_session(session, by=world.trainer, place="大教室", capacity=9)
    )
    assert numbers(events) == [0, 2]
    assert [event.value("LOCATION") for event in events] == [session.place, "大教室"]
    assert events[-1].value("STATUS") == "CONFIRMED"


def test_seat_freed_by_the_portal_is_a_letter_like_any_other(world, make_session, letters, book):
    session = make_session()

    def end_all_posts():
        world.technician.assignments.all().delete()
        from_past = {"start": dt.date(2020, 1, 1), "end": dt.date(2020, 2, 1)}
        AssignmentFactory(person=world.technician, **from_past)

    events = letters(lambda: book(session), end_all_posts)
    assert numbers(events) == [0, 1]
    assert free_seats() == []


def test_file_of_a_session_one_left_is_newer_than_the_letter_that_took_it_away(
    client_of, world, make_session, letters, book, leave
):
    session = make_session()
    events = letters(lambda: book(session), lambda: leave(session))
    content = client_of(world.technician).get(f"/courses/sessions/{session.pk}.ics").content
    (event,) = itip.events_of(itip.read(content))
    assert int(event.value("SEQUENCE")) >= numbers(events)[-1]
    assert event.value("STATUS") == "CONFIRMED"


def test_persons_feed_and_letter_say_the_same_sequence(world, make_session, letters, book, leave, client_of):
    session = make_session()
    events = letters(lambda: book(session), lambda: leave(session), lambda: book(session))
    enrolment = session.enrolments.get()
    assert enrolment.calendar_sequence == numbers(events)[-1] == 2


def test_letter_overtaken_by_a_later_change_is_left_out(world, make_session):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician, sequence=3)
    assert send_notice.call(enrolment.pk, Notice.BOOKED, 2) is False
    assert send_notice.call(enrolment.pk, Notice.BOOKED, 3) is True


def test_letter_sent_again_is_the_same_letter(world, make_session):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician)
    first, second = (compose_invitation(enrolment, Notice.BOOKED) for _ in range(2))
    assert calendar_in(first) == calendar_in(second)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_stamp_is_a_second_later_each_time(time_machine, times):
    time_machine.move_to("2026-03-18T04:00:00.999Z", tick=False)
    enrolment = Enrolment()
    for _ in range(times):
        stamp(enrolment)
    assert enrolment.stamped_at == dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC) + (times - 1) * SECOND


def test_stamp_follows_the_clock_when_that_is_ahead(time_machine):
    time_machine.move_to("2026-03-18T04:00:00Z", tick=False)
    enrolment = Enrolment()
    stamp(enrolment)
    time_machine.shift(60)
    stamp(enrolment)
    assert enrolment.stamped_at == dt.datetime(2026, 3, 18, 4, 1, tzinfo=dt.UTC)


def test_notice_to_everybody_stamps_each_place_and_takes_few_queries(make_session, django_assert_num_queries):
    session = make_session()
    EnrolmentFactory.create_batch(3, session=session)
    EnrolmentFactory(session=session, state=EnrolmentState.CANCELLED)
    with django_assert_num_queries(2):
        tell_everybody(session, Notice.RESCHEDULED)
    assert session.enrolments.filter(stamped_at__isnull=False).count() == 3


def test_nothing_is_queued_about_what_is_over(make_session, django_capture_on_commit_callbacks, time_machine):
    session = make_session()
    enrolment = EnrolmentFactory(session=session)
    time_machine.move_to(session.ends_at)
    with django_capture_on_commit_callbacks() as waiting:
        tell(enrolment, Notice.LEFT)
    assert waiting == []


# --- all ways at once -----------------------------------------------------------------------------------------


class Seat(RuleBasedStateMachine):
    """One person, one session, any order of what can happen to both."""

    def __init__(self) -> None:
        super().__init__()
        self.session = SessionFactory(capacity=1)
        self.trainer = self.session.trainer
        self.person = PersonFactory(organisation=self.session.organisation, email="lin@example.com")
        self.other = PersonFactory(organisation=self.session.organisation)
        self.sent: list[tuple[int, str]] = []
        self.told = (-1, "")

    def own(self) -> Enrolment | None:
        return Enrolment.objects.filter(session=self.session, person=self.person).first()

    def is_off(self) -> bool:
        self.session.refresh_from_db()
        return self.session.state == "cancelled"

    @precondition(lambda self: not self.is_off())
    @rule()
    def book(self) -> None:
        book_seat(self.session, self.person, by=self.person)

    @precondition(lambda self: not self.is_off() and self.own() is not None)
    @rule()
    def leave(self) -> None:
        cancel_seat(self.own(), by=self.person)

    @precondition(lambda self: not self.is_off())
    @rule(books=st.booleans())
    def other_comes_or_goes(self, books) -> None:
        if books:
            book_seat(self.session, self.other, by=self.other)
        elif found := Enrolment.objects.filter(session=self.session, person=self.other).first():
            cancel_seat(found, by=self.other)

    @precondition(lambda self: not self.is_off())
    @rule(place=st.sampled_from(["一号", "二号"]))
    def move(self, place) -> None:
        reschedule_session(self.session, by=self.trainer, place=place)

    @precondition(lambda self: not self.is_off())
    @rule()
    def call_off(self) -> None:
        cancel_session(self.session, by=self.trainer, reason="停电")

    @rule()
    def wait(self) -> None:
        self.session.refresh_from_db()

    @invariant()
    def every_change_is_newer(self) -> None:
        own = self.own()
        if own is None:
            return
        now = (own.calendar_sequence, own.state, own.session.place, own.session.state)
        if now[1:] != self.told[1:]:
            assert now[0] > self.told[0]
            notice = Notice.LEFT if own.state == EnrolmentState.CANCELLED else Notice.BOOKED
            event = itip.events_of(itip.read(invitations_of(own, notice)[0].content))[0]
            assert not self.sent or (event.value("DTSTAMP") > self.sent[-1][1]) or own.state == EnrolmentState.CANCELLED
            self.sent.append((now[0], event.value("DTSTAMP")))
        self.told = now


@pytest.mark.django_db
def test_any_order_of_events_makes_sequences_that_grow():
    quick = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Seat, settings=quick)


# --- every letter before two judges ----------------------------------------------------------------------------


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("state", list(EnrolmentState))
@pytest.mark.parametrize("session_state", ["scheduled", "cancelled"])
def test_every_letter_holds_before_two_parsers(world, make_session, notice, state, session_state):
    session = make_session(state=session_state, title="冷冻设备, 一期; “上”", place="A室\n二楼", note="带\x0b工具")
    enrolment = EnrolmentFactory(session=session, person=world.technician, state=state)
    if is_outdated(enrolment, notice):
        assert send_invitation(enrolment, notice) is False
        return
    content = calendar_in(compose_invitation(enrolment, notice))
    assert errors_in(content)[:2] == (0, True)
    assert itip.complaints(content) == []


def test_judge_sees_what_is_wrong(world, make_session):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician)
    content = invitations_of(enrolment, Notice.BOOKED)[0].content
    broken = content.replace(b"METHOD:REQUEST", b"METHOD:CANCEL").replace(b"ORGANIZER;CN=", b"ORGANIZER;X=")
    assert itip.complaints(broken) == ["CANCEL with STATUS:CONFIRMED", "ORGANIZER without CN"]
