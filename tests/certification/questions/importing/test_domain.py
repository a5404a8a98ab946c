"""A file comes into a bank whole or not at all, once, and only through keepers of questions."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from certification.models import Question, QuestionVersion
from certification.questions.importing.domain import FileRefused, import_questions, plan
from certification.questions.importing.gift_writing import write
from portal.access.roles import synchronise_roles
from portal.enums import Role
from portal.errors import NotAllowed
from portal.models import AuditEvent
from tests.factories.certification import QuestionBankFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

GIFT = """::gas-1::断电后先做什么？{=挂牌 ~加压 ~离开 #### 先挂牌。}

::gas-2::可以带电检修。{F}

::gas-3::压力（MPa）{#2.5:0.4}

::gas-4::缩写{=LPG =%50%液化气}

::gas-5::配对{=红 -> 停 =绿 -> 行 = -> 看}

::gas-6::说明步骤{####先断电}

::gas-7::选两项{~%50%甲 ~%50%乙 ~%0%丙}
"""


def workbook(*rows):
    book, file = Workbook(), BytesIO()
    book.active.title = "题库"
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


HEADER = ["题型", "题目内容", "选项A", "选项B", "选项C", "正确答案", "解析", "难度"]


def versions():
    return QuestionVersion.objects.filter(is_current=True).order_by("question__ref")


def test_a_file_comes_in_once_and_goes_out_as_it_came():
    bank = QuestionBankFactory()
    done = import_questions(bank, "a.gift", GIFT.encode(), by=None)
    assert (len(done.added), done.notes) == (7, [])
    again = import_questions(bank, "a.gift", GIFT.encode(), by=None)
    assert (again.added, again.changed, again.same) == ([], [], 7)
    assert AuditEvent.objects.filter(action="certification.questions_imported").count() == 1
    text, notes = write(versions())
    assert notes == []
    back = import_questions(bank, "b.gift", text.encode(), by=None)
    assert (back.added, back.changed, back.same) == ([], [], 7)


def test_a_change_keeps_what_the_file_cannot_say():
    bank = QuestionBankFactory()
    import_questions(bank, "a.gift", GIFT.encode(), by=None)
    versions().filter(question__ref="gas-1").update(difficulty=3, is_safety=True)
    changed = import_questions(bank, "a.gift", GIFT.replace("离开", "走开").encode(), by=None)
    assert [question.ref for question, _written in changed.changed] == ["gas-1"]
    version = versions().get(question__ref="gas-1")
    assert (version.difficulty, version.is_safety, version.explanation) == (3, True, "先挂牌。")


def test_one_problem_refuses_all():
    bank = QuestionBankFactory()
    with pytest.raises(FileRefused):
        import_questions(bank, "a.gift", (GIFT + "\n\n坏{=甲").encode(), by=None)
    assert not Question.objects.exists()


def test_excel_names_the_cell_without_an_answer():
    bank = QuestionBankFactory()
    rows = [
        HEADER,
        ["单选题", "断电后？", "挂牌", "加压", "", "A", "", "中"],
        ["判断题", "带电检修", "", "", "", "", "", ""],
    ]
    made = plan(bank, "a.xlsx", workbook(*rows))
    assert [problem.place for problem in made.problems] == ["题库!F3"]


def test_excel_of_every_kind():
    bank = QuestionBankFactory()
    content = workbook(
        HEADER,
        ["单选题", "一？", "挂牌", "加压", "", "Ａ", "因为", "易"],
        ["多选题", "二？", "甲", "乙", "丙", "A,B", "", "难"],
        ["多选题", "三？", "甲", "乙", "丙", "AC", "", ""],
        ["判断题", "四。", "", "", "", "对", "", ""],
        ["填空题", "五", "", "", "", "断电|停电；挂牌", "", ""],
        ["简答题", "六", "", "", "", "先断电", "", ""],
    )
    done = import_questions(bank, "a.xlsx", content, by=None)
    assert [written.kind for _q, written in done.added] == ["single", "multi", "multi", "judge", "fill", "written"]
    assert import_questions(bank, "a.xlsx", content, by=None).same == 6


def test_aiken_with_chinese_marks():
    made = plan(QuestionBankFactory(), "a.txt", "断电后先做什么？\nA、挂牌\nB. 加压\n答案：A\n".encode())
    assert made.problems == []
    assert [option.is_correct for option in made.added[0][1].options] == [True, False]


def test_a_question_of_another_bank_or_twice_is_a_problem():
    import_questions(QuestionBankFactory(), "a.gift", GIFT.encode(), by=None)
    assert len(plan(QuestionBankFactory(), "a.gift", GIFT.encode()).problems) == 7
    twice = b"::n-1::a{T}\n\n::n-1::b{T}"
    assert len(plan(QuestionBankFactory(), "a.gift", twice).problems) == 1


def test_only_keepers_import():
    synchronise_roles()
    with pytest.raises(NotAllowed):
        import_questions(QuestionBankFactory(), "a.gift", GIFT.encode(), by=PersonFactory(roles=[Role.ENGINEER]))
    assert not Question.objects.exists()


def test_the_command(tmp_path):
    bank, path, out = QuestionBankFactory(), tmp_path / "a.gift", StringIO()
    path.write_text(GIFT, encoding="utf-8")
    call_command("import_questions", str(path), bank=bank.code, stdout=out)
    assert out.getvalue().startswith("7 added")
    path.write_text("坏{=甲", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("import_questions", str(path), bank=bank.code, stderr=StringIO())
