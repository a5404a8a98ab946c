"""Moodle XML: every kind we have, places of problems, and nothing of what XML can do harm with."""

import pytest

from certification.models import QuestionVersion
from certification.questions.importing import moodle
from certification.questions.importing.domain import import_questions, plan
from tests.factories.certification import QuestionBankFactory

pytestmark = pytest.mark.django_db

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
FILE = (
    HEAD
    + """<question type="category"><category><text>$course$/top/冷冻 / A&amp;B</text></category></question>
<question type="multichoice"><name><text>mx-1</text></name>
 <questiontext format="html"><text><![CDATA[<p>断电后<br>先做什么？</p>]]></text></questiontext>
 <generalfeedback format="html"><text>先挂牌。</text></generalfeedback><single>true</single>
 <answer fraction="100"><text>挂牌</text></answer>
 <answer fraction="0" format="plain_text"><text>加压 &lt;b&gt;</text></answer></question>
<question type="multichoice"><name><text>mx-2</text></name><questiontext><text>选两项</text></questiontext>
 <single>false</single><answer fraction="50"><text>甲</text></answer><answer fraction="50"><text>乙</text></answer>
 <answer fraction="-50"><text>丙</text></answer></question>
<question type="truefalse"><name><text>mx-3</text></name><questiontext><text>可以带电检修。</text></questiontext>
 <answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer></question>
<question type="shortanswer"><name><text>mx-4</text></name><questiontext><text>缩写</text></questiontext>
 <usecase>1</usecase>
 <answer fraction="100"><text>LPG</text></answer><answer fraction="50"><text>液化气</text></answer></question>
<question type="numerical"><name><text>mx-5</text></name><questiontext><text>压力</text></questiontext>
 <answer fraction="100"><text>2.5</text><tolerance>0.4</tolerance></answer>
 <units><unit><multiplier>1</multiplier><unit_name>MPa</unit_name></unit>
 <unit><multiplier>1000</multiplier><unit_name>kPa</unit_name></unit></units></question>
<question type="matching"><name><text>mx-6</text></name><questiontext><text>配对</text></questiontext>
 <subquestion><text>红</text><answer><text>停</text></answer></subquestion>
 <subquestion><text>绿</text><answer><text>行</text></answer></subquestion>
 <subquestion><text></text><answer><text>看</text></answer></subquestion></question>
<question type="ordering"><name><text>mx-7</text></name><questiontext><text>排序</text></questiontext>
 <answer fraction="1"><text>断电</text></answer><answer fraction="2"><text>挂牌</text></answer>
 <answer fraction="3"><text>检修</text></answer></question>
<question type="essay"><name><text>mx-8</text></name><questiontext><text>说明步骤</text></questiontext>
 <graderinfo><text>先断电</text></graderinfo></question>
</quiz>"""
)


def test_every_kind_comes_in_and_the_same_file_changes_nothing():
    bank = QuestionBankFactory()
    made = import_questions(bank, "bank.xml", FILE.encode(), by=None)
    assert len(made.added) == 8
    versions = {version.question.ref: version for version in QuestionVersion.objects.select_related("question")}
    kinds = [versions[f"mx-{number}"].kind for number in range(1, 9)]
    assert kinds == ["single", "multi", "judge", "fill", "numeric", "match", "order", "written"]
    first = versions["mx-1"]
    assert (first.stem, first.explanation) == ("断电后\n先做什么？", "先挂牌。")
    assert [(each.text, each.is_correct) for each in first.choices.all()] == [("挂牌", True), ("加压 <b>", False)]
    assert [each.is_correct for each in versions["mx-2"].choices.all()] == [True, True, False]
    assert [each.is_correct for each in versions["mx-3"].choices.all()] == [False, True]
    assert versions["mx-4"].parameters["case_matters"] is True
    assert versions["mx-5"].parameters["unit"] == "MPa"
    assert float(versions["mx-5"].parameters["units"]["kPa"]) == 0.001
    assert versions["mx-6"].parameters["pairs"] == [["红", "停"], ["绿", "行"]]
    assert [each.text for each in versions["mx-7"].choices.all()] == ["断电", "挂牌", "检修"]
    assert versions["mx-8"].parameters["guide"] == "先断电"
    assert any("冷冻 / A&B" in note.text for note in made.notes)
    again = plan(bank, "bank.xml", FILE.encode())
    assert (again.same, again.changed, again.problems) == (8, [], [])


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('<?xml version="1.0"?>\n<!DOCTYPE quiz [<!ENTITY a "aaaa">]>\n<quiz>&a;</quiz>', 2),
        ('<!DOCTYPE quiz SYSTEM "file:///etc/passwd">\n<quiz/>', 1),
        ("<quiz>\n<question type='essay'>\n</quiz>", 3),
        ("<quiz>" + "<a>" * 100 + "</a>" * 100 + "</quiz>", 1),
        ("<bank/>", 1),
        ("<quiz>\n\n  <question type='calculatedmulti'><name><text>x</text></name></question></quiz>", 3),
        ("<quiz>\n<question type='essay'><name><text>x</text></name></question></quiz>", 2),
        (
            "<quiz><question type='numerical'><questiontext><text>压力</text></questiontext>"
            "<answer fraction='100'><text>大约</text></answer></question></quiz>",
            1,
        ),
    ],
)
def test_problem_is_named_with_line_and_column_and_nothing_is_written(text, line):
    found = moodle.parse(text)
    assert not found.questions
    assert len(found.problems) == 1
    assert f"第 {line} 行" in found.problems[0].place
    assert plan(QuestionBankFactory(), "bank.xml", text.encode()).problems


def test_unknown_kind_is_named():
    text = "<quiz><question type='cloze'><questiontext><text>x</text></questiontext></question></quiz>"
    assert "cloze" in moodle.parse(text).problems[0].text
