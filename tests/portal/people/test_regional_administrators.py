"""Regional administrators keep the people, posts, assignments and machines of their branch, and gain nothing by it."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from portal.enums import Role, Tier
from portal.models import Assignment, EquipmentUnit, Person, Position
from tests.factories.portal import (
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    """A headquarters with two regions, one of which has an outlet and a customer."""
    hq = OrganisationFactory(name="总公司")
    west = OrganisationFactory(name="西区", parent=hq, tier=Tier.REGION)
    outlet = OrganisationFactory(name="成都网点", parent=west, tier=Tier.OUTLET)
    return {
        "hq": hq,
        "west": west,
        "outlet": outlet,
        "east": OrganisationFactory(name="东区", parent=hq, tier=Tier.REGION),
        "customer": OrganisationFactory(name="某酒店", parent=outlet, tier=Tier.CUSTOMER),
    }


@pytest.fixture
def keeper(network):
    """The regional administrator of the west."""
    return PersonFactory(organisation=network["west"], roles=[Role.REGIONAL_ADMINISTRATOR])


@pytest.fixture
def client(client_of, keeper):
    """The regional administrator's browser."""
    return client_of(keeper)


def person_form(place, **changes):
    form = {"staff_number": "N100", "name": "新来的", "mobile": "", "email": "", "joined_on": "2026-03-18"}
    return form | {"organisation": place.pk, "is_active": "on", "roles": [], "new_password": ""} | changes


def test_enters_a_person_of_the_branch_with_a_role_of_the_branch(client, network):
    engineer = Group.objects.get(name=Role.ENGINEER)
    data = person_form(network["outlet"], roles=[engineer.pk])
    assert client.post(reverse("wagtailusers_users:add"), data).status_code == 302
    person = Person.objects.get(staff_number="N100")
    assert (person.organisation, person.role_names) == (network["outlet"], {Role.ENGINEER})


@pytest.mark.parametrize("place", ["east", "hq"])
def test_enters_nobody_elsewhere(client, network, place):
    answer = client.post(reverse("wagtailusers_users:add"), person_form(network[place]))
    assert "organisation" in answer.context["form"].errors
    assert not Person.objects.filter(staff_number="N100").exists()


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.AUDITOR, Role.REGIONAL_ADMINISTRATOR, Role.MANAGER, Role.ASSESSOR, Role.EDITOR]
)
def test_gives_no_role_beyond_the_branch(client, network, role):
    beyond = Group.objects.get(name=role)
    answer = client.post(reverse("wagtailusers_users:add"), person_form(network["outlet"], roles=[beyond.pk]))
    assert "roles" in answer.context["form"].errors
    person = PersonFactory(organisation=network["outlet"])
    bulk = reverse("wagtail_bulk_action", args=["portal", "person", "assign_role"])
    client.post(f"{bulk}?id={person.pk}", {"role": beyond.pk})
    assert not person.groups.filter(pk=beyond.pk).exists()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.MANAGER])
def test_sets_no_password_of_somebody_who_may_more(client, network, role):
    chief = PersonFactory(organisation=network["west"], roles=[role], password="unchanged-1")
    address = reverse("wagtailusers_users:edit", args=[chief.pk])
    data = person_form(network["west"], staff_number=chief.staff_number, new_password="taken-over-2026")
    assert client.get(address).status_code == 404
    assert client.post(address, data).status_code == 404
    assert Person.objects.get(pk=chief.pk).check_password("unchanged-1")


def test_own_roles_stay_as_they_are(client, keeper, network):
    administrator = Group.objects.get(name=Role.ADMINISTRATOR)
    data = person_form(network["west"], staff_number=keeper.staff_number, roles=[administrator.pk])
    assert client.post(reverse("wagtailusers_users:edit", args=[keeper.pk]), data).status_code == 302
    assert Person.objects.get(pk=keeper.pk).role_names == {Role.REGIONAL_ADMINISTRATOR}


@pytest.mark.parametrize(("place", "added"), [("outlet", 1), ("east", 0)])
def test_adds_posts_assignments_and_machines_of_the_branch_only(client, network, place, added):
    data = {"organisation": network[place].pk, "title": "维修工", "responsibilities": "", "headcount": "2"}
    client.post(reverse("position:add"), data)
    assert Position.objects.filter(title="维修工").count() == added
    post = PositionFactory(organisation=network[place])
    person = PersonFactory(organisation=network[place])
    data = {"person": person.pk, "position": post.pk, "organisation": network[place].pk, "start": "2026-03-01"}
    client.post(reverse("assignment:add"), data | {"end": ""})
    assert Assignment.objects.filter(person=person).count() == added
    customer = network["customer"] if added else OrganisationFactory(parent=network["east"], tier=Tier.CUSTOMER)
    data = {"serial": "SN-1", "model": EquipmentModelFactory().pk, "customer": customer.pk, "place": "后厨"}
    client.post(reverse("equipmentunit:add"), data)
    assert EquipmentUnit.objects.filter(serial="SN-1").count() == added


def test_somebody_transferred_into_the_branch_is_kept_there(client, network):
    post = PositionFactory(organisation=network["outlet"])
    person = PersonFactory(organisation=network["east"], name="调来的")
    assert "调来的" not in client.get(reverse("wagtailusers_users:index")).content.decode()
    Assignment.objects.create(person=person, position=post, organisation=network["outlet"], start=dt.date(2026, 1, 1))
    assert "调来的" in client.get(reverse("wagtailusers_users:index")).content.decode()


def given(network, place, person=None, **changes):
    post = PositionFactory(organisation=network[place], title="技术工程师")
    person = person or PersonFactory(organisation=network["outlet"])
    data = {"person": person.pk, "position": post.pk, "organisation": network["outlet"].pk, "start": "2026-03-01"}
    return post, person, data | {"end": ""} | changes


@pytest.mark.parametrize(("place", "number"), [("hq", 1), ("west", 1), ("outlet", 1), ("east", 0)])
def test_gives_people_of_the_branch_posts_kept_above_it(client, network, place, number):
    post, person, data = given(network, place)
    client.post(reverse("assignment:add"), data)
    assert Assignment.objects.filter(person=person, position=post).count() == number


@pytest.mark.parametrize("outside", ["person", "organisation"])
def test_gives_a_post_of_headquarters_to_nobody_outside_the_branch(client, network, outside):
    stranger = PersonFactory(organisation=network["east"])
    _post, _person, data = given(network, "hq")
    data |= {"person": stranger.pk} if outside == "person" else {"organisation": network["east"].pk}
    answer = client.post(reverse("assignment:add"), data)
    assert outside in answer.context["form"].errors
    assert not Assignment.objects.exists()


def test_posts_above_the_branch_are_not_opened_or_changed(client, network):
    post, _person, _data = given(network, "hq")
    address = reverse("position:edit", args=[post.pk])
    changed = {"organisation": network["west"].pk, "title": "别的", "responsibilities": "", "headcount": "9"}
    assert client.get(address).status_code == 404
    assert client.post(address, changed).status_code == 404
    post.refresh_from_db()
    assert post.title == "技术工程师"
    assert "技术工程师" not in client.get(reverse("position:index")).content.decode()


def test_own_post_may_report_to_one_above(client, network):
    above, _person, _data = given(network, "hq")
    data = {"organisation": network["outlet"].pk, "title": "维修工", "responsibilities": "", "headcount": "2"}
    assert client.post(reverse("position:add"), data | {"reports_to": above.pk}).status_code == 302
    assert Position.objects.get(title="维修工").reports_to == above


def test_posts_found_by_typing_are_those_that_may_be_given(client, network):
    for place in ("hq", "outlet", "east"):
        PositionFactory(organisation=network[place], title=f"工程师 {place}")
    found = client.get(reverse("long_choices", args=["portal.position"]), {"q": "工程师"}).json()["records"]
    assert {label.rpartition(" ")[2] for _key, label in found} == {"hq", "outlet"}
