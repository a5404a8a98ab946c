"""Cover by outlet: certified, expiring, needed."""

import pytest

from portal.models import Organisation, PortalSettings
from tests.certification.requesting import get
from tests.factories.certification import (
    certificate_for,
    full_scheme,
)

pytestmark = pytest.mark.django_db


def test_coverage_counts_certified_expiring_and_needed(network, client_of):
    Organisation.objects.filter(pk=network["outlet"].pk).update(min_certified=2)
    certificate_for(network["technician"], network["scheme"])
    certificate_for(network["colleague"], network["scheme"], days_ago=700)

    covers = get(client_of, network["manager"], "coverage").context["covers"]

    (cover,) = covers
    assert (len(cover.certified), len(cover.expiring), cover.needed, cover.people) == (2, 1, 2, 3)
    assert cover.lamp == "amber"


def test_coverage_of_one_scheme_and_red_below_what_is_needed(network, client_of):
    other = full_scheme()
    certificate_for(network["technician"], other)

    (cover,) = get(client_of, network["manager"], "coverage", scheme=network["scheme"].code).context["covers"]

    assert (len(cover.certified), cover.lamp) == (0, "red")


def test_coverage_speaks_of_outlets_by_the_organisations_own_name(network, client_of):
    settings = PortalSettings.load()
    settings.tier_outlet = "特约服务单位"
    settings.save()
    text = get(client_of, network["manager"], "coverage").content.decode()
    assert "各特约服务单位可上岗人数与最低要求。" in text
    assert '<th scope="col">特约服务单位</th>' in text
    Organisation.objects.filter(pk=network["outlet"].pk).update(tier="region")
    assert "范围内没有特约服务单位" in get(client_of, network["manager"], "coverage").content.decode()
