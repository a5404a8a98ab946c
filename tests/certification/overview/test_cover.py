"""Cover by outlet: certified, expiring, needed."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from portal.models import Organisation, PortalSettings
from tests.certification.requesting import get
from tests.factories.certification import (
    certificate_for,
    full_scheme,
)
from tests.factories.portal import AssignmentFactory

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


DAY = dt.timedelta(days=1)
READERS = ("manager", "far_manager", "auditor", "administrator")


@pytest.fixture
def moving(network):
    """The technician, certified, of the west until today and of the east from tomorrow on."""
    person, today = network["technician"], timezone.localdate()
    certificate_for(person, network["scheme"], days_ago=60)
    person.assignments.all().delete()
    AssignmentFactory(person=person, organisation=network["outlet"], start=today - 90 * DAY, end=today)
    AssignmentFactory(person=person, organisation=network["stranger"].organisation, start=today + DAY)
    return person


def numbers(client_of, reader, on):
    covers = get(client_of, reader, "coverage", on=on.isoformat()).context["covers"]
    return {cover.organisation.pk: (len(cover.certified), cover.people) for cover in covers}


@pytest.mark.parametrize("days", [-30, 0, 1, 30])
def test_an_outlet_and_a_day_have_one_number_whoever_asks(network, client_of, moving, days):
    day = timezone.localdate() + days * DAY
    told = {name: numbers(client_of, network[name], day) for name in READERS}
    here, there = network["outlet"].pk, network["stranger"].organisation.pk
    assert {name: found.get(here) for name, found in told.items()} == {
        "manager": told["auditor"][here], "far_manager": None,
        "auditor": told["auditor"][here], "administrator": told["auditor"][here],
    }  # fmt: skip
    assert told["far_manager"][there] == told["auditor"][there] == told["administrator"][there]
    assert (told["auditor"][here][0], told["auditor"][there][0]) == ((1, 0) if days < 1 else (0, 1))


def test_yesterdays_place_answers_for_yesterday(network, client_of, moving):
    today = timezone.localdate()
    with time_machine.travel(dt.datetime.combine(today + DAY, dt.time(4), tzinfo=dt.UTC), tick=False):
        assert numbers(client_of, network["manager"], today)[network["outlet"].pk][0] == 1
        assert numbers(client_of, network["manager"], today + DAY)[network["outlet"].pk][0] == 0


def test_forecast_counts_each_month_who_works_there_then(network, client_of, moving):
    told = {}
    for reader in ("manager", "far_manager", "auditor"):
        sites = get(client_of, network[reader], "forecast").context["forecast"].sites
        told[reader] = {site.organisation.pk: [moving.pk in heads for heads in site.heads] for site in sites}
    here, there = network["outlet"].pk, network["stranger"].organisation.pk
    assert told["manager"][here] == told["auditor"][here] == [True] + [False] * 5
    assert told["far_manager"][there] == told["auditor"][there] == [False] + [True] * 5


def test_who_was_qualified_is_asked_where_they_worked(network, client_of, moving):
    today, asked = timezone.localdate(), {"equipment": "冷库", "task": "repair"}
    for on, reader, seen in (
        (today, "manager", True),
        (today, "far_manager", False),
        (today + DAY, "manager", False),
        (today + DAY, "far_manager", True),
    ):
        page = get(client_of, network[reader], "duty", on=on.isoformat(), **asked)
        assert (moving.pk in [each.person.pk for each in page.context["page_obj"]]) is seen


@pytest.mark.parametrize(("days", "state"), [(0, "unknown"), (1, "allowed")])
def test_roster_of_a_coming_day_asks_about_who_works_there_then(network, client_of, moving, days, state):
    day = timezone.localdate() + days * DAY
    asked = {"people": moving.staff_number, "equipment": "冷库", "days": day.isoformat(), "task": "repair"}
    answered = client_of(network["far_manager"]).post("/certification/duty/list/", asked).context["answered"]
    assert [answer.state for answer in answered.answers] == ([state] if days else [])
    assert len(answered.problems) == (0 if days else 1)
    roster = {"organisation": network["stranger"].organisation.code, "equipment": "冷库", "days": day.isoformat()}
    answered = client_of(network["far_manager"]).post("/certification/duty/list/", roster).context["answered"]
    assert (moving.pk in [answer.person.pk for answer in answered.answers]) is bool(days)
