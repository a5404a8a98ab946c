"""Who holds a gated post today without being allowed: exact for few, whom the gate refuses for certain for many."""

import pytest

from certification.overview import unqualified
from certification.overview.unqualified import unqualified_today
from portal.models import Position
from tests.certification.overview.test_posts import fresh
from tests.factories.certification import certificate_for
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def position(network):
    """The gated post, which requires the network's scheme, held by the technician at the outlet."""
    post = Position.objects.get(assignments__person=network["technician"])
    post.is_duty_gated = True
    post.save()
    return post


@pytest.fixture(params=[60, 0], ids=["few", "many"])
def either(request, monkeypatch):
    """Both ways of finding them."""
    monkeypatch.setattr(unqualified, "JUDGED_AT_ONCE", request.param)


def people(asker, shown=3):
    found = unqualified_today(fresh(asker), shown)
    return [assignment.person for assignment in found.first], found.people


def test_those_in_gated_posts_in_sight_until_they_hold_what_the_post_requires(network, position, either):
    open_post = PositionFactory(organisation=network["outlet"])
    network["scheme"].positions.add(open_post)
    network["scheme"].save()
    AssignmentFactory(person=network["colleague"], position=open_post)
    AssignmentFactory(person=network["stranger"], position=position, organisation=network["stranger"].organisation)

    assert people(network["manager"]) == ([network["technician"]], 1)
    certificate_for(network["technician"], network["scheme"])
    assert people(network["manager"]) == ([], 0)


def test_gated_post_without_a_scheme_is_open_to_nobody(network, either):
    post = PositionFactory(organisation=network["outlet"], is_duty_gated=True)
    AssignmentFactory(person=network["colleague"], position=post)

    assert network["colleague"] in people(network["manager"])[0]


def test_people_are_counted_once_and_some_are_named(network, position, either):
    second = PositionFactory(organisation=network["outlet"], is_duty_gated=True)
    AssignmentFactory(person=network["technician"], position=second)
    for _number in range(3):
        AssignmentFactory(person=PersonFactory(organisation=network["outlet"]), position=second)

    named, count = people(network["manager"], shown=2)

    assert (len(named), count) == (2, 4)


def test_many_more_are_said_to_be_more(network, position, monkeypatch):
    monkeypatch.setattr(unqualified, "JUDGED_AT_ONCE", 0)
    monkeypatch.setattr(unqualified, "COUNTED", 2)
    for _number in range(3):
        AssignmentFactory(person=PersonFactory(), position=position, organisation=network["outlet"])

    found = unqualified_today(fresh(network["manager"]), 3)

    assert (found.people, found.has_more) == (2, True)


def test_who_left_is_nobody_here(network, position, either):
    network["technician"].is_active = False
    network["technician"].save()

    assert people(network["manager"]) == ([], 0)


def test_as_many_queries_for_many_as_for_few(network, position, django_assert_max_num_queries, monkeypatch):
    asker = fresh(network["manager"])
    for limit in (60, 0):
        monkeypatch.setattr(unqualified, "JUDGED_AT_ONCE", limit)
        with django_assert_max_num_queries(9):
            unqualified_today(asker, 3)
