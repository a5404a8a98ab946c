"""Who sees, books and runs a session."""

from django.urls import reverse

from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.sessions.permissions import can_see_session, visible_sessions
from portal.enums import Audience
from tests.factories.courses import (
    EnrolmentFactory,
)


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


def test_session_is_seen_by_its_branch_those_above_and_nobody_else(world, make_session):
    session = make_session()
    seen_by = {
        "trainer": world.trainer,
        "technician": world.technician,
        "manager": world.manager,
        "administrator": world.administrator,
        "auditor": world.auditor,
        "stranger": world.stranger,
        "other_manager": world.other_manager,
        "contact": world.contact,
    }
    assert {name for name, person in seen_by.items() if can_see_session(person, session)} == {
        "trainer",
        "technician",
        "manager",
        "administrator",
        "auditor",
    }


def test_customers_see_their_sessions_only(world, make_session):
    theirs = make_session(organisation=world.customer, audience=Audience.CUSTOMERS)
    make_session(organisation=world.hq, audience=Audience.PUBLIC)
    assert list(visible_sessions(world.contact)) == [theirs]
    assert not can_see_session(world.technician, theirs)


def test_enrolled_people_and_trainers_see_their_sessions_wherever_they_work(world, make_session):
    session = make_session()
    EnrolmentFactory(session=session, person=world.stranger)
    assert can_see_session(world.stranger, session)
    Enrolment.objects.update(state=EnrolmentState.CANCELLED)
    assert not can_see_session(world.stranger, session)


def test_who_left_sees_no_session(world, make_session):
    session = make_session()
    world.technician.is_active = False
    assert not can_see_session(world.technician, session)
