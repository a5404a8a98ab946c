"""A bank taken out as Excel comes in again as it was; QTI holds what it can, and what is left out is said."""

import io
import zipfile
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from certification.kinds import question_kinds
from certification.models import Question, QuestionVersion
from certification.questions.domain import save_question
from certification.questions.importing.domain import import_questions, plan
from certification.questions.importing.gift_writing import WRITERS as GIFT_WRITERS
from certification.questions.importing.gift_writing import write
from certification.questions.importing.qti import QTI, package
from certification.questions.importing.qti import WRITERS as QTI_WRITERS
from certification.questions.importing.tables_writing import WRITERS as TABLE_WRITERS
from certification.questions.importing.tables_writing import table_of
from certification.questions.kinds.base import Option
from certification.questions.kinds.matching import draft_of
from portal.exchange.exports import write_xlsx
from tests.certification.questions.kinds.numeric import Numeric
from tests.factories.certification import QuestionBankFactory, QuestionFactory
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import EquipmentModelFactory

pytestmark = pytest.mark.django_db

PAIRS = draft_of([("红", "停"), ("绿", "行")], ["看"])
QUESTIONS = {
    "single": {"choices": [("=挂牌", True), ("加压", False)], "explanation": "先挂牌。"},
    "multi": {"choices": [("甲", True), ("乙", True), ("丙", False)]},
    "judge": {"choices": [("正确", False), ("错误", True)]},
    "fill": {
        "parameters": {
            "blanks": [
                [{"text": "LPG", "credit": "100"}, {"text": "液化气", "credit": "100"}],
                [{"text": "氨", "credit": "100"}],
            ]
        }
    },
    "numeric": {"parameters": {"values": [{"value": "2.5", "tolerance": "0.4", "credit": "100"}]}},
    "order": {"choices": [("断电", True), ("挂牌", True), ("检修", True)]},
    "match": {"choices": list(PAIRS.options), "parameters": PAIRS.parameters},
    "written": {"parameters": {"guide": "先断电；再挂牌"}},
}


@pytest.fixture
def bank():
    found = QuestionBankFactory(code="qb-x")
    for kind, facts in QUESTIONS.items():
        save_question(Question(bank=found, ref=f"x-{kind}"), kind=kind, stem=f"题目：{kind}", difficulty=2, **facts)
    return found


def versions():
    found = QuestionVersion.objects.filter(is_current=True).order_by("question__ref")
    return found.select_related("question").prefetch_related("choices")


def told(version):
    return (
        version.kind,
        version.stem,
        version.explanation,
        version.difficulty,
        version.parameters,
        [(choice.text, choice.is_correct) for choice in version.choices.all()],
    )


def test_every_kind_survives_the_way_out_and_in(bank):
    table, notes = table_of(versions())
    assert notes == []
    content = write_xlsx(table)
    same = plan(bank, "bank.xlsx", content)
    assert (same.same, same.changed, same.problems) == (len(QUESTIONS), [], [])
    before = {version.question.ref: told(version) for version in versions()}
    Question.objects.all().delete()
    import_questions(bank, "bank.xlsx", content, by=None)
    assert {version.question.ref: told(version) for version in versions()} == before


def test_what_a_cell_cannot_say_is_named(bank):
    save_question(
        Question(bank=bank, ref="x-arrow"),
        kind="order",
        stem="箭头",
        difficulty=1,
        choices=[("甲→乙", True), ("丙", True), ("丁", True)],
    )
    values = [{"value": "1", "tolerance": "0", "credit": "100"}, {"value": "2", "tolerance": "0", "credit": "50"}]
    save_question(
        Question(bank=bank, ref="x-part"),
        kind="numeric",
        stem="部分得分",
        difficulty=1,
        parameters={"values": values, "unit": "V"},
    )
    notes = [note.place for note in table_of(versions())[1]]
    assert notes == ["x-arrow", "x-part", "x-part"]


def test_package_lists_an_item_a_question_with_its_right_answer(bank):
    content, notes = package(bank.name, versions())
    # These are of medium difficulty.
    assert [note.place for note in notes] == [f"x-{kind}" for kind in sorted(QUESTIONS)]
    file = zipfile.ZipFile(io.BytesIO(content))
    manifest = ET.fromstring(file.read("imsmanifest.xml"))
    listed = {node.get("href") for node in manifest.iter() if node.tag.endswith("resource")}
    assert listed == set(file.namelist()) - {"imsmanifest.xml"}
    assert len(listed) == len(QUESTIONS)
    items = {name: ET.fromstring(file.read(name)) for name in listed}
    right = {
        name.removeprefix("items/item-x-").removesuffix(".xml"): [
            value.text for answer in item.iter(f"{{{QTI}}}correctResponse") for value in answer if value.text
        ]
        for name, item in items.items()
    }
    assert right["single"] == ["c0"]
    assert right["multi"] == ["c0", "c1"]
    assert right["order"] == ["c0", "c1", "c2"]
    assert right["match"] == ["p0 a0", "p1 a1"]
    assert right["numeric"] == ["2.5"]
    assert right["fill"] == ["LPG", "氨"]
    # The same bank is the same file.
    assert package(bank.name, versions())[0] == content


def test_keeper_sees_what_is_lost_and_takes_the_files(network, bank, client_of):
    client = client_of(network["trainer"])
    page = reverse("certification_questions_losses", args=[bank.pk])
    assert page in client.get(reverse("certification_questions_import")).content.decode()
    html = client.get(page).content.decode()
    starts = {"gift": b"//", "xlsx": b"PK", "qti": b"PK"}
    for form, start in starts.items():
        address = reverse("certification_questions_export", args=[bank.pk, form])
        assert address in html
        answer = client.get(address)
        assert answer.content.startswith(start)
        assert "store" in answer["Cache-Control"]
        assert client_of(network["technician"]).get(address).status_code in (302, 403)
    assert client_of(network["manager"]).get(page).status_code in (302, 403)


def of(ref):
    return versions().filter(question__ref=ref)


def test_a_bar_in_a_word_comes_back_as_it_was(bank):
    blanks = [[{"text": "a|b", "credit": "100"}, {"text": "c", "credit": "100"}]]
    save_question(Question(bank=bank, ref="x-bar"), kind="fill", stem="竖线", parameters={"blanks": blanks})
    table, notes = table_of(of("x-bar"))
    assert notes == []
    content = write_xlsx(table)
    Question.objects.filter(ref="x-bar").delete()
    import_questions(bank, "bank.xlsx", content, by=None)
    assert of("x-bar").get().parameters["blanks"] == blanks


def test_what_earns_a_part_does_not_come_back_as_all(bank):
    blanks = [[{"text": "对", "credit": "100"}, {"text": "差不多", "credit": "50"}]]
    save_question(Question(bank=bank, ref="x-half"), kind="fill", stem="一半", parameters={"blanks": blanks})
    table, notes = table_of(of("x-half"))
    assert [note.place for note in notes] == ["x-half"]
    assert "差不多" not in str(list(table.rows))


def test_more_answers_than_columns_are_not_cut(bank):
    choices = [(f"答案{number}", number == 7) for number in range(8)]
    save_question(Question(bank=bank, ref="x-many"), kind="single", stem="很多", choices=choices)
    table, notes = table_of(of("x-many"))
    assert (len(list(table.rows)), [note.place for note in notes]) == (0, ["x-many"])


def test_every_format_names_the_same_losses(bank):
    save_question(
        Question(bank=bank, ref="x-all", is_reserved=True),
        kind="single",
        stem="全部",
        choices=[Option("甲", True, True), Option("乙", False)],
        is_safety=True,
        is_knockout=True,
        equipment=EquipmentModelFactory(),
        chapter=ManualEditionFactory().chapters.first(),
    )
    told = [{note.text for note in made[1]} for made in (write(of("x-all")), table_of(of("x-all")))]
    told.append({note.text for note in package(bank.name, of("x-all"))[1]})
    assert told[0] == told[1]
    assert len(told[0]) == 6
    # QTI says of an answer that it keeps its place.
    assert len(told[2]) == 5


def test_a_kind_no_format_knows_is_named_as_left_out(bank):
    question_kinds.register(Numeric())
    try:
        QuestionFactory(bank=bank, version__kind="gauge", version__answers=[])
        left_out = [
            [note.text for note in notes if "读数" in note.text]
            for _content, notes in (write(versions()), table_of(versions()), package("题库", versions()))
        ]
    finally:
        question_kinds.unregister("gauge")
    assert left_out == [
        ["GIFT 没有此类题（读数），文件中未包含"],
        ["表格无法表示此题（读数），未写入文件"],
        ["试题包无法表示此题（读数），未写入文件"],
    ]


@pytest.mark.parametrize("writers", [GIFT_WRITERS, TABLE_WRITERS, QTI_WRITERS])
def test_a_format_names_kinds_that_there_are(writers):
    assert all(kind in question_kinds for kind in writers)
