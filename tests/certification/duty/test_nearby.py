"""Who near somebody may do a task: colleagues of the outlet first, and nobody the gate refuses."""

import pytest

from portal.enums import Role, Task, Tier
from portal.registry.duty import allowed_nearby
from tests.factories.certification import SchemeFactory, category_of, certificate_for
from tests.factories.portal import EquipmentModelFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    """Headquarters with two regions, each with an outlet, and a customer."""
    hq = OrganisationFactory()
    east, west = OrganisationFactory(parent=hq, tier=Tier.REGION), OrganisationFactory(parent=hq, tier=Tier.REGION)
    return {
        "hq": hq,
        "east": east,
        "west": west,
        "outlet": OrganisationFactory(parent=east, tier=Tier.OUTLET),
        "neighbour": OrganisationFactory(parent=east, tier=Tier.OUTLET),
        "far": OrganisationFactory(parent=west, tier=Tier.OUTLET),
        "customer": OrganisationFactory(parent=hq, tier=Tier.CUSTOMER),
    }


@pytest.fixture
def machine():
    scheme = SchemeFactory()
    return EquipmentModelFactory(category=category_of(scheme)), scheme


def certified(place, scheme, **fields):
    person = PersonFactory(organisation=place, **fields)
    certificate_for(person, scheme)
    return person


def test_nearest_come_first(network, machine):
    equipment, scheme = machine
    asker = PersonFactory(organisation=network["outlet"], roles=[Role.ENGINEER])
    far = certified(network["far"], scheme)
    region = certified(network["neighbour"], scheme)
    colleague = certified(network["outlet"], scheme)
    assert allowed_nearby(asker, equipment, Task.REPAIR) == [colleague, region, far]
    assert allowed_nearby(asker, equipment, Task.REPAIR, limit=2) == [colleague, region]


def test_only_who_the_gate_allows(network, machine):
    equipment, scheme = machine
    asker = certified(network["outlet"], scheme)
    certified(network["outlet"], scheme, is_active=False)
    certified(network["customer"], scheme)
    PersonFactory(organisation=network["outlet"])
    assert allowed_nearby(asker, equipment, Task.REPAIR) == []
    assert allowed_nearby(asker, equipment, Task.INSTALL) == []


def test_customers_and_strangers_are_told_nobody(network, machine):
    equipment, scheme = machine
    certified(network["outlet"], scheme)
    assert allowed_nearby(PersonFactory(organisation=network["customer"]), equipment, Task.REPAIR) == []


@pytest.mark.parametrize("people", [1, 3])
def test_queries_do_not_grow_with_the_people(network, machine, django_assert_max_num_queries, people):
    equipment, scheme = machine
    asker = PersonFactory(organisation=network["outlet"], roles=[Role.ENGINEER])
    for _person in range(people):
        certified(network["outlet"], scheme)
    with django_assert_max_num_queries(60):
        assert len(allowed_nearby(asker, equipment, Task.REPAIR)) == people
