"""Who may open what, and whom one may see."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.access.sight import can_ask_duty, people_in_sight
from portal.audiences import audiences_of
from portal.enums import Audience, Role, Tier
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def network():
    """Two regions of one headquarters, an outlet each, and a customer of the first."""
    hq = OrganisationFactory()
    west, east = (OrganisationFactory(parent=hq, tier=Tier.REGION) for _ in range(2))
    return {
        "hq": hq,
        "west": west,
        "east": east,
        "west_outlet": OrganisationFactory(parent=west, tier=Tier.OUTLET),
        "east_outlet": OrganisationFactory(parent=east, tier=Tier.OUTLET),
        "customer": OrganisationFactory(parent=west, tier=Tier.CUSTOMER),
    }


def test_audiences_of_anonymous_are_public_only():
    assert audiences_of(AnonymousUser()) == {Audience.PUBLIC}


def test_audiences_of_customer_exclude_staff_even_with_a_staff_role(network):
    contact = PersonFactory(organisation=network["customer"], roles=[Role.CUSTOMER_CONTACT, Role.EDITOR])
    assert audiences_of(contact) == {Audience.PUBLIC, Audience.CUSTOMERS}


def test_audiences_of_left_employee_are_public_only(network):
    person = PersonFactory(organisation=network["hq"], is_active=False)
    assert audiences_of(person) == {Audience.PUBLIC}


def test_restricted_is_for_named_roles(network):
    engineer = PersonFactory(organisation=network["hq"], roles=[Role.ENGINEER])
    auditor = PersonFactory(organisation=network["hq"], roles=[Role.AUDITOR])
    assert Audience.RESTRICTED not in audiences_of(engineer)
    assert Audience.RESTRICTED in audiences_of(auditor)


def test_manager_sees_own_branch_only(network):
    manager = PersonFactory(organisation=network["west"], roles=[Role.MANAGER])
    mine = PersonFactory(organisation=network["west_outlet"])
    PersonFactory(organisation=network["east_outlet"])
    assert set(people_in_sight(manager)) == {manager, mine}


def test_engineer_sees_nobody_else(network):
    engineer = PersonFactory(organisation=network["west_outlet"], roles=[Role.ENGINEER])
    PersonFactory(organisation=network["west_outlet"])
    assert set(people_in_sight(engineer)) == {engineer}


def test_duty_is_asked_about_oneself_or_by_dispatchers_of_the_branch(network):
    dispatcher = PersonFactory(organisation=network["west"], roles=[Role.DISPATCHER])
    near = PersonFactory(organisation=network["west_outlet"])
    far = PersonFactory(organisation=network["east_outlet"])
    assert [
        can_ask_duty(asker, about)
        for asker, about in [
            (dispatcher, near),
            (dispatcher, far),
            (near, near),
            (near, dispatcher),
            (AnonymousUser(), near),
        ]
    ] == [True, False, True, False, False]
