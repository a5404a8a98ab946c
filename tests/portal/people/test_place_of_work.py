"""Where people belong on a day: the assignment of that day, else the organisation on their record."""

import datetime as dt

import pytest
import time_machine

from certification.overview.cover import Wanted, coverage
from certification.permissions import can_keep_file, candidates_in_sight, files_in_sight, keepers_of, keepers_of_each
from certification.statutory.queries import cards_in_sight, narrow_cards
from courses.sessions.permissions import visible_sessions
from portal.access.lookup import positions_in_network
from portal.access.sight import can_see_person, organisations_in_sight, people_in_sight
from portal.enums import Role, Tier
from portal.models import Organisation, Person
from portal.people.domain import assign_position, end_assignment
from tests.factories.certification import StatutoryCertificateFactory
from tests.factories.portal import OrganisationFactory, PersonFactory, PositionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

DAY = dt.date(2026, 3, 18)
NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture
def network():
    hq = OrganisationFactory()
    return {
        "hq": hq,
        "north": OrganisationFactory(parent=hq, tier=Tier.OUTLET, name="北网点"),
        "south": OrganisationFactory(parent=hq, tier=Tier.OUTLET, name="南网点"),
    }


@pytest.fixture
def moved(network):
    """Somebody of the north who works in the south from the next day on."""
    person = PersonFactory(organisation=network["north"])
    post = PositionFactory(organisation=network["north"])
    first = assign_position(person, post, start=dt.date(2026, 1, 1))
    end_assignment(first, DAY)
    assign_position(person, post, start=NEXT, organisation=network["south"])
    return person


def members(place, day):
    return set(Person.objects.belonging_to(Organisation.objects.filter(pk=place.pk), day))


def test_transfer_counts_from_its_day_on(network, moved):
    assert members(network["north"], DAY) == {moved}
    assert members(network["south"], DAY) == set()
    assert members(network["north"], NEXT) == set()
    assert members(network["south"], NEXT) == {moved}


def test_without_an_assignment_the_record_decides(network):
    person = PersonFactory(organisation=network["south"])
    assert members(network["south"], DAY) == {person}
    assert [place.name for place in person.places] == ["南网点"]


def test_two_posts_on_one_day_belong_to_both_places(network):
    person = PersonFactory(organisation=network["hq"])
    for place in ("north", "south"):
        assign_position(person, PositionFactory(organisation=network[place]), start=DAY, organisation=network[place])
    assert members(network["north"], DAY) == members(network["south"], DAY) == {person}
    assert members(network["hq"], DAY) == set()


@pytest.mark.parametrize(("day", "place"), [(DAY, "north"), (NEXT, "south")])
def test_cover_sight_matrix_and_sessions_agree(network, moved, day, place):
    with time_machine.travel(dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC), tick=False):
        managers = {
            name: PersonFactory(organisation=network[name], roles=[Role.MANAGER]) for name in ("north", "south")
        }
        for name, manager in managers.items():
            sees = name == place
            assert (moved in people_in_sight(manager)) is sees
            assert can_see_person(manager, moved) is sees
            assert (moved in files_in_sight(manager)) is sees
        covers = coverage([network["north"], network["south"]], Person.objects.all(), Wanted())
        assert {cover.organisation.name: cover.people for cover in covers} == {
            network[name].name: 1 + (name == place) for name in managers
        }


@pytest.mark.parametrize(("day", "place"), [(DAY, "north"), (NEXT, "south")])
def test_keepers_cards_and_the_own_page_follow_the_transfer(network, moved, client_of, day, place):
    names = ("north", "south")
    card = StatutoryCertificateFactory(person=moved)
    with time_machine.travel(dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC), tick=False):
        managers = {name: PersonFactory(organisation=network[name], roles=[Role.MANAGER]) for name in names}
        auditor = PersonFactory(organisation=network["hq"], roles=[Role.AUDITOR])
        fresh = Person.objects.get(pk=moved.pk)
        assert set(keepers_of(fresh)) == {managers[place]}
        assert all(can_keep_file(keeper, fresh) for keeper in keepers_of(fresh))
        found = {name: list(narrow_cards(cards_in_sight(auditor), on=day, branch=network[name])) for name in names}
        assert found == {name: [card] if name == place else [] for name in names}
        assert [each.person.place_names for each in cards_in_sight(auditor)] == [network[place].name]
        assert network[place].name in client_of(fresh).get("/me/").content.decode()


def test_posts_are_those_of_the_network_one_works_in(network):
    post = PositionFactory(organisation=network["hq"])
    person = PersonFactory(organisation=OrganisationFactory())
    assign_position(person, post, start=DAY, organisation=network["south"])
    with time_machine.travel(dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC), tick=False):
        assert positions_in_network(person) == [post]


def test_a_manager_posted_elsewhere_sees_the_branch_of_the_day(network):
    manager = PersonFactory(organisation=network["north"], roles=[Role.MANAGER])
    post = PositionFactory(organisation=network["south"])
    with time_machine.travel(dt.datetime(2026, 3, 19, 4, tzinfo=dt.UTC), tick=False):
        assign_position(manager, post, start=NEXT, organisation=network["south"])
        assert list(organisations_in_sight(Person.objects.get(pk=manager.pk))) == [network["south"]]


def test_assessors_and_sessions_follow_the_place_of_work(network, moved):
    assessor = PersonFactory(organisation=network["hq"], roles=[Role.ASSESSOR])
    assert moved in candidates_in_sight(assessor)
    assert list(visible_sessions(moved)) == []


@pytest.mark.parametrize(("record", "kept"), [("hq", True), ("none", False)])
def test_an_administrator_posted_in_one_network_keeps_no_file_of_another(network, record, kept):
    elsewhere = OrganisationFactory()
    keeper = PersonFactory(organisation=None, roles=[Role.ADMINISTRATOR])
    subject = PersonFactory(organisation=network["north"] if record == "hq" else elsewhere)
    assign_position(keeper, PositionFactory(organisation=network["hq"]), start=DAY, organisation=network["hq"])
    with time_machine.travel(dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC), tick=False):
        keeper, subject = Person.objects.get(pk=keeper.pk), Person.objects.get(pk=subject.pk)
        assert can_keep_file(keeper, subject) is kept
        assert (keeper in keepers_of(subject)) is kept
        assert (keeper in keepers_of_each([subject])[subject.pk]) is kept


def test_belonging_takes_one_query(network, moved, django_assert_num_queries):
    with django_assert_num_queries(1):
        members(network["north"], DAY)
    people = Person.objects.with_posts(NEXT)
    with django_assert_num_queries(2):
        assert [person.place_names for person in people.filter(pk=moved.pk)] == ["南网点"]
