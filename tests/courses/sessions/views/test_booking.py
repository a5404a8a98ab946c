"""Booking and leaving on the page of a session."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from courses.enums import EnrolmentState
from tests.factories.courses import (
    EnrolmentFactory,
)


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


def test_booking_twice_on_the_page_counts_once(client_of, world, make_session):
    session, client = make_session(), client_of(world.technician)
    for _ in range(2):
        response = client.post(url("book", session.pk), follow=True)
    assert "您已报名" in response.text
    assert session.enrolments.count() == 1


def test_waitlist_page_says_the_place(client_of, world, make_session):
    session = make_session(capacity=1)
    EnrolmentFactory(session=session)
    EnrolmentFactory(session=session, state=EnrolmentState.WAITLISTED)
    page = client_of(world.technician).post(url("book", session.pk), follow=True).text
    assert "第 2 位" in page


def test_refused_booking_says_why_and_stays_on_the_page(client_of, world, make_session):
    session = make_session(starts_at=timezone.now() - dt.timedelta(minutes=5))
    response = client_of(world.technician).post(url("book", session.pk), follow=True)
    assert response.redirect_chain == [(session.get_absolute_url(), 302)]
    assert "已经开始" in response.text


def test_leaving_asks_once_more(client_of, world, make_session):
    session = make_session()
    enrolment = EnrolmentFactory(session=session, person=world.technician)
    client = client_of(world.technician)
    assert "确定取消报名" in client.get(url("leave", session.pk)).text
    assert client.post(url("leave", session.pk)).status_code == 422
    client.post(url("leave", session.pk), {"reason": "出差"})
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.reason) == (EnrolmentState.CANCELLED, "出差")


def test_leaving_a_session_one_is_not_in_is_not_found(client_of, world, make_session):
    assert client_of(world.technician).post(url("leave", make_session().pk)).status_code == 404
