"""What the home page tells managers of gated posts held without qualification."""

import pytest

from portal.models import Position
from tests.factories.certification import certificate_for
from tests.factories.portal import AssignmentFactory, PersonFactory

pytestmark = pytest.mark.django_db

MANAGERS = "今日无资格在持证岗位任职"


@pytest.fixture
def position(network):
    """The post of the technician, for certified people only."""
    post = Position.objects.get(assignments__person=network["technician"])
    post.title, post.is_duty_gated = "技术工程师", True
    post.save()
    return post


def home(client_of, reader):
    return client_of(reader).get("/").content.decode()


@pytest.mark.parametrize("reader", ["manager", "administrator"])
def test_managers_are_told_who_and_how_many(network, position, client_of, reader):
    page = home(client_of, network[reader])
    assert MANAGERS in page
    assert "林小川" in page
    assert "共 1 人" in page
    assert 'href="/certification/posts/?state=unqualified"' in page


def test_three_are_named_and_all_counted(network, position, client_of):
    people = [PersonFactory(organisation=network["outlet"], name=f"新员工{number}") for number in range(3)]
    for person in people:
        AssignmentFactory(person=person, position=position, organisation=network["outlet"])
    page = home(client_of, network["manager"])
    assert "共 4 人" in page
    assert sum(person.name in page for person in [*people, network["technician"]]) == 3


@pytest.mark.parametrize("reader", ["dispatcher", "trainer", "auditor", "technician", "customer"])
def test_nobody_else_is_told(network, position, client_of, reader):
    assert MANAGERS not in home(client_of, network[reader])


def test_manager_is_not_told_of_another_branch(network, position, client_of):
    far = network["stranger"].organisation
    AssignmentFactory(person=network["stranger"], position=position, organisation=far)
    certificate_for(network["technician"], network["scheme"])
    page = home(client_of, network["manager"])
    assert MANAGERS not in page
    assert network["stranger"].name not in page
