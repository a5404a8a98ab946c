"""GIFT: each construct of the grammar, each problem at its place, and the way there and back."""

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certification.questions.importing.gift import escaped, parse, plain


def one(text):
    found = parse(text)
    assert not found.problems, found.problems
    (question,) = found.questions
    return question


@pytest.mark.parametrize(
    ("body", "kind", "rights"),
    [
        ("{=甲 ~乙 ~丙}", "single", [True, False, False]),
        ("{~%50%甲 ~%50%乙 ~%0%丙}", "multi", [True, True, False]),
        ("{~%100%甲 ~乙}", "single", [True, False]),
        ("{T}", "judge", [True, False]),
        ("{FALSE#因为#所以}", "judge", [False, True]),
        ("{\n=甲\n// 说明\n~乙\n}", "single", [True, False]),
    ],
)
def test_choices(body, kind, rights):
    question = one(f"::q-1::断电后？{body}")
    assert (question.kind, [option.is_correct for option in question.options]) == (kind, rights)
    assert (question.ref, question.stem) == ("q-1", "断电后？")


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("{#3}", [("3", "0", "100")]),
        ("{#3:0.5}", [("3", "0.5", "100")]),
        ("{#1..5}", [("3", "2", "100")]),
        ("{#-5..-1}", [("-3", "2", "100")]),
        ("{#=3:0.1 =%50%3:1}", [("3", "0.1", "100"), ("3", "1", "50")]),
    ],
)
def test_numbers(body, values):
    rows = one(f"压力？{body}").parameters["values"]
    assert [tuple(row.values()) for row in rows] == values


def test_words_pairs_and_essays():
    fill = one("缩写？{=GIFT =%50%gift}")
    assert fill.parameters == {"blanks": [[{"text": "GIFT", "credit": "100"}, {"text": "gift", "credit": "50"}]]}
    match = one("配对{=红 -> 停 =绿 -> 行 = -> 看}")
    assert match.parameters == {"pairs": [["红", "停"], ["绿", "行"]]}
    assert [option.is_correct for option in match.options] == [True, True, False]
    assert one("说明{####先断电}").parameters == {"guide": "先断电"}
    assert one("水在 {=100 ~50} 度沸腾").stem == "水在 _____ 度沸腾"


def test_escapes_colons_and_categories():
    text = (
        "$CATEGORY: $course$/设备（甲：乙）/A&B\n\n"
        + "::q\\:1::比例\\: 1\\=1\\{\\}\\~\\#\\n第二行（全角：）{=\\=a ~b####因为：如此}"
    )
    question = one(text)
    assert (question.ref, question.stem) == ("q:1", "比例: 1=1{}~#\n第二行（全角：）")
    assert question.options[0].text == "=a"
    assert question.fields == {"explanation": "因为：如此"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("一{=a ~b}\n\n二{=a ~b", 3, 2),
        ("一{=a ~b} 二 {=c}", 1, 12),
        ("一{甲 =a}", 1, 3),
        ("一{=a\n~}", 2, 1),
        ("一{#三}", 1, 3),
        ("一｛=a ~b｝", 1, 2),
        ("一}", 1, 2),
        ("{=a ~b}", 1, 1),
        ("一{=a -> b =c}", 1, 3),
        ("一\ue0ff{=a ~b}", 1, 2),
    ],
)
def test_each_problem_has_its_place(text, line, column):
    with override("en"):
        (problem,) = parse(text).problems
    assert problem.place == f"line {line}, column {column}"


def test_what_is_not_carried_is_said():
    found = parse("一{~%70%a ~%30%b ~%-50%c#不对}\n\n[html]<b>二</b>{T}\n\n只是说明")
    assert len(found.notes) == 4
    assert len(found.questions) == 2


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=200, deadline=None)
@given(st.text(alphabet="甲ab~=#{}:\\n \n（）：->%.[]", min_size=1, max_size=40))
def test_a_written_text_is_read_as_it_was(text):
    text = "题" + text.strip() + "末"
    assert plain_through(text) == text


def plain_through(text):
    question = one(f"::q::[plain]{escaped(text)}{{=对 ~{escaped(text)}}}")
    assert question.options[1].text == text
    assert plain("") == ""
    return question.stem
