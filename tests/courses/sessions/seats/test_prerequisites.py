"""Modules that come first: refused, warned of or ignored, as the module says."""

import pytest

from courses.enums import Policy
from courses.models import Enrolment
from courses.sessions.errors.seats import PrerequisitesMissing
from courses.sessions.seats.domain import book_seat, why_not_bookable
from courses.sessions.seats.prerequisites import missing_prerequisites
from tests.factories.courses import HourCreditFactory, SessionModuleFactory, TrainingModuleFactory


@pytest.fixture
def first(world):
    """A module that comes before the one of the world."""
    found = TrainingModuleFactory(title="先学的模块", minutes=120)
    world.module.prerequisites.set([found])
    world.module.save()
    return found


def credit(world, module, minutes):
    return HourCreditFactory(person=world.technician, module=module, minutes=minutes)


def test_seat_is_refused_until_the_whole_prerequisite_is_credited(world, make_session, first):
    session = make_session()
    with pytest.raises(PrerequisitesMissing, match="先学的模块"):
        book_seat(session, world.technician, by=world.technician)
    credit(world, first, 60)
    assert why_not_bookable(session, world.technician).code == "prerequisites_missing"
    credit(world, first, 60)
    assert book_seat(session, world.technician, by=world.technician).is_seated
    assert Enrolment.objects.get(session=session).person == world.technician


def test_whoever_runs_the_session_may_let_somebody_in(world, make_session, first):
    assert book_seat(make_session(), world.technician, by=world.trainer).is_seated


def test_prerequisite_taught_in_the_same_session_is_not_asked_for(world, make_session, first):
    session = make_session()
    SessionModuleFactory(session=session, module=first, minutes=120)
    assert why_not_bookable(session, world.technician) is None


@pytest.mark.parametrize(("policy", "told"), [(Policy.WARN, True), (Policy.IGNORE, False)])
def test_other_policies_let_book(client_of, world, make_session, first, policy, told):
    world.module.prerequisite_policy = policy
    world.module.save()
    session = make_session()
    assert why_not_bookable(session, world.technician) is None
    page = client_of(world.technician).get(session.get_absolute_url()).text
    assert ("先学的模块" in page) is told


def test_page_says_what_comes_first_and_offers_no_seat(client_of, world, make_session, first):
    page = client_of(world.technician).get(make_session().get_absolute_url()).text
    assert "先学的模块" in page
    assert "/book/" not in page


@pytest.mark.parametrize("count", [1, 4])
def test_many_people_are_judged_in_two_queries(world, make_session, first, django_assert_num_queries, count):
    people = [world.technician, world.stranger, world.manager, world.auditor][:count]
    session = make_session()
    with django_assert_num_queries(2):
        assert missing_prerequisites(session, people) == {person.pk: [first] for person in people}


def test_prerequisite_that_is_not_published_any_more_is_not_asked_for(world, make_session, first):
    first.live = False
    first.save()
    assert why_not_bookable(make_session(), world.technician) is None
