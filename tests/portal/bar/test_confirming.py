"""A second person confirms changes of the bar: who may, what waits for whom, and the page."""

import pytest
from django.urls import reverse

from portal.access.roles import synchronise_roles
from portal.acting import acting
from portal.bar.domain import confirm_change
from portal.bar.errors import BarChangeSettled, OwnBarChange
from portal.bar.queries import changes_in_sight, waiting_for
from portal.enums import Role, Tier
from portal.errors import NotAllowed
from portal.models import AuditEvent, BarChange, BarDecision
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
    StatutoryRuleFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    synchronise_roles()
    hq = OrganisationFactory()
    west, east = (OrganisationFactory(parent=hq, tier=Tier.REGION) for _ in range(2))
    roles = {
        "administrator": (hq, Role.ADMINISTRATOR),
        "second": (hq, Role.ADMINISTRATOR),
        "manager": (west, Role.MANAGER),
        "far_manager": (east, Role.MANAGER),
        "regional": (west, Role.REGIONAL_ADMINISTRATOR),
        "auditor": (hq, Role.AUDITOR),
        "engineer": (west, Role.ENGINEER),
    }
    return {name: PersonFactory(organisation=place, roles=[role]) for name, (place, role) in roles.items()}


def deregulated(by, **facts) -> BarChange:
    model = EquipmentModelFactory(is_regulated=True, **facts)
    with acting(by):
        model.is_regulated = False
        model.save()
    return BarChange.objects.get(record_id=model.pk, record_label="portal.equipmentmodel")


def opened_post(by) -> BarChange:
    post = PositionFactory(organisation=by.organisation, is_duty_gated=True)
    with acting(by):
        post.is_duty_gated = False
        post.save()
    return BarChange.objects.get(record_id=post.pk, record_label="portal.position")


@pytest.mark.parametrize("who", ["second", "manager", "far_manager"])
def test_a_second_person_confirms(network, who):
    change = deregulated(network["administrator"])

    decision = confirm_change(network[who], change)

    assert (decision.outcome, decision.decided_by) == ("confirmed", network[who])
    assert not BarChange.objects.waiting().exists()
    event = AuditEvent.objects.get(action="portal.bar_confirmed")
    assert (event.actor, event.detail["about"]) == (network[who], f"portal.equipmentmodel:{change.record_id}")


def test_nobody_confirms_their_own_change(network):
    change = deregulated(network["administrator"])

    with pytest.raises(OwnBarChange):
        confirm_change(network["administrator"], change)

    assert BarChange.objects.waiting().get() == change


def test_a_superuser_does_not_confirm_their_own_change_either(network):
    root = PersonFactory(is_superuser=True)

    with pytest.raises(OwnBarChange):
        confirm_change(root, deregulated(root))


@pytest.mark.parametrize("who", ["regional", "auditor", "engineer"])
def test_who_is_not_entitled_does_not_confirm(network, who):
    with pytest.raises(NotAllowed):
        confirm_change(network[who], deregulated(network["administrator"]))


def test_posts_are_confirmed_by_those_who_see_them(network):
    change = opened_post(network["regional"])

    assert change in changes_in_sight(network["manager"])
    assert change not in changes_in_sight(network["far_manager"])
    with pytest.raises(NotAllowed):
        confirm_change(network["far_manager"], change)
    assert confirm_change(network["manager"], change).decided_by == network["manager"]


def test_confirming_twice_is_once_and_what_was_settled_by_others_is_refused(network):
    change = deregulated(network["administrator"])
    first = confirm_change(network["second"], change)

    assert confirm_change(network["second"], change) == first
    with pytest.raises(BarChangeSettled):
        confirm_change(network["manager"], change)
    assert BarDecision.objects.count() == 1


def test_what_waits_for_whom(network):
    change = deregulated(network["administrator"])

    assert list(waiting_for(network["second"])) == [change]
    assert not waiting_for(network["administrator"]).exists()
    assert not waiting_for(network["auditor"]).exists()


def test_the_page_lists_what_waits_and_confirms(network, client_of):
    change = deregulated(network["administrator"], name="冷库", code="LK")
    client = client_of(network["second"])
    page = client.get(reverse("bar_changes")).content.decode()

    response = client.post(reverse("bar_confirm", args=[change.pk]), follow=True)

    assert "冷库 LK" in page
    assert reverse("equipmentmodel:edit", args=[change.record_id]) in page
    assert response.status_code == 200
    assert "冷库 LK" in client.get(reverse("bar_changes"), {"state": "settled"}).content.decode()
    assert BarDecision.objects.get().decided_by == network["second"]


def test_the_author_sees_the_change_without_a_button(network, client_of):
    change = deregulated(network["administrator"])
    client = client_of(network["administrator"])

    page = client.get(reverse("bar_changes")).content.decode()
    refused = client.post(reverse("bar_confirm", args=[change.pk]))

    assert reverse("bar_confirm", args=[change.pk]) not in page
    assert refused.status_code == 403
    assert not BarDecision.objects.exists()


def test_a_deleted_rule_is_listed_and_leads_to_entering_it_again(network, client_of):
    rule = StatutoryRuleFactory()
    with acting(network["administrator"]):
        rule.delete()

    page = client_of(network["second"]).get(reverse("bar_changes"), {"kind": "portal.statutoryrule"}).content.decode()

    assert reverse("statutoryrule:add") in page


def test_a_post_somebody_left_is_listed_in_words(network, client_of):
    administrator = network["administrator"]
    assignment = AssignmentFactory(person=administrator, organisation=administrator.organisation)
    with acting(administrator):
        assignment.delete()

    page = client_of(network["second"]).get(reverse("bar_changes")).content.decode()

    assert f"{assignment.position} · {assignment.organisation}" in page


def test_out_of_sight_is_not_found_and_others_have_no_page(network, client_of):
    change = opened_post(network["regional"])

    assert client_of(network["far_manager"]).post(reverse("bar_confirm", args=[change.pk])).status_code == 404
    assert client_of(network["engineer"]).get(reverse("bar_changes")).status_code == 403


def test_home_tells_who_may_confirm_and_who_waits(network, client_of):
    deregulated(network["administrator"])

    pages = {who: client_of(network[who]).get("/").content.decode() for who in ("second", "administrator", "engineer")}

    address = reverse("bar_changes")
    assert [address in pages[who] for who in pages] == [True, True, False]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_as_often_for_many_changes(network, client_of, django_assert_max_num_queries, number):
    for _ in range(number):
        deregulated(network["administrator"])
    client = client_of(network["second"])
    client.get(reverse("bar_changes"))

    with django_assert_max_num_queries(16):
        client.get(reverse("bar_changes"))
