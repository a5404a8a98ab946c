"""Seats that await approval: who is asked, who may decide, what the person is told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.enums import SeatApproval
from courses.sessions.errors.seats import NotYoursToApprove
from courses.sessions.errors.states import SessionStarted
from courses.sessions.seats.approvals import approve_seat, refuse_seat, seats_to_approve
from courses.sessions.seats.domain import book_seat, book_seat_for, cancel_seat
from portal.enums import Tier
from portal.models import AuditEvent, PortalNotice
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(world, make_session, commit):
    """Return a function booking the technician into a session whose seats somebody approves."""

    def make(approval=SeatApproval.SUPERIOR, **facts):
        session = make_session(approval=approval, **facts)
        with commit():
            return book_seat(session, world.technician, by=world.technician)

    return make


def kinds(person):
    return list(PortalNotice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_booking_awaits_the_superior_who_is_told(world, asked, mailoutbox):
    seat = asked()
    assert seat.is_pending
    assert kinds(world.manager) == ["approvals"]
    assert kinds(world.trainer) == []
    assert "待审批" in mailoutbox[0].subject
    assert list(seats_to_approve(world.manager)) == [seat]
    assert list(seats_to_approve(world.other_manager)) == []


def test_organiser_approves_where_the_session_says_so(world, asked):
    seat = asked(SeatApproval.ORGANISER)
    assert kinds(world.trainer) == ["approvals"]
    assert approve_seat(seat, by=world.trainer).is_seated


def test_holder_of_the_post_above_approves(world, asked):
    chief = PersonFactory(organisation=world.outlet)
    above = PositionFactory(organisation=world.outlet, title="站长")
    post = PositionFactory(organisation=world.outlet, title="技术工程师", reports_to=above)
    AssignmentFactory(person=chief, position=above, organisation=world.outlet)
    AssignmentFactory(person=world.technician, position=post, organisation=world.outlet)
    assert approve_seat(asked(), by=chief).is_seated


def test_approved_is_on_record_and_told_and_full_means_the_waitlist(world, asked, commit, mailoutbox):
    seat = asked(capacity=1)
    EnrolmentFactory(session=seat.session)
    with commit():
        seat = approve_seat(seat, by=world.manager)
    assert (seat.is_waiting, seat.decided_by) == (True, world.manager)
    assert AuditEvent.objects.get(action="courses.seat_approved").actor == world.manager
    assert "候补" in mailoutbox[-1].subject
    with pytest.raises(NotYoursToApprove):
        approve_seat(seat, by=world.manager)


def test_refusal_says_why(world, asked, commit, mailoutbox):
    with commit():
        seat = refuse_seat(asked(), by=world.manager, reason="当天要值班")
    assert (seat.state, seat.reason) == ("cancelled", "当天要值班")
    assert "当天要值班" in mailoutbox[-1].body
    again = book_seat(seat.session, world.technician, by=world.technician)
    assert (again.is_pending, again.reason, again.decided_by) == (True, "", None)


@pytest.mark.parametrize("name", ["technician", "other_manager", "trainer", "auditor", "stranger"])
def test_others_decide_nothing(world, asked, name):
    seat = asked()
    for decide in (approve_seat, lambda seat, by: refuse_seat(seat, by=by, reason="x")):
        with pytest.raises(NotYoursToApprove):
            decide(seat, by=getattr(world, name))


def test_too_late_after_the_start(world, asked, time_machine):
    seat = asked()
    time_machine.move_to(seat.session.starts_at, tick=False)
    with pytest.raises(SessionStarted):
        approve_seat(seat, by=world.manager)


def test_whoever_runs_or_manages_has_approved_by_booking(world, make_session):
    session = make_session(approval=SeatApproval.SUPERIOR)
    assert book_seat_for(session, world.technician, by=world.manager).is_seated
    other = PersonFactory(organisation=world.outlet)
    assert book_seat(session, other, by=world.trainer).is_seated


def test_pending_place_can_be_given_back_and_takes_no_seat(world, asked):
    seat = asked(capacity=1)
    other = PersonFactory(organisation=world.outlet)
    assert book_seat_for(seat.session, other, by=world.manager).is_seated
    assert cancel_seat(seat, by=world.technician).state == "cancelled"


def test_page_lists_and_decides(world, asked, client_of):
    seat = asked()
    client, address = client_of(world.manager), reverse("courses:seats_to_approve")
    assert world.technician.name in client.get(address).text
    decide = reverse("courses:decide_seat", args=[seat.pk])
    client.post(decide, {"act": "refuse", "reason": ""})
    seat.refresh_from_db()
    assert seat.is_pending
    assert client_of(world.technician).post(decide, {"act": "approve"}).status_code == 404
    client.post(decide, {"act": "approve"})
    seat.refresh_from_db()
    assert seat.is_seated


@pytest.mark.parametrize("address", ["seats_to_approve", "line"])
def test_pages_name_the_place_of_the_day(world, asked, client_of, address):
    seat = asked()
    there = OrganisationFactory(parent=world.west, tier=Tier.OUTLET, name="西二网点")
    AssignmentFactory(person=world.technician, organisation=there, start=timezone.localdate())
    reader = world.manager if address == "seats_to_approve" else world.trainer
    asked_for = [] if address == "seats_to_approve" else [seat.session_id]
    page = client_of(reader).get(reverse(f"courses:{address}", args=asked_for)).text
    assert '<span class="muted small">西二网点</span>' in page


def test_list_takes_as_many_queries_for_three_as_for_one(world, asked, client_of):
    session = asked().session
    client, address = client_of(world.manager), reverse("courses:seats_to_approve")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _number in range(2):
        person = PersonFactory(organisation=world.outlet)
        book_seat(session, person, by=person)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)
