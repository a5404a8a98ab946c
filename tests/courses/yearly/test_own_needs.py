"""What people say they need themselves: who may, who reads it, and what the plan makes of it."""

import pytest
from django.urls import reverse

from courses.models import OwnNeed
from courses.yearly import domain
from courses.yearly.errors import NeedsNotAsked, NotForYou, NotYourPlan
from courses.yearly.queries import needs_of
from portal.enums import Role
from portal.models import AuditEvent, PortalSettings
from tests.factories.courses import TrainingModuleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db
YEAR = 2027


@pytest.fixture
def said(world):
    """The technician of the outlet needs a module in the second quarter."""
    return domain.say_own_need(world.module, year=YEAR, quarter=2, by=world.technician)


def needed(world, place):
    plan = domain.start_plan(place, YEAR, by=world.administrator)
    return [(need.module, need.quarter, need.heads) for need in needs_of(plan)]


def test_own_need_counts_until_the_place_says_a_number(world, said):
    assert needed(world, world.west) == [(world.module, 2, 1)]
    domain.say_need(world.outlet, world.module, year=YEAR, quarter=2, heads=3, by=world.manager)
    # The technician is one of the three.
    assert needed(world, world.west) == [(world.module, 2, 3)]
    assert needed(world, world.east) == []


def test_said_again_the_last_quarter_holds(world, said):
    domain.say_own_need(world.module, year=YEAR, quarter=4, by=world.technician, note=" 新机型 ")
    need = OwnNeed.objects.get()
    assert (need.quarter, need.note, need.organisation) == (4, "新机型", world.technician.organisation)
    assert AuditEvent.objects.filter(action="courses.own_need_said").count() == 2


def test_who_left_needs_nothing(world, said):
    type(world.technician).objects.filter(pk=world.technician.pk).update(is_active=False)
    assert needed(world, world.west) == []


def test_an_outlets_manager_says_needs_of_the_outlet_and_of_no_other(world, client_of):
    manager = PersonFactory(organisation=world.outlet, roles=[Role.MANAGER])
    domain.say_need(world.outlet, world.module, year=YEAR, quarter=1, heads=2, by=manager)
    for place in (world.west, world.east):
        with pytest.raises(NotYourPlan):
            domain.say_need(place, world.module, year=YEAR, quarter=1, heads=2, by=manager)
    page = client_of(manager).get(reverse("courses:yearly_needs"))
    assert list(page.context["form"].fields["organisation"].queryset) == [world.outlet]


@pytest.mark.parametrize("name", ["contact", "customer_user"])
def test_customers_are_not_asked(world, name):
    person = getattr(world, name, None) or PersonFactory(organisation=world.customer)
    with pytest.raises(NeedsNotAsked):
        domain.say_own_need(world.module, year=YEAR, quarter=1, by=person)


def test_nobody_is_asked_where_the_organisation_does_not(world, client_of):
    settings = PortalSettings.load()
    settings.people_say_needs = False
    settings.save()
    with pytest.raises(NeedsNotAsked):
        domain.say_own_need(world.module, year=YEAR, quarter=1, by=world.technician)
    client = client_of(world.technician)
    assert client.get(reverse("courses:own_needs")).status_code == 403
    assert reverse("courses:own_needs") not in client.get(reverse("courses:my")).text


def test_a_module_for_others_is_refused(world):
    hidden = TrainingModuleFactory(live=False)
    with pytest.raises(NotForYou):
        domain.say_own_need(hidden, year=YEAR, quarter=1, by=world.technician)


def test_page_says_and_takes_back_and_is_ones_own(world, client_of, time_machine):
    time_machine.move_to("2026-11-27T04:00:00+00:00", tick=False)
    client, address = client_of(world.technician), reverse("courses:own_needs")
    assert address in client.get(reverse("courses:my")).text
    facts = {"module": world.module.pk, "year": 2027, "quarter": 3, "note": ""}
    assert client.post(address, facts | {"year": 2031}).status_code == 422
    assert client.post(address, facts).status_code == 302
    assert world.module.title in client.get(address).text
    back = reverse("courses:own_need_back", args=[OwnNeed.objects.get().pk])
    assert client_of(world.stranger).post(back).status_code == 404
    assert [client.post(back).status_code for _turn in range(2)] == [302, 404]
    assert not OwnNeed.objects.exists()


def test_managers_read_what_their_people_said_and_no_others(world, client_of, said):
    address = reverse("courses:yearly_needs") + "?said=people"
    assert world.technician.name in client_of(world.manager).get(address).text
    assert world.technician.name not in client_of(world.other_manager).get(address).text
    assert client_of(world.technician).get(address).status_code == 403
