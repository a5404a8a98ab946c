"""Every item we write, and the manifest, is as QTI 2.1 demands; the rules see what is not."""

import io
import zipfile

import pytest

from certification.models import Question, QuestionVersion
from certification.questions.domain import save_question
from certification.questions.importing.qti import package
from tests.certification.questions.importing.qti_rules import problems_of_item, problems_of_manifest
from tests.certification.questions.importing.test_exports import QUESTIONS
from tests.factories.certification import QuestionBankFactory

pytestmark = pytest.mark.django_db

FURTHER = {
    "fill": {
        "parameters": {
            "blanks": [[{"text": "LPG & <氨>", "credit": "100"}, {"text": "液化气", "credit": "50"}]],
            "case_matters": True,
        },
        "explanation": "见 3.2 节。",
    },
    "numeric": {
        "parameters": {
            "values": [
                {"value": "-2.5", "tolerance": "0", "credit": "100"},
                {"value": "2500", "tolerance": "12.50", "credit": "50"},
            ]
        },
        "explanation": "单位 kPa。",
    },
    "written": {"parameters": {"guide": "a < b & c"}, "explanation": "要点。"},
}


def written(facts, ref="9-先导"):
    bank = QuestionBankFactory()
    for number, (kind, given) in enumerate(facts):
        save_question(Question(bank=bank, ref=f"{ref}-{number}"), kind=kind, stem="题目 <1> & 2", difficulty=2, **given)
    versions = QuestionVersion.objects.filter(is_current=True).select_related("question").prefetch_related("choices")
    content, _notes = package("库 -- 一", versions.order_by("question__ref"))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        *QUESTIONS.items(),
        *FURTHER.items(),
        *((kind, facts | {"explanation": "因为。"}) for kind, facts in QUESTIONS.items()),
    ],
)
def test_every_kind_of_item_is_as_the_standard_demands(kind, facts):
    files = written([(kind, facts)], ref="9x")
    (item,) = (content for name, content in files.items() if name.startswith("items/"))
    assert problems_of_item(item) == []


def test_the_manifest_lists_every_item_once():
    files = written(QUESTIONS.items(), ref="9x")
    manifest = files.pop("imsmanifest.xml")
    assert len(files) == len(QUESTIONS)
    assert problems_of_manifest(manifest, set(files)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'adaptive="false" ', b""),
        (b'cardinality="single"', b'cardinality="one"'),
        (b'identifier="c0"', b'identifier="0c"'),
        (b"<value>c0</value>", b"<value>c7</value>"),
        (b'responseIdentifier="RESPONSE"', b'responseIdentifier="OTHER"'),
        (b"<prompt>", b"words<prompt>"),
        (b"<itemBody>", b"<itemBody><br/>"),
        (b'maxChoices="1"', b'maxChoices="0"'),
        (b"<defaultValue><value>explanation</value></defaultValue>", b""),
        (b"/match_correct", b"/map_response"),
    ],
)
def test_the_rules_see_what_is_broken(old, new):
    files = written([("single", QUESTIONS["single"])], ref="9x")
    (item,) = (content for name, content in files.items() if name.startswith("items/"))
    assert old in item
    assert problems_of_item(item.replace(old, new))


def test_the_rules_see_declarations_out_of_order():
    files = written([("single", QUESTIONS["single"])], ref="9x")
    (item,) = (content for name, content in files.items() if name.startswith("items/"))
    start, end = item.index(b"<outcomeDeclaration"), item.index(b"<itemBody>")
    moved = item[:start] + item[end:].replace(b"</itemBody>", b"</itemBody>" + item[start:end])
    assert any("assessmentItem holds" in problem for problem in problems_of_item(moved))
