"""Seats: booked, waited for, given back, never too many."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Enrolment
from courses.sessions.attendance.domain import check_in
from courses.sessions.errors.attendance import AlreadyThere
from courses.sessions.errors.seats import NotHeldForYou, SessionFull, TeachesThere
from courses.sessions.errors.states import NotYourSession, SessionCancelled, SessionStarted, WrongState
from courses.sessions.seats.domain import book_seat, cancel_seat, seat_walk_in
from portal.models import AuditEvent
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines

SEATED, WAITLISTED, CANCELLED = EnrolmentState.SEATED, EnrolmentState.WAITLISTED, EnrolmentState.CANCELLED


def states_of(session) -> list[str]:
    return list(session.enrolments.order_by("place_in_line").values_list("state", flat=True))


def test_book_seat_gives_a_seat_while_there_is_one_then_the_waitlist(world, make_session):
    session = make_session(capacity=2)
    people = PersonFactory.create_batch(4, organisation=world.outlet)
    booked = [book_seat(session, person, by=person) for person in people]
    assert [enrolment.state for enrolment in booked] == [SEATED, SEATED, WAITLISTED, WAITLISTED]


def test_book_seat_twice_is_the_same_place_and_one_record(world, make_session):
    session = make_session()
    first, second = (book_seat(session, world.technician, by=world.technician) for _ in range(2))
    assert first == second
    assert AuditEvent.objects.filter(action="courses.seat_booked").count() == 1


def test_book_seat_after_leaving_stands_at_the_end_of_the_line(world, make_session):
    session = make_session(capacity=1)
    first, second, third = PersonFactory.create_batch(3, organisation=world.outlet)
    seat = book_seat(session, first, by=first)
    book_seat(session, second, by=second)
    cancel_seat(seat, by=first)
    book_seat(session, third, by=third)
    book_seat(session, first, by=first)
    line = session.enrolments.filter(state=WAITLISTED).order_by("place_in_line")
    assert [enrolment.person for enrolment in line] == [third, first]
    assert session.enrolments.get(state=SEATED).person == second


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"state": SessionState.CANCELLED}, SessionCancelled),
        ({"state": SessionState.CLOSED}, WrongState),
        ({"state": SessionState.OPEN}, SessionStarted),
        ({"starts_at": timezone.now() - dt.timedelta(minutes=1)}, SessionStarted),
        ({"audience": "restricted"}, NotHeldForYou),
    ],
)
def test_book_seat_is_refused_by_state_time_and_audience(world, make_session, changes, error):
    session = make_session(**changes)
    with pytest.raises(error):
        book_seat(session, world.technician, by=world.technician)
    assert not session.enrolments.exists()


def test_book_seat_is_refused_to_other_branches_customers_and_those_who_left(world, make_session):
    session = make_session()
    gone = PersonFactory(organisation=world.outlet, is_active=False)
    for person in (world.stranger, world.contact, gone):
        with pytest.raises(NotHeldForYou):
            book_seat(session, person, by=person)


def test_customers_people_book_what_is_held_for_them(world, make_session):
    session = make_session(organisation=world.customer, audience="customers")
    assert book_seat(session, world.contact, by=world.contact).state == SEATED
    with pytest.raises(NotHeldForYou):
        book_seat(session, world.technician, by=world.technician)


def test_trainer_takes_no_seat_in_the_own_session(world, make_session):
    with pytest.raises(TeachesThere):
        book_seat(make_session(), world.trainer, by=world.trainer)


def test_nobody_books_for_somebody_else_but_those_who_run_the_session(world, make_session):
    session = make_session()
    colleague = PersonFactory(organisation=world.outlet)
    for intruder in (colleague, world.other_manager, world.auditor):
        with pytest.raises(NotYourSession):
            book_seat(session, world.technician, by=intruder)
    assert book_seat(session, world.technician, by=world.manager).booked_by == world.manager


def test_cancel_seat_lets_the_first_who_waits_move_up(world, make_session):
    session = make_session(capacity=1)
    people = PersonFactory.create_batch(3, organisation=world.outlet)
    booked = [book_seat(session, person, by=person) for person in people]
    cancel_seat(booked[0], by=people[0])
    assert states_of(session) == [CANCELLED, SEATED, WAITLISTED]
    cancel_seat(booked[0], by=people[0])
    assert states_of(session) == [CANCELLED, SEATED, WAITLISTED]


def test_cancel_seat_from_the_waitlist_moves_nobody(world, make_session):
    session = make_session(capacity=1)
    people = PersonFactory.create_batch(3, organisation=world.outlet)
    booked = [book_seat(session, person, by=person) for person in people]
    cancel_seat(booked[1], by=people[1])
    assert states_of(session) == [SEATED, CANCELLED, WAITLISTED]


def test_cancel_seat_is_refused_to_others_and_after_the_start(world, make_session, open_session):
    enrolment = EnrolmentFactory(session=make_session(), person=world.technician)
    for intruder in (world.stranger, world.other_manager, PersonFactory(organisation=world.outlet)):
        with pytest.raises(NotYourSession):
            cancel_seat(enrolment, by=intruder)
    begun = EnrolmentFactory(
        session=make_session(starts_at=timezone.now() - dt.timedelta(hours=1)), person=world.technician
    )
    with pytest.raises(SessionStarted):
        cancel_seat(begun, by=world.technician)


def test_cancel_seat_is_refused_once_the_person_is_there(world, open_session, time_machine):
    time_machine.move_to(open_session.starts_at + dt.timedelta(hours=1))
    enrolment = EnrolmentFactory(session=open_session, person=world.technician)
    check_in(enrolment, by=world.trainer)
    with pytest.raises(AlreadyThere):
        cancel_seat(enrolment, by=world.trainer)


def test_walk_in_takes_a_free_chair_and_none_that_is_not_there(world, make_session):
    session = make_session(capacity=1, state=SessionState.OPEN, starts_at=timezone.now() - dt.timedelta(hours=1))
    assert seat_walk_in(session, world.technician, by=world.trainer).state == SEATED
    late = PersonFactory(organisation=world.outlet)
    with pytest.raises(SessionFull):
        seat_walk_in(session, late, by=world.trainer)
    with pytest.raises(NotYourSession):
        seat_walk_in(session, late, by=late)
    assert seat_walk_in(session, world.technician, by=world.trainer).person == world.technician


def test_booking_sends_an_invitation_after_the_commit(world, make_session, django_capture_on_commit_callbacks):
    session = make_session()
    with django_capture_on_commit_callbacks(execute=True):
        book_seat(session, world.technician, by=world.technician)
    assert [letter.to for letter in mail.outbox] == [["小林 <lin@example.com>"]]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_for_five_seats_never_overbook(world, make_session):
    session = make_session(capacity=5)
    people = PersonFactory.create_batch(20, organisation=world.outlet)
    start = threading.Barrier(20)
    failures: list[BaseException] = []

    def book(person):
        try:
            start.wait()
            book_seat(session, person, by=person, notify=False)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=book, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Enrolment.objects.filter(session=session, state=SEATED).count() == 5
    assert Enrolment.objects.filter(session=session, state=WAITLISTED).count() == 15
    line = Enrolment.objects.filter(session=session).values_list("place_in_line", flat=True)
    assert sorted(line) == list(range(1, 21))
