"""Seats kept for a branch until a day; deadlines of booking and giving back."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from courses.models import Enrolment
from courses.sessions.errors.seats import BookingOver, CancellingOver, NotOfTheSessionsBranch, TooManyReserved
from courses.sessions.errors.states import NotYourSession
from courses.sessions.seats.domain import book_seat, cancel_seat
from courses.sessions.seats.reservations import give_lapsed_seats, release_seats, reserve_seats
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def reserve(world):
    """Return a function keeping seats of a session for the outlet until tomorrow."""

    def make(session, seats=1, **facts):
        given = {"organisation": world.outlet, "seats": seats, "until": timezone.localdate() + DAY, "by": world.trainer}
        return reserve_seats(session, **given | facts)

    return make


def test_kept_seat_is_for_the_branch_alone_until_the_day(world, make_session, reserve, time_machine):
    session = make_session(capacity=2)
    reserve(session)
    others = [PersonFactory(organisation=world.west) for _number in range(2)]
    assert [book_seat(session, one, by=one).is_seated for one in others] == [True, False]
    assert book_seat(session, world.technician, by=world.technician).is_seated


def test_seats_nobody_took_go_to_who_waits_after_the_day(world, make_session, reserve, time_machine):
    session = make_session(capacity=1)
    reserve(session)
    other = PersonFactory(organisation=world.west)
    waiting = book_seat(session, other, by=other)
    assert waiting.is_waiting
    assert give_lapsed_seats() == 0
    time_machine.move_to(timezone.now() + 2 * DAY)
    assert give_lapsed_seats() == 1
    assert Enrolment.objects.get(pk=waiting.pk).is_seated


def test_released_seats_are_free_at_once(world, make_session, reserve):
    session = make_session(capacity=1)
    reservation = reserve(session)
    other = PersonFactory(organisation=world.west)
    waiting = book_seat(session, other, by=other)
    release_seats(reservation, by=world.trainer)
    assert Enrolment.objects.get(pk=waiting.pk).is_seated


def test_who_waits_for_a_kept_seat_does_not_hold_up_the_branch(world, make_session, reserve):
    session = make_session(capacity=2)
    reserve(session)
    first, second = (PersonFactory(organisation=world.west) for _number in range(2))
    seat = book_seat(session, first, by=first)
    assert book_seat(session, second, by=second).is_waiting
    assert book_seat(session, world.technician, by=world.technician).is_seated
    cancel_seat(seat, by=first)
    assert Enrolment.objects.get(person=second).is_seated


def test_what_cannot_be_kept_is_refused(world, make_session, reserve):
    session = make_session(capacity=2)
    EnrolmentFactory(session=session, person=PersonFactory(organisation=world.west))
    with pytest.raises(TooManyReserved):
        reserve(session, 2)
    with pytest.raises(NotOfTheSessionsBranch):
        reserve(session, organisation=world.east)
    with pytest.raises(NotOfTheSessionsBranch):
        reserve(session, until=timezone.localdate() - DAY)
    with pytest.raises(NotYourSession):
        reserve(session, by=world.technician)
    reserve(session)
    with pytest.raises(ValidationError):
        reserve(session)


def test_booking_ends_before_the_start_but_for_who_runs_it(world, make_session):
    session = make_session(book_until=timezone.now())
    with pytest.raises(BookingOver):
        book_seat(session, world.technician, by=world.technician)
    assert book_seat(session, world.technician, by=world.trainer).is_seated


def test_seat_is_given_back_with_a_reason_until_the_deadline(world, make_session, client_of):
    session = make_session(cancel_until=timezone.now() + DAY)
    seat = EnrolmentFactory(session=session, person=world.technician)
    address = reverse("courses:leave", args=[session.pk])
    assert client_of(world.technician).post(address, {"reason": ""}).status_code == 422
    client_of(world.technician).post(address, {"reason": "家里有事"})
    seat.refresh_from_db()
    assert (seat.state, seat.reason) == ("cancelled", "家里有事")
    page = client_of(world.trainer).get(reverse("courses:line", args=[session.pk])).text
    assert "家里有事" in page


def test_after_the_deadline_only_who_runs_it_cancels(world, make_session):
    session = make_session(cancel_until=timezone.now())
    seat = EnrolmentFactory(session=session, person=world.technician)
    with pytest.raises(CancellingOver):
        cancel_seat(seat, by=world.technician)
    assert cancel_seat(seat, by=world.trainer, reason="电话请假").state == "cancelled"


def test_page_reserves_and_releases(world, make_session, client_of):
    session, client = make_session(), client_of(world.trainer)
    address = reverse("courses:reserve_seats", args=[session.pk])
    facts = {"organisation": world.outlet.pk, "seats": 99, "until": (timezone.localdate() + DAY).isoformat()}
    assert client.post(address, facts).status_code == 422
    assert client.post(address, facts | {"seats": 2}).status_code == 302
    reservation = session.reservations.get()
    assert "西一网点" in client.get(reverse("courses:line", args=[session.pk])).text
    client.post(reverse("courses:release_seats", args=[session.pk, reservation.pk]))
    assert not session.reservations.exists()
