"""The demo data: complete, invented, and the same after a second run."""

import pytest
from django.core.management import call_command

from portal import demo_loaders
from portal.demo import data
from portal.enums import Task
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

pytestmark = pytest.mark.django_db
STEPS = (
    demo_loaders.load_organisations,
    demo_loaders.load_positions,
    demo_loaders.load_people,
    demo_loaders.load_equipment,
    demo_loaders.load_statutory_rules,
    demo_loaders.load_units,
    demo_loaders.load_pages,
)


@pytest.fixture
def demo():
    """The ground floor's part of the demo data."""
    return [step() for step in STEPS]


def test_second_run_changes_nothing(demo):
    events = AuditEvent.objects.count()
    addresses = [label_address(unit) for unit in EquipmentUnit.objects.all()]
    assert [step() for step in STEPS] == demo
    assert AuditEvent.objects.count() == events
    assert [label_address(unit) for unit in EquipmentUnit.objects.all()] == addresses


def test_what_the_walk_needs_is_there(demo):
    technician = Person.objects.get(staff_number="T001")
    assert technician.check_password(demo_loaders.DEMO_PASSWORD)
    assert technician.role_names == {"engineer"}
    assert [person.staff_number for person in demo_loaders.demo_sign_ins()] == (
        ["T001", "T002", "R001", "A001", "D001", "E001", "M001", "C001", "U001", "S001"]
    )
    assert HomePage.objects.get().get_url() == "/"
    assert PortalSettings.load().hotline == data("organisation")["organisations"][0]["hotline"]


def test_network_keeps_its_order(demo):
    assert Organisation.find_problems() == ([], [], [], [], [])
    assert Organisation.objects.count() == 34
    assert Position.objects.count() == 62
    hotel = Organisation.objects.get(code="CU-01")
    assert hotel.get_parent().code == "KT-W2"


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


def test_command_prints_a_summary(capsys, monkeypatch):
    monkeypatch.setattr("portal.demo._loaders", demo_loaders_of_the_ground_floor())
    call_command("load_demo", "--no-index")
    printed = capsys.readouterr().out
    assert "34 organisations" in printed
    assert "Demo data is in place" in printed


def demo_loaders_of_the_ground_floor():
    """The steps of this app as the registry holds them."""
    from portal.demo import loaders

    return [loader for loader in loaders() if loader.order < 20]
