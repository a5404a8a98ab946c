"""A manager enrols a branch at once: seats, then the waitlist, each refusal named."""

import pytest
from django.urls import reverse

from courses.assignments.enrolling import enrol_branch
from courses.assignments.errors import NotYourBranch
from courses.enums import EnrolmentState
from courses.models import Enrolment
from courses.sessions.errors.states import NotYourSession
from courses.sessions.seats.domain import book_seat, book_seat_for
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import PersonFactory


@pytest.fixture
def crew(world):
    """Four people of an outlet of the west."""
    return [PersonFactory(organisation=world.outlet, staff_number=f"X{number}") for number in range(4)]


def test_seats_go_by_staff_number_then_the_waitlist(world, crew, make_session):
    session = make_session(capacity=2)
    book_seat(session, crew[2], by=crew[2])
    result = enrol_branch(session, world.outlet, by=world.manager)
    assert result.there == [crew[2]]
    assert len(result.seated) == 1
    everybody = {*result.seated, *result.waiting, *result.there}
    assert {*crew, world.technician} <= everybody
    line = Enrolment.objects.filter(session=session, state=EnrolmentState.WAITLISTED).order_by("place_in_line")
    assert [row.person for row in line] == result.waiting


def test_trainer_and_who_lacks_what_comes_first_are_named_the_others_booked(world, crew, make_session):
    first = TrainingModuleFactory(title="先学的模块")
    session = make_session()
    result = enrol_branch(session, world.outlet, by=world.manager)
    assert [refusal.code for _person, refusal in result.refused] == ["trainer_is_no_trainee"]
    assert len(result.seated) == 5
    world.module.prerequisites.set([first])
    world.module.save()
    later = enrol_branch(make_session(), world.outlet, by=world.manager)
    assert {refusal.code for _person, refusal in later.refused} == {"trainer_is_no_trainee", "prerequisites_missing"}
    assert later.seated == []


def test_second_time_changes_nothing(world, crew, make_session):
    session = make_session(capacity=99)
    enrol_branch(session, world.outlet, by=world.manager)
    before = Enrolment.objects.count()
    assert enrol_branch(session, world.outlet, by=world.manager).seated == []
    assert Enrolment.objects.count() == before


@pytest.mark.parametrize("who", ["other_manager", "trainer", "technician", "auditor", "contact"])
def test_who_does_not_manage_the_branch_enrols_nobody(world, crew, make_session, who):
    with pytest.raises(NotYourBranch):
        enrol_branch(make_session(), world.outlet, by=getattr(world, who))
    assert not Enrolment.objects.exists()


def test_manager_gives_no_place_to_people_of_others(world, make_session):
    with pytest.raises(NotYourSession):
        book_seat_for(make_session(organisation=world.hq), world.stranger, by=world.manager)
    assert not Enrolment.objects.exists()


def test_page_enrols_and_tells_what_became_of_each(client_of, world, crew, make_session):
    session = make_session()
    address = reverse("courses:enrol", args=[session.pk])
    client = client_of(world.manager)
    assert address in client.get(session.get_absolute_url()).text
    assert client.get(address).status_code == 200
    page = client.post(address, {"organisation": world.outlet.pk}).text
    assert "陈老师" in page
    assert session.enrolments.count() == 5
    assert client.post(address, {"organisation": world.east.pk}).status_code == 422


@pytest.mark.parametrize(
    ("who", "status"), [("technician", 403), ("trainer", 403), ("other_manager", 404), ("contact", 404)]
)
def test_page_is_for_managers_who_see_the_session(client_of, world, make_session, who, status):
    address = reverse("courses:enrol", args=[make_session().pk])
    assert client_of(getattr(world, who)).get(address).status_code == status
