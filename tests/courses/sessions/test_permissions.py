"""Who sees, books and runs a session."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.sessions.permissions import (
    branches_over,
    can_run_session,
    can_schedule,
    can_schedule_for,
    can_see_roster,
    can_see_session,
    held_for,
    is_held_for,
    managed_organisations,
    organisations_to_schedule_for,
    trainers_to_schedule,
    visible_sessions,
)
from portal.enums import Audience, Role
from tests.factories.courses import EnrolmentFactory, TrainerFactory
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory


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


# --- whose sessions are whose ------------------------------------------------------------------------------------


@pytest.fixture
def place_of(world):
    """Places by name."""
    return {name: getattr(world, name) for name in ("hq", "west", "east", "outlet", "customer")}


HELD_FOR = {
    "hq": {"technician", "stranger", "manager", "other_manager", "administrator", "auditor", "trainer"},
    "west": {"technician", "manager", "trainer"},
    "east": {"stranger", "other_manager"},
    "outlet": {"technician", "trainer"},
}


@pytest.mark.parametrize("name", HELD_FOR)
def test_session_is_held_for_the_branch_below_it(world, make_session, place_of, name):
    session = make_session(organisation=place_of[name], trainer=TrainerFactory())
    people = ("technician", "stranger", "manager", "other_manager", "administrator", "auditor", "trainer", "contact")
    held = {who for who in people if is_held_for(getattr(world, who), session)}
    assert held == HELD_FOR[name]
    by_query = {who for who in people if Session.objects.filter(held_for(getattr(world, who))).exists()}
    assert by_query == HELD_FOR[name]


@pytest.mark.parametrize("audience", list(Audience))
def test_query_and_question_agree_on_every_audience(world, make_session, place_of, audience):
    for organisation in place_of.values():
        session = make_session(organisation=organisation, audience=audience, trainer=TrainerFactory())
        for who in ("technician", "stranger", "manager", "administrator", "contact"):
            person = getattr(world, who)
            found = Session.objects.filter(held_for(person), pk=session.pk).exists()
            assert found is is_held_for(person, session)


def test_place_of_work_counts_and_not_the_record(world, make_session):
    """Who works in the east by a post books there, whatever the record says."""
    AssignmentFactory(person=world.technician, organisation=world.east, start=dt.date(2020, 1, 1))
    moved = type(world.technician).objects.get(pk=world.technician.pk)
    west, east = make_session(), make_session(organisation=world.east)
    assert not is_held_for(moved, west)
    assert is_held_for(moved, east)


def test_two_posts_open_two_branches(world, make_session):
    for organisation in (world.east, world.outlet):
        AssignmentFactory(person=world.technician, organisation=organisation, start=dt.date(2020, 1, 1))
    both = type(world.technician).objects.get(pk=world.technician.pk)
    assert is_held_for(both, make_session())
    assert is_held_for(both, make_session(organisation=world.east))


RUNS = {
    "hq": {"administrator", "trainer"},
    "west": {"administrator", "manager", "trainer"},
    "east": {"administrator", "other_manager", "trainer"},
    "outlet": {"administrator", "manager", "trainer"},
    "customer": {"administrator", "trainer"},
}


@pytest.mark.parametrize("name", RUNS)
def test_session_is_run_by_its_trainer_the_branchs_manager_and_administrators(world, make_session, place_of, name):
    session = make_session(organisation=place_of[name])
    people = ("technician", "stranger", "manager", "other_manager", "administrator", "auditor", "trainer", "contact")
    assert {who for who in people if can_run_session(getattr(world, who), session)} == RUNS[name]


@pytest.mark.parametrize("name", RUNS)
def test_roster_is_read_by_whoever_runs_it_and_by_auditors(world, make_session, place_of, name):
    session = make_session(organisation=place_of[name])
    people = ("technician", "stranger", "manager", "other_manager", "administrator", "auditor", "trainer", "contact")
    assert {who for who in people if can_see_roster(getattr(world, who), session)} == RUNS[name] | {"auditor"}


def test_nobody_and_people_who_left_run_and_schedule_nothing(world, make_session):
    session = make_session()
    world.trainer.is_active = False
    for person in (None, AnonymousUser(), world.trainer):
        assert not can_run_session(person, session)
        assert not can_schedule(person)
        assert not visible_sessions(person).exists()
        assert not managed_organisations(person).exists()
        assert not organisations_to_schedule_for(person).exists()


@pytest.mark.parametrize("role", list(Role))
def test_sessions_are_scheduled_by_three_roles(world, role):
    person = PersonFactory(organisation=world.outlet, roles=[role])
    assert can_schedule(person) is (role in (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR))


@pytest.mark.parametrize("role", [Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR])
def test_customers_people_schedule_nothing_whatever_their_role(world, role):
    person = PersonFactory(organisation=world.customer, roles=[role])
    assert not can_schedule(person)


def names(organisations) -> set[str]:
    return set(organisations.values_list("name", flat=True))


def test_whom_one_may_hold_sessions_for(world):
    everywhere = {"总部", "西区", "东区", "西一网点", "望江酒店"}
    assert names(organisations_to_schedule_for(world.trainer)) == everywhere
    assert names(organisations_to_schedule_for(world.administrator)) == everywhere
    assert names(organisations_to_schedule_for(world.manager)) == {"西区", "西一网点"}
    assert names(organisations_to_schedule_for(world.technician)) == set()


def test_other_networks_are_nobodys_here(world):
    other = OrganisationFactory(name="别的总部")
    foreign = TrainerFactory(organisation=other)
    # A new root moves the paths of its neighbours in the sorted tree.
    trainer, manager = (type(person).objects.get(pk=person.pk) for person in (world.trainer, world.manager))
    assert other.name not in names(organisations_to_schedule_for(trainer))
    assert foreign not in trainers_to_schedule(manager)
    assert trainer in trainers_to_schedule(manager)


def test_trainer_arranges_the_own_time_only(world):
    colleague = TrainerFactory(organisation=world.outlet)
    assert list(trainers_to_schedule(world.trainer)) == [world.trainer]
    assert can_schedule_for(world.trainer, world.customer, world.trainer)
    assert not can_schedule_for(world.trainer, world.west, colleague)
    assert can_schedule_for(world.manager, world.outlet, colleague)
    assert not can_schedule_for(world.manager, world.east, colleague)


def test_branches_over_a_place_are_itself_and_those_above(world):
    assert branches_over([world.outlet]) == sorted([world.hq.path, world.west.path, world.outlet.path])
    assert branches_over([world.outlet, world.east]) == sorted(
        [world.hq.path, world.west.path, world.outlet.path, world.east.path]
    )
    assert branches_over([]) == []
