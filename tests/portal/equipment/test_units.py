"""The page a machine's label opens, the list of machines, label sheets."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from portal.access.sight import units_in_sight
from portal.enums import Role, Tier
from portal.equipment.domain import add_unit, label_token, renew_label
from portal.equipment.labels import Label, TooManyLabels, labels
from portal.models import AccessToken, PortalSettings
from portal.registry.tiles import Tile, _unit_makers, register_unit_tile
from tests.factories.portal import EquipmentModelFactory, EquipmentUnitFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def network():
    """A headquarters with a region, an outlet, two customers; and somebody else's headquarters."""
    hq = OrganisationFactory()
    region = OrganisationFactory(parent=hq, tier=Tier.REGION)
    outlet = OrganisationFactory(parent=region, tier=Tier.OUTLET)
    return {
        "hq": hq,
        "region": region,
        "outlet": outlet,
        "hotel": OrganisationFactory(parent=outlet, tier=Tier.CUSTOMER, name="蓉栖大酒店", address="望蓉街18号"),
        "school": OrganisationFactory(parent=hq, tier=Tier.CUSTOMER, name="实验学校"),
        "rival": OrganisationFactory(),
    }


@pytest.fixture
def unit(network):
    """A cold room in the hotel."""
    model = EquipmentModelFactory(name="冷库", code="RF-LK")
    return add_unit("SC-1", model, customer=network["hotel"], place="一层北侧")


def address_of(unit):
    """Where its label leads."""
    return reverse("unit", args=[label_token(unit).secret])


def test_label_shows_the_machine_but_not_the_customer_to_strangers(client, unit):
    page = client.get(address_of(unit))
    text = page.content.decode()
    assert page.status_code == 200
    assert "冷库" in text
    assert "SC-1" in text
    assert not any(secret in text for secret in ("蓉栖", "望蓉街", "一层北侧"))
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("place", "role", "sees"),
    [
        ("outlet", Role.ENGINEER, True),
        ("hq", Role.ADMINISTRATOR, True),
        ("hotel", Role.CUSTOMER_CONTACT, True),
        ("school", Role.CUSTOMER_CONTACT, False),
        ("rival", Role.ADMINISTRATOR, False),
    ],
)
def test_customer_is_shown_to_staff_and_to_that_customer(client_of, network, unit, place, role, sees):
    reader = PersonFactory(organisation=network[place], roles=[role])
    client = client_of(reader)
    assert ("望蓉街18号" in client.get(address_of(unit)).content.decode()) is sees
    assert client.get(reverse("unit_file", args=[unit.pk])).status_code == (200 if sees else 404)
    assert ("SC-1" in client.get(reverse("unit_list")).content.decode()) is sees


def test_wrong_and_revoked_labels_lead_nowhere(client, unit):
    old = address_of(unit)
    assert client.get(reverse("unit", args=["0" * 32])).status_code == 404
    renew_label(unit)
    assert client.get(old).status_code == 404
    assert client.get(address_of(unit)).status_code == 200


def test_calendar_secret_opens_no_machine(client, unit):
    token = AccessToken.objects.mint("calendar", f"unit:{unit.pk}")
    assert client.get(reverse("unit", args=[token.secret])).status_code == 404


def test_database_holds_no_secret_that_opens_a_label(unit):
    token = label_token(unit)
    stored = AccessToken.objects.values().get(pk=token.pk)
    assert token.secret not in str(stored)
    assert len(token.secret) == 32


def test_panels_of_upper_apps_stand_on_the_page(client, unit):
    seen = []
    register_unit_tile(1, lambda request, machine: seen.append((request.user.is_authenticated, machine)))
    register_unit_tile(2, lambda request, machine: Tile("components/tag.html", {}))
    try:
        assert client.get(address_of(unit)).status_code == 200
    finally:
        _unit_makers[:] = [entry for entry in _unit_makers if entry[0] > 2]
    assert seen == [(False, unit)]


@pytest.mark.parametrize(("place", "role", "status"), [("region", Role.MANAGER, 200), ("hq", Role.ADMINISTRATOR, 200)])
def test_label_sheet_is_a_pdf_for_who_prints_labels(client_of, network, unit, place, role, status):
    answer = client_of(PersonFactory(organisation=network[place], roles=[role])).get(reverse("unit_labels"))
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("place", "role"), [("outlet", Role.ENGINEER), ("hotel", Role.MANAGER), ("rival", Role.MANAGER)]
)
def test_label_sheet_is_refused_or_empty_for_others(client_of, network, unit, place, role):
    reader = PersonFactory(organisation=network[place], roles=[role])
    answer = client_of(reader).get(reverse("unit_labels"))
    if role == Role.ENGINEER:
        assert answer.status_code == 403
    else:
        assert unit not in units_in_sight(reader) or place == "hotel"


def test_label_sheet_refuses_more_than_a_file_holds(network, monkeypatch):
    monkeypatch.setattr("portal.equipment.labels.MAX_LABELS", 1)
    EquipmentUnitFactory.create_batch(2)
    with pytest.raises(TooManyLabels) as refusal:
        labels(EquipmentUnitFactory._meta.model.objects.all())
    assert refusal.value.params == {"count": 2, "limit": 1}


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries_for_any_length(client_of, network, count, django_assert_num_queries):
    EquipmentUnitFactory.create_batch(count, customer=network["hotel"])
    client = client_of(PersonFactory(organisation=network["outlet"], roles=[Role.ENGINEER]))
    client.get(reverse("unit_list"))
    with django_assert_num_queries(8):
        client.get(reverse("unit_list"))


def test_list_finds_by_alias_and_keeps_the_words(client_of, network, unit):
    unit.model.aliases.create(name="冻库")
    client = client_of(PersonFactory(organisation=network["outlet"]))
    assert "SC-1" in client.get(reverse("unit_list"), {"find": "冻库"}).content.decode()
    nothing = client.get(reverse("unit_list"), {"find": "洗衣机"}).content.decode()
    assert "SC-1" not in nothing
    assert 'value="洗衣机"' in nothing


def test_list_needs_a_sign_in(client):
    assert client.get(reverse("unit_list")).status_code == 302
    assert client.get(reverse("unit_labels")).status_code == 302


def test_a_label_that_says_much_is_set_smaller_and_names_the_hotline_before_the_cards(unit):
    PortalSettings.objects.update_or_create(defaults={"hotline": "400-000-1234"})
    unit.model.name = "天然气、电两用蒸饭柜"
    short, long = (Label(unit, "x", "x", cards) for cards in ((), ("燃气燃烧器具安装维修", "低压电工作业")))
    assert (short.is_long, long.is_long) == (False, True)
    context = {"labels": [long], "look": "labels", "portal_settings": PortalSettings.load()}
    markup = render_to_string("portal/equipment/print/unit_labels.html", context)
    assert "label--long" in markup
    assert markup.index("400-000-1234") < markup.index("低压电工作业")
