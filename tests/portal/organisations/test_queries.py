"""Which outlets a reader finds, and who serves a prefecture."""

import pytest
from django.contrib.auth.models import AnonymousUser

from portal.enums import Role, Tier
from portal.models import Organisation, ServiceArea
from portal.organisations.queries import outlets_of_network, serving
from tests.factories.portal import OrganisationFactory, PersonFactory
from tests.portal.organisations.conftest import add_outlet

pytestmark = pytest.mark.django_db


def names(outlets):
    return [outlet.name for outlet in outlets]


def found_by(reader, area):
    return serving(outlets_of_network(reader), area)


@pytest.fixture
def engineer(places):
    """Somebody of the staff."""
    return PersonFactory(organisation=places["guangan"], roles=[Role.ENGINEER])


def test_staff_find_the_outlets_of_their_network_in_its_order(places, engineer):
    expected = Organisation.objects.filter(tier=Tier.OUTLET).order_by("path")
    assert names(outlets_of_network(engineer)) == names(expected)


def test_a_customer_finds_the_outlet_that_serves_it_first(places):
    outlets = list(outlets_of_network(PersonFactory(organisation=places["customer"])))
    assert outlets[0] == places["dazhou"]
    assert [outlet.serves_reader for outlet in outlets] == [1, 0, 0]


def test_headquarters_with_areas_are_listed_regions_without_are_not(places, engineer):
    ServiceArea.objects.create(organisation=places["hq"], prefecture="雅安")
    listed = names(outlets_of_network(engineer))
    assert "总公司" in listed
    assert "川东北大区" not in listed


def test_nobody_and_the_inactive_find_nothing(places):
    assert names(outlets_of_network(AnonymousUser())) == []
    assert names(outlets_of_network(PersonFactory(organisation=places["hq"], is_active=False))) == []


@pytest.mark.parametrize("tier", [Tier.OUTLET, Tier.CUSTOMER])
def test_outlets_of_another_network_are_not_found(places, tier):
    other = OrganisationFactory()
    reader = PersonFactory(organisation=OrganisationFactory(parent=other, tier=tier), roles=[Role.MANAGER])
    assert set(names(outlets_of_network(reader))).isdisjoint(["甲广安网点", "乙达州网点", "丙直属网点"])
    assert names(found_by(reader, "广安").outlets) == []


@pytest.mark.parametrize("area", ["广安", "广安市", "广 安", "四川广安"])
def test_overlapping_areas_list_every_outlet(places, engineer, area):
    found = found_by(engineer, area)
    assert set(names(found.outlets)) == {"甲广安网点", "乙达州网点"}
    assert (found.prefectures, found.is_fallback) == (["广安"], False)


def test_the_outlet_for_emergencies_answers_where_nobody_does(places, engineer):
    found = found_by(engineer, "北京")
    assert names(found.outlets) == ["丙直属网点"]
    assert (found.prefectures, found.is_fallback) == ([], True)


def test_the_outlet_for_emergencies_does_not_answer_where_somebody_does(places, engineer):
    assert names(found_by(engineer, "达州").outlets) == ["乙达州网点"]


def test_an_area_two_spellings_of_which_are_on_record_finds_both(places, engineer):
    add_outlet(places["region"], "丁广安市网点", ["广安市"])
    assert set(names(found_by(engineer, "广安").outlets)) == {"甲广安网点", "乙达州网点", "丁广安市网点"}
