"""Answers about other answers keep their place, and papers can be drawn again from their seed."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.kinds import question_kinds
from certification.models import Choice
from certification.questions.kinds.places import fixed_places, names_letters, refers_to_others
from tests.certification.questions.kinds.test_kinds import written

GENERAL = [
    "以上都对",
    "以上都不对",
    "以上均正确",
    "以上选项均不正确",
    "以上三项都是",
    "以上两者皆可",
    "上述各项都是",
    "以上说法不正确",
    "以上答案错误",
    "都不对",
    "全都对",
    "均不正确",
    "全部正确",
    "没有正确答案",
    "All of the above",
    "none of the above.",
    "None of these",
    "Both of the above are right",
    "Neither",
]
LETTERED = [
    "A和B都对",
    "A、B、C均正确",
    "Ａ和Ｂ都不对",
    "AB都对",
    "A和C",
    "①②都对",
    "①和②都对",
    "甲和乙都对",
    "仅A、B正确",
    "选项A和选项C都是",
    "A and B",
    "Both A and C are correct",
    "A, B and D",
    "Neither A nor B",
]
OTHERS = [
    "两个码都清除后路试即可",
    "十人以上全部撤离",
    "出风温度与设定温度相差十度以上",
    "三个读数完全相等",
    "正确",
    "错误",
    "ABS 传感器",
    "A 级绝缘",
    "B相和C相电流不平衡",
    "关闭阀门并通风",
    "All valves are closed",
    "都要戴手套",
    "甲方和乙方均签字",
]


@pytest.mark.parametrize("text", GENERAL + LETTERED)
def test_wording_about_other_answers_is_recognised(text):
    assert refers_to_others(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_wording_is_not(text):
    assert not refers_to_others(text)


@pytest.mark.parametrize("text", LETTERED)
def test_naming_letters_fixes_the_whole_question(text):
    assert names_letters(text)
    assert fixed_places(["停机", "断电", text], [None, None, None]) == [True, True, True]


def test_an_editor_may_let_it_move():
    assert fixed_places(["停机", "断电", "A和B都对"], [None, None, False]) == [False, False, False]
    assert fixed_places(["停机", "以上都对"], [True, False]) == [True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["single", "multi"])
def test_answers_named_by_letter_are_never_shuffled(kind):
    version = written(kind, [("停机", True), ("断电", kind == "multi"), ("挂牌", False), ("A和B都对", False)])
    choices = list(version.choices.all())

    orders = {tuple(question_kinds.get(kind).arrange(choices, Random(seed))) for seed in range(20)}

    assert orders == {tuple(choice.pk for choice in choices)}


@settings(deadline=None)
@given(
    fixed=st.lists(st.booleans(), min_size=2, max_size=8),
    seed=st.integers(0, 2**62),
    kind=st.sampled_from(["single", "multi"]),
)
def test_a_drawn_order_is_a_repeatable_permutation_that_moves_nothing_fixed(fixed, seed, kind):
    choices = [Choice(pk=place + 1, order=place, keeps_place=stays) for place, stays in enumerate(fixed)]

    order = question_kinds.get(kind).arrange(choices, Random(seed))

    assert sorted(order) == [choice.pk for choice in choices]
    assert all(order[place] == place + 1 for place, stays in enumerate(fixed) if stays)
    assert question_kinds.get(kind).arrange(choices, Random(seed)) == order
