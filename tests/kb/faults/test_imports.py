"""Fault tables as trades make them: groups said once, a row a cause, a code on several machines; undone whole."""

import io

import pytest
from openpyxl import Workbook

from kb.enums import Severity
from kb.faults.domain import publish_fault
from kb.faults.imports import kind
from kb.models import FaultArticle
from portal.enums import Role
from portal.errors import NotAllowed
from portal.exchange.imports import domain
from portal.exchange.imports.errors import RestsOnIt
from portal.registry.imports import Outcome
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db

TABLE = (
    "机型,故障代码,故障名称,可能原因,检查方法,处理方法,等级,注意事项\n"
    "RF-A、RF-B,E6,高压保护,冷凝器脏堵,看翅片,清洗,停机,断电挂牌\n"
    ",,,风机不转,量电压,换风机,,\n"
    "RF-A,E7,低压保护,缺氟,测压力,补漏加氟,危险,\n"
)


@pytest.fixture
def machines():
    first = EquipmentModelFactory(code="RF-A", name="冷柜A", brand="海雪", family="")
    second = EquipmentModelFactory(code="RF-B", name="冷柜B", brand="海雪", family="", category=first.category)
    return [first, second]


def start(text, by):
    return domain.start_import(kind, text if isinstance(text, bytes) else text.encode(), by=by)


def outcomes(run):
    return list(run.lines.order_by("number").values_list("outcome", flat=True))


def problems(run):
    return {line.number: [column for column, _message in line.problems] for line in run.lines.all() if line.problems}


def drafted(code):
    return FaultArticle.objects.get(codes__code=code)


def test_rows_become_drafts_with_a_cause_each(editor, machines):
    run = start(TABLE, editor)
    assert outcomes(run) == [Outcome.ADD] * 3
    assert not FaultArticle.objects.exists()
    domain.accept_import(run, by=editor)
    article = drafted("E6")
    assert [pair.cause for pair in article.pairs.all()] == ["冷凝器脏堵", "风机不转"]
    assert {machine.code for machine in article.equipment.all()} == {"RF-A", "RF-B"}
    assert [note.text for note in article.safety_notes.all()] == ["断电挂牌"]
    assert (article.live, article.brand, article.severity) == (False, "海雪", Severity.STOP)
    assert (drafted("E7").number, drafted("E7").severity) == ("RF-A-E7", Severity.DANGER)
    assert article.get_latest_revision().user == editor


def test_the_second_run_changes_nothing(editor, machines):
    domain.accept_import(start(TABLE, editor), by=editor)
    assert outcomes(start(TABLE + "\n", editor)) == [Outcome.SAME] * 3
    again = start(TABLE + ",,,漏氟,检漏,补焊,,\n", editor)
    assert problems(again) == {5: ["cause"]}, "an article that is there is an editor's to change"


def test_merged_cells_of_a_workbook_are_a_group(editor, machines):
    book = Workbook()
    sheet = book.active
    for row in (
        ["机型", "故障代码", "故障名称", "原因", "处理"],
        ["RF-A", "E6", "高压保护", "脏堵", "清洗"],
        [None, None, None, "风机不转", "换风机"],
        [None, "E7", "低压保护", "缺氟", "补漏"],
    ):
        sheet.append(row)
    for cells in ("A2:A4", "B2:B3", "C2:C3"):
        sheet.merge_cells(cells)
    content = io.BytesIO()
    book.save(content)
    domain.accept_import(start(content.getvalue(), editor), by=editor)
    assert drafted("E6").pairs.count() == 2
    assert drafted("E7").equipment.get() == machines[0]


def test_one_code_on_two_machines_is_one_article_or_a_question_of_the_family(editor, machines):
    table = "机型,代码,故障名称,原因\nRF-A,E6,高压保护,脏堵\nRF-B,E6,高压保护,脏堵\nRF-B,E6,门未关,门磁坏\n"
    run = start(table, editor)
    assert problems(run) == {4: ["code"]}
    domain.accept_import(run, by=editor, leave_out=True)
    article = drafted("E6")
    assert (article.equipment.count(), article.pairs.count()) == (2, 1)
    other = EquipmentModelFactory(code="RF-C", family="C系列", brand="海雪", category=machines[0].category)
    domain.accept_import(start("机型,代码,故障名称,原因\nRF-C,E6,门未关,门磁坏\n", editor), by=editor)
    assert FaultArticle.objects.get(family="C系列").equipment.get() == other


def test_problems_name_row_and_column(editor, machines):
    other = EquipmentModelFactory(code="BX-1")
    table = (
        "机型,代码,故障名称,原因,等级\n"
        "没有这台,E1,甲,乙,停机\n"
        f"RF-A、{other.code},E2,甲,乙,停机\n"
        "RF-A,E3,甲,,停机\n"
        f"RF-A,{'E' * 41},甲,乙,很重\n"
    )
    assert problems(start(table, editor)) == {
        2: ["machines"],
        3: ["category"],
        4: ["cause"],
        5: ["code", "severity"],
    }


def test_it_is_undone_unless_somebody_wrote_on_it(editor, machines):
    run = domain.accept_import(start(TABLE, editor), by=editor)
    changed = drafted("E7").get_latest_revision_as_object()
    changed.symptom = "后来改的"
    changed.save_revision(user=editor)
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=editor)
    assert FaultArticle.objects.count() == 2, "all or nothing"
    drafted("E7").latest_revision.delete()
    article = drafted("E7")
    article.latest_revision = article.revisions.order_by("-pk").first()
    article.save()
    domain.undo_import(run, by=editor)
    assert not FaultArticle.objects.exists()


def test_published_articles_are_not_taken_back(editor, machines):
    run = domain.accept_import(start(TABLE, editor), by=editor)
    publish_fault(drafted("E6"))
    with pytest.raises(RestsOnIt):
        domain.undo_import(run, by=editor)


def test_numbers_stay_apart(editor, machines):
    FaultArticleFactory(number="RF-A-E7")
    domain.accept_import(start(TABLE, editor), by=editor)
    assert drafted("E7").number == "RF-A-E7-2"


def test_who_may_not_write_articles_imports_none(hq, machines):
    with pytest.raises(NotAllowed):
        start(TABLE, PersonFactory(organisation=hq, roles=[Role.ENGINEER]))
