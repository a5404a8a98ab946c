"""A list of questions: pasted, an outlet's people, a table, or through the API."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from certification.duty.lists.reading import MOST, days_typed, people_typed
from certification.models import DutyInquiry
from portal.enums import Role, Task
from portal.errors import ImpossibleDate
from portal.exchange.imports.reading import UnreadableImport
from tests.factories.certification import certificate_for
from tests.factories.portal import AssignmentFactory, EquipmentModelFactory, EquipmentUnitFactory, PersonFactory

pytestmark = pytest.mark.django_db

PAGE = "/certification/duty/list/"
BATCH = "/api/v1/duty/batch"


def post(client, **data):
    return client.post(PAGE, {"days": "2026-03-18", "task": "repair"} | data)


def both(network):
    return f"{network['technician'].name}，{network['colleague'].staff_number}"


def test_people_machines_and_days_are_crossed(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    unit = EquipmentUnitFactory(model=EquipmentModelFactory(name="制冰机"))
    client = client_of(network["dispatcher"])

    page = post(client, people=both(network), equipment=f"冷库\n{unit.serial}", days="2026-03-18至2026-03-20")
    answered = page.context["answered"]

    assert len(answered.answers) == 2 * 2 * 3
    assert [row.person for row in answered.rows] == [network["technician"], network["colleague"]]
    assert [bool(cell.answer.allowed) for cell in answered.rows[0].cells] == [True] * 3 + [False] * 3
    assert answered.counts == {"allowed": 3, "under": 0, "override": 0, "refused": 9}
    assert "heat__cell--allowed" in page.content.decode()
    assert DutyInquiry.objects.filter(asked_from="batch").count() == 12


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("T001、T002；T003;T004\tT005|T006\nT001", ["T001", "T002", "T003", "T004", "T005", "T006"]),
        ("Ｔ００１　Ｔ００２", ["Ｔ００１", "Ｔ００２"]),
        ("林小川 杨振华", ["林小川", "杨振华"]),
        ("John Smith, T002", ["John Smith", "T002"]),
        ("张 三", ["张 三"]),
        (" \n ", []),
    ],
)
def test_people_are_pasted_as_they_are(text, entries):
    assert people_typed(text) == entries


def test_full_width_numbers_are_found(network, client_of):
    wide = network["technician"].staff_number.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})
    assert post(client_of(network["dispatcher"]), people=wide, equipment="冷库").context["answered"].problems == []


def test_days_are_single_or_first_to_last():
    assert days_typed("2026年3月18日，2026-3-20~2026-3-21") == ["2026-03-18", "2026-03-20", "2026-03-21"]


@pytest.mark.parametrize("days", ["2026-02-30", "昨儿", "2026-03-20至2026-03-18", "2026-01-01至2027-01-01"])
def test_wrong_days_are_said(network, client_of, days):
    page = post(client_of(network["dispatcher"]), people=both(network), equipment="冷库", days=days)
    assert page.status_code == 422
    assert page.context["form"].non_field_errors()
    assert not DutyInquiry.objects.exists()


def test_wrong_day_is_the_error_of_every_door():
    with pytest.raises(ImpossibleDate):
        days_typed("2026-02-30")


def test_what_cannot_be_asked_is_named_by_its_line_and_the_rest_is_answered(network, client_of):
    people = f"{network['technician'].staff_number}\n没有这个人\n{network['stranger'].staff_number}"
    page = post(client_of(network["dispatcher"]), people=people, equipment="冷库、不存在的机器")
    problems = {problem.error.code: problem.lines for problem in page.context["answered"].problems}

    assert problems == {"unknown_person": [2], "person_out_of_scope": [3], "unknown_equipment": [1]}
    assert len(page.context["answered"].answers) == 1
    assert "第 2 行" in page.content.decode()


def test_several_of_a_name_are_chosen_and_asked(network, client_of):
    twins = [PersonFactory(name="王伟", organisation=network["outlet"], roles=[Role.ENGINEER]) for _each in range(2)]
    client = client_of(network["dispatcher"])
    first = post(client, people="王伟", equipment="冷库")
    assert 'name="means:王伟"' in first.content.decode()

    chosen = post(client, people="王伟", equipment="冷库", **{"means:王伟": twins[1].staff_number})

    assert [row.person for row in chosen.context["answered"].rows] == [twins[1]]
    assert chosen.context["form"]["people"].value() == twins[1].staff_number


def test_a_forged_choice_is_looked_up_like_any_text(network, client_of):
    page = post(
        client_of(network["dispatcher"]),
        people="王伟",
        equipment="冷库",
        **{"means:王伟": network["stranger"].staff_number},
    )
    assert [problem.error.code for problem in page.context["answered"].problems] == ["person_out_of_scope"]


def test_roster_of_an_outlet_asks_about_who_works_there(network, client_of):
    page = post(client_of(network["manager"]), organisation=network["outlet"].code, equipment="冷库")
    asked = {row.person for row in page.context["answered"].rows}

    assert asked == {network["technician"], network["colleague"], network["assessor"]}
    assert set(DutyInquiry.objects.values_list("asked_from", flat=True)) == {"roster"}


def test_another_branch_is_no_choice(network, client_of):
    far = network["stranger"].organisation
    assert post(client_of(network["manager"]), organisation=far.code, equipment="冷库").status_code == 422
    assert not DutyInquiry.objects.exists()


# --- tables -----------------------------------------------------------------------------------------------------------


def workbook(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("名单.xlsx", out.getvalue())


def test_a_workbook_is_asked_row_by_row(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    file = workbook(
        ["姓名", "设备", "作业", "日期"],
        [network["technician"].name, "冷库", "保养", dt.date(2026, 3, 19)],
        [network["colleague"].name, "", "", ""],
        ["没有这个人", "冷库", "", ""],
    )
    page = post(client_of(network["dispatcher"]), file=file, equipment="RF-LK")
    answered = page.context["answered"]

    asked = [(answer.person, answer.task, answer.on, answer.allowed) for answer in answered.answers]
    assert asked == [
        (network["technician"], Task.MAINTAIN, dt.date(2026, 3, 19), True),
        (network["colleague"], Task.REPAIR, dt.date(2026, 3, 18), False),
    ]
    assert [problem.lines for problem in answered.problems] == [[4]]
    again = post(client_of(network["dispatcher"]), table=page.context["form"]["table"].value())
    assert len(again.context["answered"].answers) == 2


def test_csv_and_pasted_cells_are_tables_too(network, client_of):
    text = f"工号,设备\n{network['technician'].staff_number},冷库\n"
    client = client_of(network["dispatcher"])
    pasted = post(client, table=text.replace(",", "\t"))
    file = post(client, file=SimpleUploadedFile("a.csv", text.encode("gb18030")))

    assert len(pasted.context["answered"].answers) == len(file.context["answered"].answers) == 1


@pytest.mark.parametrize("table", ["设备\n冷库\n", "姓名\n林小川\n", "\x00\x01"])
def test_a_table_without_people_or_machines_is_refused(network, client_of, table):
    assert post(client_of(network["dispatcher"]), table=table).status_code == 422


def test_a_file_that_is_none_is_refused(network, client_of):
    file = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 broken")
    assert post(client_of(network["dispatcher"]), file=file, equipment="冷库").status_code == 422


def test_a_text_named_like_a_workbook_is_told_so(network, client_of):
    file = SimpleUploadedFile("名单.xlsx", "姓名\n林小川\n".encode())
    page = post(client_of(network["dispatcher"]), file=file, equipment="冷库")
    assert page.status_code == 422
    assert str(UnreadableImport("not_office")) in page.content.decode()


# --- limits and permission --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["people", "table"])
def test_ten_thousand_rows_are_too_many(network, client_of, field):
    numbers = "\n".join(f"T{number:05}" for number in range(10_000))
    text = numbers if field == "people" else f"工号\n{numbers}"
    page = post(client_of(network["dispatcher"]), equipment="冷库", **{field: text})

    assert page.status_code == 422
    assert str(MOST) in str(page.context["form"].non_field_errors())


@pytest.mark.parametrize("data", [{}, {"people": "T1", "table": "x"}, {"people": "T1", "equipment": ""}])
def test_one_source_of_people_and_a_machine_are_needed(network, client_of, data):
    assert post(client_of(network["dispatcher"]), **({"equipment": "冷库"} | data)).status_code == 422


@pytest.mark.parametrize("who", ["technician", "trainer", "customer", "assessor"])
def test_the_page_is_closed_to_others(network, client_of, who):
    client = client_of(network[who])
    assert client.get(PAGE).status_code == 403
    assert post(client, people=network["technician"].staff_number, equipment="冷库").status_code == 403


def test_answers_are_downloaded(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    response = post(client_of(network["dispatcher"]), people=f"{both(network)}、没有", equipment="冷库", export="xlsx")
    rows = list(load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))

    assert [row[6] for row in rows[1:]] == ["允许", "不允许", "无法回答"]
    assert rows[2][7]
    assert rows[2][8]


@pytest.mark.parametrize("number", [1, 30])
def test_the_page_pins_its_queries(network, client_of, django_assert_max_num_queries, number):
    people = PersonFactory.create_batch(number, organisation=network["outlet"])
    text = "、".join(person.staff_number for person in people)
    client = client_of(network["dispatcher"])
    post(client, people=text, equipment="冷库")
    with django_assert_max_num_queries(24):
        post(client, people=text, equipment="冷库")


# --- API --------------------------------------------------------------------------------------------------------------


def grid(client, **body):
    return client.post(BATCH, body, content_type="application/json")


def test_api_takes_people_equipment_and_days(network, client_of):
    certificate_for(network["technician"], network["scheme"])
    client = client_of(network["dispatcher"])
    people = [network["technician"].staff_number, network["stranger"].staff_number]
    rows = grid(client, people=people, equipment=["RF-LK"], days=["2026-03-18", "2026-03-19", "无"]).json()["rows"]

    assert [row["answer"]["allowed"] if row["answer"] else row["problem"]["code"] for row in rows] == [
        True,
        True,
        "impossible_date",
        "person_out_of_scope",
        "person_out_of_scope",
        "person_out_of_scope",
    ]


def test_api_refuses_more_than_its_limit(network, client_of):
    answer = grid(client_of(network["dispatcher"]), people=["T1"] * 500, equipment=["RF-LK"] * 5)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_questions")


def test_api_refuses_what_is_neither_list_nor_grid(network, client_of):
    assert grid(client_of(network["dispatcher"]), person="T1").status_code == 422


# --- work for two -----------------------------------------------------------------------------------------------------


@pytest.fixture
def two(network):
    """Work for two; the technician may do it, the colleague may not."""
    network["scheme"].needs_two = True
    network["scheme"].save()
    certificate_for(network["technician"], network["scheme"])
    return network


def test_a_second_person_for_all_is_asked_about_once_for_each_machine_and_day(two, client_of):
    client = client_of(two["dispatcher"])
    third = PersonFactory(organisation=two["outlet"])
    certificate_for(third, two["scheme"])
    people = f"{two['technician'].staff_number} {two['colleague'].staff_number}"
    page = post(client, people=people, equipment="冷库", second=third.staff_number)
    answered = page.context["answered"]

    assert [(each.pair.allowed, each.needs_two) for each in answered.given] == [(True, True), (False, True)]
    assert [answer.person for answer in answered.given[1].pair.missing] == [two["colleague"]]
    assert answered.not_together == 1
    assert DutyInquiry.objects.count() == 3
    assert answered.given[0].pair.words in page.content.decode()


def test_without_a_second_person_the_table_says_that_one_is_needed(two, client_of):
    page = post(client_of(two["dispatcher"]), people=two["technician"].staff_number, equipment="冷库")
    assert "双人作业：请填写第二人" in page.content.decode()
    assert not page.context["answered"].names_seconds


def test_rows_of_a_table_name_their_own_second_and_excel_shows_both(two, client_of):
    client = client_of(two["dispatcher"])
    technician, colleague = two["technician"].staff_number, two["colleague"].staff_number
    table = f"人员\t设备\t搭档\n{technician}\t冷库\t{colleague}\n{technician}\t冷库\t\n{technician}\t冷库\t{technician}"
    page = post(client, table=table)
    answered = page.context["answered"]
    assert [each.pair is not None for each in answered.given] == [True, False]
    # The same person twice for the same work: one below the other, not one cell over the other.
    assert not answered.is_grid
    assert [problem.error.code for problem in answered.problems] == ["two_are_one"]
    sheet = load_workbook(io.BytesIO(post(client, table=table, export="xlsx").content)).active
    rows = [
        dict(zip([cell.value for cell in sheet[1]], row, strict=True)) for row in sheet.iter_rows(2, values_only=True)
    ]
    assert rows[0]["第二人"] == f"{colleague} {two['colleague'].name}"
    assert rows[0]["双人结论"] == answered.given[0].pair.words
    assert rows[1]["双人结论"] == "双人作业：请填写第二人"


def test_a_second_name_that_several_people_have_is_chosen(two, client_of):
    client = client_of(two["dispatcher"])
    one, other = (PersonFactory(name="王同名", organisation=two["outlet"]) for _each in range(2))
    given = {"people": two["technician"].staff_number, "equipment": "冷库", "second": "王同名"}
    page = post(client, **given)
    (problem,) = page.context["answered"].problems
    assert problem.text == "王同名"
    again = post(client, **given, **{"means:王同名": other.staff_number})
    assert again.context["answered"].given[0].pair.second.person == other
    assert one != other


def test_the_api_takes_a_second_for_a_row_and_for_all(two, client_of):
    client = client_of(two["dispatcher"])
    technician, colleague = two["technician"].staff_number, two["colleague"].staff_number
    row = {"person": technician, "equipment": "RF-LK"}
    asked = [row | {"second": colleague}, row, row | {"second": "X-404"}, row | {"second": technician}]
    found = client.post(BATCH, asked, content_type="application/json").json()["rows"]
    single = client.get("/api/v1/duty", asked[0]).json()
    assert found[0]["answer"] == single
    assert not found[0]["answer"]["together"]["allowed"]
    assert (found[1]["answer"]["needs_two"], found[1]["answer"]["together"]) == (True, None)
    assert [each["problem"]["code"] for each in found[2:]] == ["unknown_person", "two_are_one"]
    grid = {"people": [technician], "equipment": ["RF-LK"], "second": colleague}
    (cell,) = client.post(BATCH, grid, content_type="application/json").json()["rows"]
    assert cell["answer"]["together"] == single["together"]


def test_a_stranger_named_as_second_is_not_told_about(two, client_of):
    row = {"person": two["technician"].staff_number, "equipment": "RF-LK", "second": two["stranger"].staff_number}
    client = client_of(two["technician"])
    (found,) = client.post(BATCH, [row], content_type="application/json").json()["rows"]
    single = client.get("/api/v1/duty", row)
    assert (found["problem"]["status"], found["problem"]["code"]) == (single.status_code, single.json()["code"])
    assert found["answer"] is None


def test_the_second_person_stands_in_the_description_of_the_api(client):
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    for name in ("QuestionIn", "GridIn"):
        assert "takes two" in described[name]["properties"]["second"]["description"]
    assert "together" in described["SingleOut"]["properties"]


def test_file_names_where_who_was_asked_about_works_that_day(network, client_of):
    person, there = network["technician"], network["stranger"].organisation
    person.assignments.update(end=dt.date(2026, 3, 18))
    AssignmentFactory(person=person, organisation=there, start=dt.date(2026, 3, 19))

    asked = {"people": person.staff_number, "equipment": "冷库", "days": "2026-03-18至2026-03-19"}
    file = io.BytesIO(post(client_of(network["dispatcher"]), **asked, export="xlsx").content)

    rows = load_workbook(file).active.iter_rows(values_only=True)
    where = [row[2] for row in rows if row[0] == person.staff_number]
    assert where == [person.organisation.name, there.name]
