"""Who wants a module without a date: said, counted, told once, enrolled."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.models import ModuleInterest
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import schedule_session
from courses.sessions.seats.interests import enrol_interested, interested_in, say_interest
from portal.models import PortalNotice

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(world):
    """A day of the module for the west, a week from now."""
    start = timezone.now() + dt.timedelta(days=7)
    return SessionPlan(
        trainer=world.trainer,
        organisation=world.west,
        modules={world.module: 480},
        starts_at=start,
        ends_at=start + dt.timedelta(hours=9),
        place="一号教室",
    )


def test_page_says_it_once_and_takes_it_back(world, client_of):
    client, address = client_of(world.technician), reverse("courses:interest", args=[world.module.code])
    for _turn in range(2):
        client.post(address, {"act": "want"})
    assert ModuleInterest.objects.get().person == world.technician
    client.post(address, {"act": "drop"})
    assert not ModuleInterest.objects.exists()


def test_organiser_reads_the_number_of_their_own_people(world, client_of):
    for person in (world.technician, world.stranger):
        say_interest(world.module, person)
    page = world.module.get_absolute_url()
    assert client_of(world.manager).get(page).context["wanted_by"] == 1
    assert client_of(world.administrator).get(page).context["wanted_by"] == 2
    assert client_of(world.technician).get(page).context["wanted_by"] == 0


def test_told_once_when_a_session_appears_that_is_held_for_them(world, plan, commit):
    for person in (world.technician, world.stranger):
        say_interest(world.module, person)
    with commit():
        schedule_session(plan, by=world.trainer)
    notices = PortalNotice.objects.filter(kind="interests")
    assert [notice.person for notice in notices] == [world.technician]
    later = {"starts_at": plan.starts_at + dt.timedelta(days=1), "ends_at": plan.ends_at + dt.timedelta(days=1)}
    with commit():
        schedule_session(SessionPlan(**vars(plan) | later), by=world.trainer)
    assert notices.count() == 1


def test_list_is_offered_to_who_runs_the_session(world, plan, client_of):
    for person in (world.technician, world.stranger):
        say_interest(world.module, person)
    session = schedule_session(plan, by=world.trainer)
    assert interested_in(session) == [world.technician]
    assert "小林" in client_of(world.trainer).get(reverse("courses:line", args=[session.pk])).text
    result = enrol_interested(session, by=world.trainer)
    assert [(one.person, one.is_seated) for one in result.booked] == [(world.technician, True)]
    assert interested_in(session) == []
