"""Look-up of people, equipment and posts by what people type, paste or scan."""

import pytest
from django.utils import timezone

from portal.access.lookup import (
    find_equipment,
    find_equipments,
    find_people,
    find_people_for_duty,
    find_person_for_duty,
    find_position,
    find_task,
    people_asked,
    people_matching,
)
from portal.access.lookup.equipment import units_matching
from portal.enums import Role, Task, Tier, TokenPurpose
from portal.equipment.domain import label_token
from portal.errors import (
    AmbiguousEquipment,
    AmbiguousPerson,
    PersonOutOfScope,
    UnknownEquipment,
    UnknownPerson,
)
from portal.models import AccessToken, EquipmentUnit, Person
from tests.factories.portal import (
    AssignmentFactory,
    EquipmentAliasFactory,
    EquipmentCategoryFactory,
    EquipmentModelFactory,
    EquipmentUnitFactory,
    OrganisationFactory,
    PersonFactory,
    PositionFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A dispatcher with two people in the branch, one colleague outside it, a customer's contact."""
    hq = OrganisationFactory(code="HQ")
    west = OrganisationFactory(parent=hq, tier=Tier.REGION)
    east = OrganisationFactory(parent=hq, tier=Tier.REGION)
    return {
        "hq": hq,
        "dispatcher": PersonFactory(staff_number="D001", name="周调度", organisation=west, roles=[Role.DISPATCHER]),
        "zhang": PersonFactory(staff_number="T002", name="张伟", organisation=west),
        "li": PersonFactory(staff_number="T-031", name="李小龙", organisation=west),
        "far": PersonFactory(staff_number="T900", name="赵明远", organisation=east),
        "contact": PersonFactory(
            staff_number="C001", name="钱客户", organisation=OrganisationFactory(parent=hq, tier=Tier.CUSTOMER)
        ),
        "stranger": PersonFactory(staff_number="X900", name="孙外人"),
    }


@pytest.mark.parametrize(
    "typed",
    [
        "T002",
        "Ｔ００２",
        "t 002",
        "T-002",
        "TOO2",
        "工号：T002",
        "张伟",
        "张 伟",
        "张\u3000伟",
        "姓名：张伟",
        "zhangwei",
        "Zhang Wei",
        "zhāng wěi",
        "zw",
        "张伟（T002）",
        "T002 张伟",
        "张伟 T002",
        "t-002 zhangwei",
        "zw T002",
        "张 伟 工号：T002",
        "http://127.0.0.1:8000/certification/people/T002/",
        "\u200bT002\u200b",
    ],
)
def test_person_is_found_by_what_people_type(world, typed):
    assert find_person_for_duty(world["dispatcher"], typed) == world["zhang"]


def test_same_name_is_a_choice_and_never_a_silent_pick(world):
    other = PersonFactory(staff_number="T003", name="张 伟", organisation=world["zhang"].organisation)
    PersonFactory(staff_number="T901", name="张伟", organisation=world["far"].organisation)

    with pytest.raises(AmbiguousPerson) as refusal:
        find_person_for_duty(world["dispatcher"], "张伟")

    assert [candidate.value for candidate in refusal.value.candidates] == ["T002", "T003"]
    assert find_person_for_duty(world["dispatcher"], "t003") == other


def test_choice_names_where_somebody_works_today(world):
    other = PersonFactory(staff_number="T003", name="张 伟", organisation=world["zhang"].organisation)
    there = OrganisationFactory(parent=other.organisation, name="新网点")
    AssignmentFactory(person=other, organisation=there, start=timezone.localdate())

    with pytest.raises(AmbiguousPerson) as refusal:
        find_person_for_duty(world["dispatcher"], "张伟")

    assert [candidate.label.endswith("· 新网点") for candidate in refusal.value.candidates] == [False, True]


def test_number_goes_before_its_look_alike(world):
    place = world["zhang"].organisation
    letters, digits = (
        PersonFactory(staff_number="A0O", organisation=place),
        PersonFactory(staff_number="A00", organisation=place),
    )

    found = find_people_for_duty(world["dispatcher"], ["A0O", "A00", "a-0-0", "AOO"])

    assert (found["A0O"], found["A00"], found["a-0-0"]) == (letters, digits, digits)
    assert isinstance(found["AOO"], AmbiguousPerson)


@pytest.mark.parametrize("typed", ["T900 张伟", "张伟 T031", "T002 李小龙", "T002 T-031x"])
def test_number_and_name_of_two_people_are_nobody(world, typed):
    with pytest.raises(UnknownPerson):
        find_person_for_duty(world["dispatcher"], typed)
    assert not people_matching(Person.objects.all(), typed)


@pytest.mark.parametrize(
    "typed", ["T900", "Ｔ９００", "赵明远", "zhaomingyuan", "zmy", "zhào míng yuǎn", "赵明远 T900"]
)
def test_colleague_out_of_reach_is_out_of_scope(world, typed):
    with pytest.raises(PersonOutOfScope) as refusal:
        find_person_for_duty(world["dispatcher"], typed)

    assert "T900" not in str(refusal.value) or "T900" in typed


@pytest.mark.parametrize(
    "typed", ["X900", "孙外人", "sunwairen", "swr", "C001", "qiankehu", "NOBODY", "", "  ", "-", "%", "x" * 5000]
)
def test_others_are_unknown(world, typed):
    with pytest.raises(UnknownPerson):
        find_person_for_duty(world["dispatcher"], typed)


def test_customer_learns_of_nobody(world):
    with pytest.raises(UnknownPerson):
        find_person_for_duty(world["contact"], "T002")


def test_thousand_numbers_take_one_query(world, django_assert_num_queries):
    people = [PersonFactory(organisation=world["zhang"].organisation) for _number in range(30)]
    within = Person.objects.all()

    with django_assert_num_queries(1):
        found = find_people(world["dispatcher"], [person.staff_number for person in people], within)

    assert list(found.values()) == people


def test_name_nobody_has_is_not_taken_for_somebody_else_of_the_list(world):
    john = PersonFactory(name="John Smith", organisation=world["zhang"].organisation)

    found = find_people_for_duty(world["dispatcher"], ["无此人员", "John Smith", "T002", "未知"])

    assert list(found) == ["无此人员", "John Smith", "T002", "未知"]
    assert (found["John Smith"], found["T002"]) == (john, world["zhang"])
    assert isinstance(found["无此人员"], UnknownPerson)
    assert isinstance(found["未知"], UnknownPerson)


def test_pasted_list_is_several_people(world):
    asker = world["dispatcher"]

    assert list(people_asked(asker, "T002，李小龙").values()) == [world["zhang"], world["li"]]
    assert list(people_asked(asker, "T002 T-031").values()) == [world["zhang"], world["li"]]
    assert list(people_asked(asker, "张 伟").values()) == [world["zhang"]]
    assert list(people_asked(asker, "T002 张伟").values()) == [world["zhang"]]
    assert list(people_asked(asker, "张伟 T002").values()) == [world["zhang"]]


def test_number_beside_a_name_without_pinyin_is_not_taken_for_any_name(world):
    john = PersonFactory(staff_number="J001", name="John Smith", organisation=world["zhang"].organisation)

    found = find_people_for_duty(world["dispatcher"], ["J001 张伟", "J001 John Smith", "张伟 J001"])

    assert found["J001 John Smith"] == john
    assert all(isinstance(found[text], UnknownPerson) for text in ("J001 张伟", "张伟 J001"))


@pytest.mark.parametrize("typed", ["00", "伟", "zhang", "zw", "Ｔ００", "T002 张伟", "张伟 t002", "张伟（T002）"])
def test_lists_are_narrowed_by_parts(world, typed):
    assert world["zhang"] in people_matching(Person.objects.all(), typed)
    assert world["far"] not in people_matching(Person.objects.filter(pk=world["zhang"].pk), typed)


def test_address_that_leads_to_nobody_narrows_a_list_to_nobody(world):
    assert not people_matching(Person.objects.all(), "http://127.0.0.1:8000/units/7/")
    assert people_matching(Person.objects.all(), " \u200b ").count() == Person.objects.count()


# --- equipment --------------------------------------------------------------------------------------------------------


@pytest.fixture
def machines(world):
    """A category of cold machines, its room and two cabinets that share an alias, a stove of its own category."""
    cold = EquipmentCategoryFactory(code="RF", name="冷冻设备", aliases=["冰箱"])
    stoves = EquipmentCategoryFactory(code="GS", name="灶具设备", aliases=[])
    room = EquipmentModelFactory(code="RF-LK", name="冷库", category=cold)
    chest = EquipmentModelFactory(code="RF-WG", name="卧式冰柜", category=cold)
    tall = EquipmentModelFactory(code="RF-4M", name="四门冰柜", category=cold)
    stove = EquipmentModelFactory(code="GS-DC", name="大锅灶", category=stoves)
    for model, name in ((chest, "冰箱"), (chest, "冰柜"), (tall, "冰柜"), (room, "冻库")):
        EquipmentAliasFactory(model=model, name=name)
    return {"room": room, "chest": chest, "tall": tall, "stove": stove}


@pytest.mark.parametrize(
    "typed",
    [
        "RF-LK",
        "rf lk",
        "RFLK",
        "ＲＦ－ＬＫ",
        "RF‑LK",
        "RF—LK",
        "冷库",
        "冷 库",
        "冻库",
        "冻\u200b库",
        "lengku",
        "lk",
        "leng ku",
        "设备：冷库",
        "设备型号：RF-LK",
        "冷库 RF-LK",
        "冷库（RF-LK）",
        "Equipment: RF-LK",
    ],
)
def test_equipment_is_found_by_what_people_type(machines, typed):
    assert find_equipment(typed) == machines["room"]


def test_serial_number_and_scanned_label_lead_to_the_model(world, machines):
    unit = EquipmentUnitFactory(serial="LK20-2026-0O1", model=machines["room"])
    secret = label_token(unit).secret
    address = f"http://127.0.0.1:8000/e/{secret}/"
    texts = [
        "lk20 2026 001",
        "ＬＫ２０－２０２６－０Ｏ１",
        "序列号：LK20-2026-0O1",
        address,
        address.upper(),
        f"/units/{unit.pk}/",
    ]

    found = find_equipments(texts, world["dispatcher"])

    assert found == dict.fromkeys(texts, machines["room"])


def test_serial_number_is_looked_up_in_sight_only(world, machines):
    unit = EquipmentUnitFactory(serial="LK-77", model=machines["room"], customer=OrganisationFactory())

    with pytest.raises(UnknownEquipment):
        find_equipment("LK-77", world["dispatcher"])
    with pytest.raises(UnknownEquipment):
        find_equipment(f"/units/{unit.pk}/", world["dispatcher"])


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("冰箱", ["RF-4M", "RF-LK", "RF-WG"]),
        ("冰柜", ["RF-4M", "RF-WG"]),
        ("冷冻设备", ["RF-4M", "RF-LK", "RF-WG"]),
        ("冷冻 设备", ["RF-4M", "RF-LK", "RF-WG"]),
        ("RF", ["RF-4M", "RF-LK", "RF-WG"]),
        ("bingxiang", ["RF-4M", "RF-LK", "RF-WG"]),
    ],
)
def test_what_several_machines_share_is_a_choice(machines, typed, codes):
    with pytest.raises(AmbiguousEquipment) as refusal:
        find_equipment(typed)

    assert [candidate.value for candidate in refusal.value.candidates] == codes
    assert refusal.value.details()["candidates"][0]["label"].endswith(codes[0])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("冷冻设备", ["chest", "room"]),
        ("冷冻 设备", ["chest", "room"]),
        ("lengdongshebei", ["chest", "room"]),
        ("RF", ["chest", "room"]),
        ("冰箱", ["chest", "room"]),
        ("冷库 RF-LK", ["room"]),
        ("冷库（RF-LK）", ["room"]),
        ("设备型号：RF-LK", ["room"]),
        ("大锅灶", ["stove"]),
        ("飞碟", []),
    ],
)
def test_list_of_machines_knows_what_the_gate_knows(machines, typed, found):
    for name in ("room", "chest", "stove"):
        EquipmentUnitFactory(serial=f"SN-{name}", model=machines[name], place="")

    units = units_matching(EquipmentUnit.objects.all(), typed).distinct()

    assert sorted(unit.serial.removeprefix("SN-") for unit in units) == found


def test_machines_of_a_category_below_are_listed_with_it(machines):
    below = EquipmentCategoryFactory(parent=machines["room"].category, code="RF-X", name="冷链设备", aliases=[])
    unit = EquipmentUnitFactory(model=EquipmentModelFactory(category=below))

    assert unit in units_matching(EquipmentUnit.objects.all(), "冷冻设备")


def test_scanned_page_of_a_machine_narrows_the_list_to_it(machines):
    unit, _other = EquipmentUnitFactory(model=machines["room"]), EquipmentUnitFactory(model=machines["room"])

    assert list(units_matching(EquipmentUnit.objects.all(), f"http://127.0.0.1:8000/units/{unit.pk}/")) == [unit]
    assert not units_matching(EquipmentUnit.objects.all(), f"http://127.0.0.1:8000/units/{'9' * 30}/")


def test_category_of_one_machine_is_that_machine(machines):
    assert find_equipment("灶具设备") == machines["stove"]


@pytest.mark.parametrize("typed", ["飞碟", "", "e/", "/e/wrong/", "x" * 5000, "%", "冷库 RF-WG"])
def test_nothing_answers_to_nonsense(machines, typed):
    with pytest.raises(UnknownEquipment):
        find_equipment(typed)


def test_codes_and_names_take_one_query(machines, django_assert_num_queries):
    with django_assert_num_queries(1):
        find_equipments(["RF-LK", "卧式冰柜", "gs dc"])


# --- posts, tasks, secrets --------------------------------------------------------------------------------------------


def test_post_and_task_are_read_alike(world):
    post = PositionFactory(organisation=world["hq"], title="技术工程师")

    for typed in ("技术工程师", "技术 工程师", "ＨＱ／技术工程师", "hq/技术工程师"):
        assert find_position(world["dispatcher"], typed) == post
    for typed in ("repair", "ＲＥＰＡＩＲ", " 维修 "):
        assert find_task(typed) == Task.REPAIR


def test_secret_typed_off_a_label_is_found(machines):
    secret = label_token(EquipmentUnitFactory()).secret

    for typed in (secret.upper(), secret.replace("0", "O").replace("1", "l"), f" {secret[:8]} {secret[8:]}\u200b"):
        assert AccessToken.objects.find(TokenPurpose.UNIT, typed) is not None
