"""Organisation tree, equipment and cards from tables, each in and out again."""

import dataclasses
import datetime as dt

import pytest

from certification.models import StatutoryCertificate
from certification.statutory.domain import verify_statutory
from certification.statutory.imports import kind as cards
from portal.enums import ImportState, Role, Tier
from portal.equipment.imports import models_kind, units_kind
from portal.errors import NotAllowed
from portal.exchange.imports import domain
from portal.exchange.imports.errors import RestsOnIt
from portal.exchange.imports.reading import UnreadableImport
from portal.models import EquipmentModel, EquipmentUnit, Organisation, Position
from portal.organisations.imports import kind as organisations
from portal.registry.imports import Outcome, _kinds
from tests.factories.portal import (
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    OrganisationFactory,
    PersonFactory,
    StatutoryKindFactory,
)

pytestmark = pytest.mark.django_db

TREE = (
    "编码,名称,层级,上级,岗位,编制\n"
    "W,川西大区,大区,HQ,,\n"
    "W1,成都网点,网点,W,维修工,5人\n"
    "W1,成都网点,网点,W,班长,1\n"
    "C1,某酒店,客户,W1,,\n"
)
CARDS = "姓名,证件种类,证号,有效期自,有效期至\n张三,低压电工,A1,2026-01-01,2029-01-01\n"


@pytest.fixture
def root():
    return OrganisationFactory(code="HQ", name="总部", tier=Tier.HQ)


@pytest.fixture
def administrator(root):
    return PersonFactory(organisation=root, roles=[Role.ADMINISTRATOR])


def start(kind, text, by):
    return domain.start_import(kind, text.encode(), by=by)


def outcomes(run):
    return list(run.lines.order_by("number").values_list("outcome", flat=True))


def problems(run):
    return {line.number: [column for column, _message in line.problems] for line in run.lines.all() if line.problems}


@pytest.mark.parametrize("kind", [*_kinds.values()], ids=lambda kind: kind.key)
def test_no_kind_asks_a_text_named_like_a_workbook_for_its_columns(administrator, kind):
    kind = dataclasses.replace(kind, may_use=lambda _person: True)
    run = domain.start_import(kind, "这不是工作簿\n".encode(), by=administrator, file_name="名单.xlsx")
    assert run.state == ImportState.FAILED
    assert run.error == str(UnreadableImport("not_office"))


def test_tree_with_posts_is_built_and_the_second_run_changes_nothing(administrator, root):
    run = start(organisations, TREE, administrator)
    assert outcomes(run) == [Outcome.ADD] * 4
    domain.accept_import(run, by=administrator)
    outlet = Organisation.objects.get(code="W1")
    assert outlet.get_parent().code == "W"
    assert dict(Position.objects.values_list("title", "headcount")) == {"维修工": 5, "班长": 1}
    assert Organisation.objects.get(code="C1").get_parent() == outlet
    assert outcomes(start(organisations, TREE, administrator)) == [Outcome.SAME] * 4


def test_tree_is_taken_back_unless_something_stands_on_it(administrator, root):
    run = domain.accept_import(start(organisations, TREE, administrator), by=administrator)
    extra = PersonFactory(organisation=Organisation.objects.get(code="W1"))
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=administrator)
    assert Organisation.objects.filter(code="C1").exists()
    extra.delete()
    domain.undo_import(run, by=administrator)
    assert list(Organisation.objects.values_list("code", flat=True)) == ["HQ"]


def test_places_that_cannot_stand_there_are_refused_by_column(administrator):
    text = "编码,名称,层级,上级,编制\nA,甲,大区,,\nB,乙,什么,HQ,\nC,丙,网点,没有,\nD E,丁,网点,HQ,\nF,己,网点,HQ,x\n"
    assert problems(start(organisations, text, administrator)) == {
        2: ["parent"],
        3: ["tier"],
        4: ["parent"],
        5: ["code"],
        6: ["position", "headcount"],
    }


def test_models_with_aliases_are_added_and_changed(administrator):
    EquipmentCategoryFactory(code="RF", name="冷冻设备")
    text = "型号,名称,类别,品牌,别名\nRF-01,冷库,冷冻设备,蜀炊,冷藏库、冻库\n"
    domain.accept_import(start(models_kind, text, administrator), by=administrator)
    model = EquipmentModel.objects.get(code="RF-01")
    assert sorted(model.aliases.values_list("name", flat=True)) == sorted(["冷藏库", "冻库"])
    assert outcomes(start(models_kind, text, administrator)) == [Outcome.SAME]
    changed = domain.accept_import(
        start(models_kind, "型号,名称,类别,品牌,别名\nRF-01,冷库,RF,新牌,大冷库\n", administrator), by=administrator
    )
    model.refresh_from_db()
    assert (model.brand, model.aliases.count()) == ("新牌", 3)
    domain.undo_import(changed, by=administrator)
    model.refresh_from_db()
    assert (model.brand, model.aliases.count()) == ("蜀炊", 2)


def test_units_keep_zeros_and_find_model_and_customer(administrator, root):
    model = EquipmentModelFactory(code="RF-01", name="冷库")
    customer = OrganisationFactory(code="C1", name="某酒店", tier=Tier.CUSTOMER, parent=root)
    text = "序列号,型号,客户,安装日期\n007,冷库,某酒店,2026-03-01\n008,没有,,\n007,冷库,,\n9,冷库,没有,2026-13-01\n"
    run = start(units_kind, text, administrator)
    assert problems(run) == {3: ["model"], 4: ["serial"], 5: ["customer", "installed_on"]}
    domain.accept_import(run, by=administrator, leave_out=True)
    unit = EquipmentUnit.objects.get()
    assert (unit.serial, unit.model, unit.customer) == ("007", model, customer)
    assert unit.installed_on == dt.date(2026, 3, 1)
    domain.undo_import(run, by=administrator)
    assert not EquipmentUnit.objects.exists()


def test_unit_of_another_branch_is_not_changed(root):
    other_network = OrganisationFactory(code="X", name="别家", tier=Tier.HQ)
    west = OrganisationFactory(code="W", name="西", tier=Tier.REGION, parent=root)
    customer = OrganisationFactory(code="C1", name="某酒店", tier=Tier.CUSTOMER, parent=other_network)
    unit = EquipmentUnit.objects.create(serial="S1", model=EquipmentModelFactory(name="冷库"), customer=customer)
    by = PersonFactory(organisation=west, roles=[Role.REGIONAL_ADMINISTRATOR])
    run = start(units_kind, "序列号,型号,安装位置\nS1,冷库,偷改\n", by)
    assert problems(run) == {2: ["serial"]}
    unit.refresh_from_db()
    assert unit.place == ""


def test_cards_are_recorded_for_a_second_person_to_verify(administrator, root):
    person = PersonFactory(name="张三", organisation=root)
    StatutoryKindFactory(code="elec", name="低压电工", project_codes=[])
    run = domain.accept_import(start(cards, CARDS, administrator), by=administrator)
    card = StatutoryCertificate.objects.get()
    assert (card.person, card.number, card.is_verified) == (person, "A1", False)
    assert outcomes(start(cards, CARDS, administrator)) == [Outcome.SAME]
    verify_statutory(card, by=PersonFactory(organisation=root, roles=[Role.ADMINISTRATOR]))
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=administrator)


def test_card_of_a_name_two_people_have_is_asked_about(administrator, root):
    StatutoryKindFactory(code="elec", name="低压电工", project_codes=[])
    _one, two = (PersonFactory(name="张三", organisation=root) for _each in range(2))
    run = start(cards, CARDS, administrator)
    assert outcomes(run) == [Outcome.ASK]
    domain.answer_rows(run, {2: two.staff_number}, by=administrator)
    domain.accept_import(run, by=administrator)
    assert StatutoryCertificate.objects.get().person == two
    domain.undo_import(run, by=administrator)
    assert StatutoryCertificate.objects.get().withdrawn_on == dt.date(2026, 1, 1)


def test_card_needs_a_known_person_kind_and_days(administrator):
    StatutoryKindFactory(code="elec", name="低压电工", project_codes=[])
    text = "姓名,证件种类,证号,有效期自,有效期至\n无人,别的,,2026-01-01,2025-01-01\n"
    assert problems(start(cards, text, administrator)) == {2: ["kind", "number", "valid_to", "person"]}


@pytest.mark.parametrize("kind", [organisations, models_kind, units_kind, cards], ids=lambda kind: kind.key)
def test_who_may_not_enter_one_may_not_import_many(kind, root):
    engineer = PersonFactory(organisation=root)
    with pytest.raises(NotAllowed):
        start(kind, "a,b\n1,2\n", engineer)
