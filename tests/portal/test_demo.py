"""The demo data: one organisation, complete, invented, and the same after a second run."""

import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.demo import loaders as demo_loaders
from portal.enums import Role, Task, Tier
from portal.equipment.labels import label_address
from portal.equipment.statutory import kinds_required, regulated_without_rule
from portal.models import (
    AuditEvent,
    EquipmentModel,
    EquipmentUnit,
    HomePage,
    Organisation,
    Person,
    PortalSettings,
    Position,
)
from portal.organisations.domain import add_organisation
from portal.registry.demo import ALL_ARTICLES, PACKAGES_DIR, data, loaders, package, profiles

pytestmark = pytest.mark.django_db


def ground_floor():
    """The steps of this app as the registry holds them."""
    return [loader for loader in loaders() if loader.order < 20]


@pytest.fixture
def demo():
    """The ground floor's part of the demo data."""
    return {step.name: step.load() for step in ground_floor()}


def test_second_run_changes_nothing(demo):
    events = AuditEvent.objects.count()
    addresses = [label_address(unit) for unit in EquipmentUnit.objects.all()]
    assert {step.name: step.load() for step in ground_floor()} == demo | {
        "settings": {"settings": 0},
        "topics": {"topics": 0},
    }
    assert AuditEvent.objects.count() == events
    assert [label_address(unit) for unit in EquipmentUnit.objects.all()] == addresses


def test_what_the_walk_needs_is_there(demo):
    technician = Person.objects.get(staff_number="T001")
    assert technician.check_password(demo_loaders.DEMO_PASSWORD)
    assert technician.role_names == {"engineer"}
    assert [person.staff_number for person in demo_loaders.demo_sign_ins()] == (
        ["T001", "T002", "R001", "A001", "D001", "E001", "M001", "C001", "U001", "S001", "B001"]
    )
    assert HomePage.objects.get().get_url() == "/"


def test_everybody_belongs_to_one_network_of_three_tiers(demo):
    assert Organisation.find_problems() == ([], [], [], [], [])
    (root,) = Organisation.get_root_nodes()
    assert (root.code, root.tier) == ("KT", Tier.HQ)
    assert Counter(Organisation.objects.values_list("tier", flat=True)) == {
        Tier.HQ: 1,
        Tier.REGION: 3,
        Tier.OUTLET: 10,
        Tier.CUSTOMER: 5,
    }
    assert all(outlet.areas.exists() for outlet in Organisation.objects.filter(tier=Tier.OUTLET))
    customers = Organisation.objects.filter(tier=Tier.CUSTOMER)
    assert {customer.get_parent().tier for customer in customers} == {Tier.OUTLET}
    assert Person.objects.count() == 43
    assert not Person.objects.filter(organisation=None).exists()
    contacts = Person.objects.filter(groups__name=Role.CUSTOMER_CONTACT)
    assert {person.organisation for person in contacts} == set(customers)


def test_posts_have_duties_superiors_and_a_headcount(demo):
    posts = Position.objects.all()
    assert posts.count() == 15
    assert [post.title for post in posts if not post.responsibilities] == []
    assert [post.title for post in posts if post.reports_to is None] == ["客户受训人员", "总经理"]
    assert [post.title for post in posts if post.headcount is None] == ["客户受训人员"]
    crowded = [
        post.title
        for post in posts.exclude(headcount=None)
        if post.assignments.values("person").distinct().count() > post.headcount
    ]
    assert crowded == []


def test_lifts_and_machines_with_a_refrigerant_are_regulated(demo):
    regulated = EquipmentModel.objects.filter(is_regulated=True)
    assert set(regulated.values_list("category__code", flat=True)) == {"DU", "RF"}
    assert not EquipmentModel.objects.get(code="RF-LYH").is_regulated


def test_names_are_the_organisations_own(demo):
    settings = PortalSettings.load()
    wanted = data("organisation")["settings"]
    assert {name: getattr(settings, name) for name in wanted} == wanted
    assert settings.organisation_name == Organisation.get_first_root_node().name


def test_what_an_administrator_named_stays(demo):
    settings = PortalSettings.load()
    settings.hotline = "028-0000-0000"
    settings.save()
    assert demo_loaders.load_settings() == {"settings": 0}
    assert PortalSettings.load().hotline == "028-0000-0000"


def test_demo_is_not_loaded_into_somebody_elses_portal():
    add_organisation("HQ", "别家公司", Tier.HQ)
    with pytest.raises(CommandError, match="别家公司"):
        call_command("load_demo", "--no-index", verbosity=0)
    assert list(Organisation.objects.values_list("code", flat=True)) == ["HQ"]
    assert not Person.objects.exists()


def test_certified_technician_holds_what_the_rules_demand_for_a_cold_room(demo):
    cards = {entry["staff_no"]: {card["kind"] for card in entry["statutory"]} for entry in data("people")["people"]}
    needed = {kind.code for kind in kinds_required(EquipmentModel.objects.get(code="RF-LK"), Task.REPAIR)}
    assert needed == {"SK-RFI"}
    assert needed <= cards["T002"]
    assert cards["T001"] == set()
    assert kinds_required(EquipmentModel.objects.get(code="RF-LK"), Task.OPERATE) == []


def test_regulated_demo_equipment_has_rules(demo):
    assert not regulated_without_rule().exists()
    lift = kinds_required(EquipmentModel.objects.get(code="DU-CC"), Task.MAINTAIN)
    assert [kind.project_codes for kind in lift] == [["T"]]


def test_people_without_sign_in_have_no_password(demo):
    silent = [entry["staff_no"] for entry in data("people")["people"] if not entry["sign_in"]]
    assert silent
    assert not any(person.has_usable_password() for person in Person.objects.filter(staff_number__in=silent))


def test_telephone_numbers_are_of_the_invented_kind(demo):
    numbers = [*Person.objects.values_list("mobile", flat=True), *Organisation.objects.values_list("phone", flat=True)]
    assert all(number == "" or number.startswith("13800") for number in numbers)


def test_every_package_speaks_of_records_it_or_the_profile_has():
    with package(ALL_ARTICLES):
        others = {row["id"] for row in data("faults")["faults"]}
        assert [loader.name for loader in loaders()] == ["equipment", "topics", "manuals", "faults"]
    assert profiles() == ["kitchen"]
    kitchen = {row["id"] for row in data("faults")["faults"]}
    assert (len(kitchen), len(others), kitchen & others) == (38, 19, set())
    own = {row["code"] for row in data("equipment")["models"]}
    assert {code for row in data("faults")["faults"] for code in row["equipment_codes"]} <= own
    for file in PACKAGES_DIR.glob("*/*.json"):
        assert json.loads(file.read_text(encoding="utf-8"))["about"]


def test_command_prints_a_summary(capsys, monkeypatch):
    monkeypatch.setattr("portal.registry.demo._loaders", ground_floor())
    call_command("load_demo", "--no-index", "--profile", "kitchen")
    printed = capsys.readouterr().out
    assert "19 organisations" in printed
    assert "12 categories, 44 models" in printed
    assert "Demo data is in place" in printed
    call_command("load_demo", "--no-index", "--all-articles")
    assert "23 categories, 58 models" in capsys.readouterr().out
