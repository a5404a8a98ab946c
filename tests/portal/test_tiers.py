"""The organisation's own names for its tiers, wherever a tier is shown."""

import pytest
from django.urls import reverse

from portal.enums import Role, Tier
from portal.models import PortalSettings
from portal.organisations.domain import MisplacedOrganisation, add_organisation
from portal.organisations.tiers import tier_choices, tier_name
from tests.factories.portal import EquipmentUnitFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db

OWN = {"tier_hq": "珠海总部", "tier_region": "销售公司", "tier_outlet": "特约服务单位", "tier_customer": "消费者"}


@pytest.fixture
def own_names():
    """An organisation that has named its tiers."""
    settings = PortalSettings.load()
    for field, name in OWN.items():
        setattr(settings, field, name)
    settings.save()


@pytest.fixture
def administrator(client_of):
    """Her browser; she sees a network of all tiers."""
    hq = OrganisationFactory(name="甲公司")
    outlet = OrganisationFactory(parent=OrganisationFactory(parent=hq, tier=Tier.REGION), tier=Tier.OUTLET)
    OrganisationFactory(parent=outlet, tier=Tier.CUSTOMER)
    return client_of(PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]))


def test_names_are_neutral_until_the_organisation_says_its_own():
    assert tier_choices() == [("hq", "总部"), ("region", "区域"), ("outlet", "网点"), ("customer", "客户")]


def test_names_are_the_organisations(own_names):
    assert [tier_name(tier) for tier in Tier] == list(OWN.values())


@pytest.mark.parametrize("name", ["organisation:index", "organisation:add"])
def test_admin_lists_filters_and_offers_tiers_by_name(administrator, own_names, name):
    text = administrator.get(reverse(name)).content.decode()
    for own in OWN.values():
        assert own in text
    assert "总部" not in text.replace("珠海总部", "")


def test_the_list_is_narrowed_to_a_tier(administrator, own_names):
    found = administrator.get(reverse("organisation:index"), {"tier": "region"})
    assert [place.tier for place in found.context["object_list"]] == [Tier.REGION]
    assert "销售公司" in found.content.decode()


def test_a_refusal_speaks_of_the_tiers_by_name(own_names):
    hq = add_organisation("HQ", "甲公司", Tier.HQ)
    outlet = add_organisation("P", "一站", Tier.OUTLET, parent=hq)
    with pytest.raises(MisplacedOrganisation) as refused:
        add_organisation("R", "西南", Tier.REGION, parent=outlet)
    assert str(refused.value) == "“销售公司”不能设在“特约服务单位”之下。"


def test_a_machine_is_a_customers_by_that_name(client_of, own_names):
    customer = OrganisationFactory(tier=Tier.CUSTOMER)
    unit = EquipmentUnitFactory(customer=customer)
    client = client_of(PersonFactory(is_superuser=True))
    assert "消费者" in client.get(reverse("unit_list")).content.decode()
    assert ("消费者", customer.name) in client.get(reverse("unit_file", args=[unit.pk])).context["facts"]


def test_names_are_edited_in_the_settings(administrator, own_names):
    page = administrator.get(reverse("wagtailsettings:edit", args=["portal", "portalsettings"]), follow=True)
    text = page.content.decode()
    assert "各级名称" in text
    assert 'value="特约服务单位"' in text


def test_pages_and_paper_carry_the_names_of_the_settings(client):
    settings = PortalSettings.load()
    assert settings.issuer == "上岗通"
    settings.site_name, settings.organisation_name = "技能通", "甲公司"
    settings.save()
    text = client.get("/").content.decode()
    assert '<span class="site-header__name">技能通</span>' in text
    assert "· 技能通</title>" in text
    assert "tel:" not in text
    assert PortalSettings.load().issuer == "甲公司"
