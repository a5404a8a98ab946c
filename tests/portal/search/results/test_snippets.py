"""What a result quotes: whole statements that say what was asked, and nothing that says nothing."""

import pytest

from portal.search.results.snippets import FRAGMENT, SNIPPET_LENGTH, mark, snippet

ARTICLE = [
    "数字故障码型",
    "槽内液位高持续超过约 3 分钟",
    "断开三相电源并上锁",
    "排水管弯折或滤网堵",
    "清滤网和排水管",
    "疏通",
    "排水泵故障",
    "量泵电源，无电查接线",
    "排水泵",
    "万用表",
    "防割手套",
    "持证技术工程师",
]


def shown(lines, *needles):
    return "".join(piece.text for piece in snippet(lines, needles))


def marked(lines, *needles):
    return [piece.text for piece in snippet(lines, needles) if piece.marked]


def test_statements_are_whole_and_tools_are_left_out():
    text = shown(ARTICLE, "排水")
    assert "排水管弯折或滤网堵" in text
    assert not any(tool in text for tool in ("万用表", "防割手套", "持证技术工程师"))
    assert "·" not in text
    assert not text.startswith("…")
    assert not text.endswith("…")


def test_statements_are_joined_as_their_language_does():
    assert (
        shown(["高压开关断开即停机并显示 E1", "线控器或室内机显示板"], "停机")
        == "高压开关断开即停机并显示 E1；线控器或室内机显示板"
    )
    assert shown(["Heater is broken", "Replace the heater"], "heater") == "Heater is broken; Replace the heater"


def test_what_says_more_of_the_question_is_quoted():
    text = shown(
        ["先看说明书的第一章和第二章。", "其他的话说了很多很多很多。" * 12, "结霜严重时先化霜。"], "结霜", "说明书"
    )
    assert "说明书" in text
    assert " … 结霜严重时先化霜。" in text
    assert len(text) <= SNIPPET_LENGTH + 10


def test_a_fragment_is_quoted_where_nothing_better_says_it():
    assert marked(ARTICLE, "万用表") == ["万用表"]


def test_a_long_sentence_is_cut_between_its_clauses():
    sentence = "，".join(f"第{number}步检查接线端子是否松动" for number in range(1, 30)) + "。"
    text = shown([sentence], "第17步")
    assert text.startswith("…第")
    assert text.endswith("松动…")
    assert "第17步" in text


def test_text_without_any_border_is_cut_all_the_same():
    text = shown(["排" * 400 + "水" + "管" * 400], "水")
    assert 0 < len(text) <= SNIPPET_LENGTH + 10


def test_english_is_cut_between_words_and_keeps_its_spaces():
    line = "The wash tank does not heat up because the element is broken. Measure it first. " * 3
    text = shown([line], "element")
    assert "element is broken. Measure it first." in text


@pytest.mark.parametrize("lines", [[], [""], ["  ", "\n"]])
def test_no_text_has_no_snippet(lines):
    assert snippet(lines, ["水"]) == ()


def test_without_a_match_it_begins_with_the_first_statement_that_says_something():
    assert shown(["通用", "柜体外表面或门框有成片水珠"]).startswith("柜体外表面")
    assert len("通用") < FRAGMENT


def test_a_code_is_marked_whole_only():
    assert [piece.text for piece in mark("fe60 E6 E6x e65", ["e6"]) if piece.marked] == ["E6", "E6"]
