"""The page of a session and the list: what one sees, and what one may not."""

import pytest
from django.urls import reverse

from courses.enums import SessionState
from courses.models import Session
from tests.factories.courses import (
    EnrolmentFactory,
)
from tests.factories.portal import PersonFactory


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


@pytest.mark.parametrize(
    "name", ["sessions", "calendar", "my", "feeds", "session_new", "session", "attendance", "sign_in_sheet"]
)
def test_sessions_are_for_signed_in_people(client_of, world, make_session, name):
    needs_pk = name in ("session", "attendance", "sign_in_sheet")
    response = client_of().get(url(name, make_session().pk) if needs_pk else url(name))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


INTRUSIONS = [
    ("get", "session"),
    ("get", "session_calendar"),
    ("get", "attendance"),
    ("get", "sign_in_sheet"),
    ("get", "session_edit"),
    ("get", "session_cancel"),
    ("post", "session_cancel"),
    ("post", "book"),
    ("post", "open_session"),
    ("post", "close_session"),
    ("post", "walk_in"),
    ("post", "paper"),
    ("post", "everybody_out"),
]


@pytest.mark.parametrize(("method", "name"), INTRUSIONS)
def test_a_session_of_others_does_not_exist(client_of, world, make_session, method, name):
    session = make_session()
    for intruder in (world.stranger, world.contact):
        assert getattr(client_of(intruder), method)(url(name, session.pk)).status_code == 404
    assert Session.objects.get() == session
    assert not session.enrolments.exists()


RUNNERS_ONLY = [entry for entry in INTRUSIONS if entry[1] not in ("session", "session_calendar", "book")]


@pytest.mark.parametrize(("method", "name"), RUNNERS_ONLY)
def test_trainees_do_not_run_the_session(client_of, world, make_session, method, name):
    session = make_session()
    EnrolmentFactory(session=session, person=world.technician)
    assert getattr(client_of(world.technician), method)(url(name, session.pk)).status_code == 403
    session.refresh_from_db()
    assert session.state == SessionState.SCHEDULED


def test_trainees_do_not_check_themselves_in(client_of, world, open_session):
    enrolment = EnrolmentFactory(session=open_session, person=world.technician)
    for intruder in (world.technician, world.stranger, world.other_manager, world.auditor):
        assert client_of(intruder).post(url("mark", enrolment.pk, "check-in")).status_code == 404
    assert enrolment.present is None


def test_auditor_reads_the_roster_without_buttons(client_of, world, open_session):
    EnrolmentFactory(session=open_session, person=world.technician)
    page = client_of(world.auditor).get(url("attendance", open_session.pk))
    assert "小林" in page.text
    assert "roster__act" not in page.text


def test_names_of_others_are_not_on_the_page_of_a_session(client_of, world, make_session):
    session = make_session()
    EnrolmentFactory(session=session, person=PersonFactory(organisation=world.outlet, name="欧阳某某"))
    assert "欧阳某某" not in client_of(world.technician).get(url("session", session.pk)).text


def test_technicians_and_customers_do_not_schedule(client_of, world):
    for person in (world.technician, world.contact, world.auditor):
        assert client_of(person).get(url("session_new")).status_code == 403
