"""Who may open what, asked of many people at once, is what is asked of each of them."""

import datetime as dt

import pytest
from django.utils import timezone

from portal.audiences import audiences_of, is_staff_member, who_open
from portal.enums import Audience, Role, Tier
from portal.models import Person
from tests.factories.portal import AssignmentFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("audience", Audience.values)
def test_many_are_asked_by_the_same_rule_as_one(audience):
    network = OrganisationFactory()
    customer = OrganisationFactory(parent=network, tier=Tier.CUSTOMER)
    PersonFactory(organisation=network, roles=[Role.ENGINEER])
    PersonFactory(organisation=network, roles=[Role.TRAINER, Role.MANAGER])
    PersonFactory(organisation=customer, roles=[Role.TRAINER])
    PersonFactory(organisation=customer, is_superuser=True)
    PersonFactory(organisation=None, roles=[Role.EDITOR])
    for record in (None, network, customer):
        for places in ([network], [customer], [network, customer]):
            person = PersonFactory(organisation=record, roles=[Role.EDITOR])
            for place in places:
                AssignmentFactory(person=person, organisation=place, start=timezone.localdate())
    everybody = Person.objects.all()
    one_by_one = {person.pk for person in everybody if audience in audiences_of(person)}
    found = list(who_open(everybody, audience).values_list("pk", flat=True))
    assert set(found) == one_by_one
    assert len(found) == len(set(found)), "two roles are one person"


DAY = dt.timedelta(days=1)


@pytest.fixture
def network():
    return OrganisationFactory()


@pytest.fixture
def customer(network):
    return OrganisationFactory(parent=network, tier=Tier.CUSTOMER)


def test_post_of_the_day_makes_staff_of_whom_no_record_places(network):
    person = PersonFactory(organisation=None)
    AssignmentFactory(person=person, organisation=network, start=timezone.localdate())
    assert is_staff_member(person)


def test_post_at_a_customers_ends_what_the_record_opened(network, customer):
    person = PersonFactory(organisation=network, roles=[Role.MANAGER])
    AssignmentFactory(person=person, organisation=customer, start=timezone.localdate())
    assert audiences_of(person) == {Audience.PUBLIC, Audience.CUSTOMERS}


def test_post_in_the_network_opens_what_staff_read_to_somebody_of_a_customer(network, customer):
    person = PersonFactory(organisation=customer)
    AssignmentFactory(person=person, organisation=network, start=timezone.localdate())
    assert is_staff_member(person)


def test_post_at_a_customers_beside_one_of_the_network_keeps_staff_knowledge_closed(network, customer):
    person = PersonFactory(organisation=network)
    for place in (network, customer):
        AssignmentFactory(person=person, organisation=place, start=timezone.localdate())
    assert not is_staff_member(person)


@pytest.mark.parametrize(("first", "last"), [(1, None), (-9, -1)])
def test_post_of_another_day_says_nothing_of_today(network, customer, first, last):
    person, today = PersonFactory(organisation=network), timezone.localdate()
    end = last and today + last * DAY
    AssignmentFactory(person=person, organisation=customer, start=today + first * DAY, end=end)
    assert is_staff_member(person)


def test_reader_is_placed_once_a_request(network, django_assert_num_queries):
    person = Person.objects.get(pk=PersonFactory(organisation=network).pk)
    audiences_of(person)
    with django_assert_num_queries(0):
        audiences_of(person)
