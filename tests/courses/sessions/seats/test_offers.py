"""Seats offered for some hours: asked one after another, taken, declined, lapsed; by link and signed in."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.sessions.errors.seats import NoOffer
from courses.sessions.seats.domain import book_seat, cancel_seat
from courses.sessions.seats.offers import decline_offer, lapse_offers, take_offer
from portal.models import AccessToken, AuditEvent, PortalNotice
from tests.factories.courses import EnrolmentFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(world, make_session):
    """A session of one seat that holds offers for 24 hours; three wait, the technician first."""
    session = make_session(capacity=1, offer_hours=24)
    seat = EnrolmentFactory(session=session, person=PersonFactory(organisation=world.outlet))
    others = [PersonFactory(organisation=world.outlet) for _number in range(2)]
    waiting = [book_seat(session, person, by=person) for person in (world.technician, *others)]
    return seat, waiting


@pytest.fixture
def offered(line, commit):
    """The offer made to the technician when the seat was given back."""
    seat, waiting = line
    with commit():
        cancel_seat(seat, by=seat.person, reason="出差")
    return Enrolment.objects.get(pk=waiting[0].pk)


def states(waiting):
    return [Enrolment.objects.get(pk=one.pk).state for one in waiting]


def link_in(mail):
    return re.search(r"/courses/offer/\w+/", mail.body).group()


def test_seat_is_offered_to_the_first_and_held(line, offered, world):
    assert states(line[1]) == ["offered", "waitlisted", "waitlisted"]
    late = PersonFactory(organisation=world.outlet)
    assert book_seat(offered.session, late, by=late).is_waiting
    assert AuditEvent.objects.filter(action="courses.seat_offered").count() == 1


def test_taken_by_the_link_without_signing_in_once(offered, mailoutbox):
    address, client = link_in(mailoutbox[-1]), Client()
    page = client.get(address)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
    assert Enrolment.objects.get(pk=offered.pk).is_offered
    assert client.post(address, {"act": "take"}).status_code == 200
    assert Enrolment.objects.get(pk=offered.pk).is_seated
    assert client.get(address).status_code == 404
    assert AuditEvent.objects.get(action="courses.offer_taken").detail["by_link"] is True


def test_link_is_kept_nowhere_but_in_the_letter(offered, mailoutbox):
    secret = link_in(mailoutbox[-1]).split("/")[-2]
    assert not PortalNotice.objects.filter(body__contains=secret).exists()
    assert PortalNotice.objects.filter(person=offered.person, title=mailoutbox[-1].subject).exists()
    token = AccessToken.objects.get(purpose="offer")
    assert secret not in (token.digest, token.nonce)


def test_declined_asks_the_next(line, offered, mailoutbox, commit):
    with commit():
        Client().post(link_in(mailoutbox[-1]), {"act": "decline"})
    assert states(line[1]) == ["cancelled", "offered", "waitlisted"]


def test_offer_lapses_by_the_job_and_the_next_is_asked(line, offered, time_machine, mailoutbox):
    address = link_in(mailoutbox[-1])
    assert lapse_offers() == 0
    time_machine.move_to(offered.offer_until, tick=False)
    with pytest.raises(NoOffer):
        take_offer(offered)
    assert (lapse_offers(), lapse_offers()) == (1, 0)
    assert states(line[1]) == ["cancelled", "offered", "waitlisted"]
    assert Client().get(address).status_code == 404


def test_nobody_is_asked_after_the_start(line, make_session, time_machine, commit):
    seat, waiting = line
    time_machine.move_to(seat.session.starts_at - dt.timedelta(hours=2), tick=False)
    cancel_seat(seat, by=seat.person)
    found = Enrolment.objects.get(pk=waiting[0].pk)
    assert found.offer_until == seat.session.starts_at
    time_machine.move_to(seat.session.starts_at, tick=False)
    with pytest.raises(NoOffer):
        take_offer(found)
    lapse_offers()
    assert states(waiting) == ["cancelled", "waitlisted", "waitlisted"]


def test_answer_signed_in_and_by_nobody_else(offered, world, client_of):
    address = reverse("courses:answer_offer", args=[offered.session_id])
    assert client_of(world.stranger).post(address, {"act": "take"}).status_code == 404
    page = client_of(offered.person).get(offered.session.get_absolute_url()).text
    assert address in page
    client_of(offered.person).post(address, {"act": "take"})
    assert Enrolment.objects.get(pk=offered.pk).is_seated
    with pytest.raises(NoOffer):
        decline_offer(offered)


def test_without_hours_the_seat_is_given_at_once(world, make_session):
    session = make_session(capacity=1)
    seat = EnrolmentFactory(session=session)
    waiting = book_seat(session, world.technician, by=world.technician)
    cancel_seat(seat, by=world.trainer)
    assert Enrolment.objects.get(pk=waiting.pk).state == EnrolmentState.SEATED
