"""The constructs the reference grammar of GIFT tries (gift-pegjs, tests/questions), in words of our own."""

import pytest

from certification.questions.importing.gift import escaped_answer, parse


def read(text):
    found = parse(text)
    assert not found.problems, found.problems
    return found


def one(text):
    (question,) = read(text).questions
    return question


def test_escape_all_with_feedback_over_lines():
    text = """::控制符::
下面哪个不是控制符？ {
  ~ \\~     # \\~ 是控制符。
  ~ \\=     # \\= 是控制符。
  ~ \\#     # \\# 是控制符。
  ~ \\{     # \\{ 是控制符。
  ~ \\}     # \\} 是控制符。
  ~ \\:     # \\: 是控制符。
  = 反斜杠  # 对了！它不是控制符，
             只用来转义。
}"""
    question = one(text)
    assert [option.text for option in question.options] == ["~", "=", "#", "{", "}", ":", "反斜杠"]
    assert [option.is_correct for option in question.options] == [False] * 6 + [True]


def test_category_with_special_characters_is_no_question():
    found = read("$CATEGORY: $course$/top/默认: 主题 & {一}\n\n题{T}")
    assert len(found.questions) == 1


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("{#1822}", [("1822", "0", "100")]),
        ("{#3.1415:0.0005}.", [("3.1415", "0.0005", "100")]),
        ("{#3.141..3.142}", [("3.1415", "0.0005", "100")]),
        ("{#\n    =1822:0\n    =%50%1822:2}", [("1822", "0", "100"), ("1822", "2", "50")]),
    ],
)
def test_numbers_alone_and_as_a_list(body, values):
    rows = one(f"哪一年？{body}").parameters["values"]
    assert [tuple(row.values()) for row in rows] == values


def test_formats_before_prompts_of_pairs():
    question = one(
        "::活动::[plain]配对。{\n =[plain]讨论 -> 论坛\n =[moodle]提问 -> 投票\n = -> 聊天\n}",
    )
    assert question.kind == "match"
    assert question.parameters["pairs"] == [["讨论", "论坛"], ["提问", "投票"]]


def test_tags_in_comments_and_an_essay_without_a_guide():
    found = parse("// [id:393]\n// [tag:甲] [tag:乙-丙]\n作文？{}\n")
    kinds = [question.kind for question in found.questions]
    # An essay without what a full answer says: read, and refused by the rules of its kind when it is looked at.
    assert kinds == ["written"]


@pytest.mark.parametrize("word", ["T", "TRUE", "F", "FALSE", "true", "f"])
def test_true_and_false_in_every_spelling(word):
    question = one(f"对吗？{{{word}}}")
    assert question.kind == "judge"
    assert question.options[0].is_correct == word.upper().startswith("T")


def test_general_feedback_over_lines():
    question = one("缩写？{=LPG =液化气####第一行\n第二行}")
    assert "第一行" in question.fields["explanation"]
    assert "第二行" in question.fields["explanation"]


@pytest.mark.parametrize("text", ["[html]<b>", "[plain]", "[Markdown] *", "[其他]"])
def test_an_answer_that_begins_like_a_format_survives(text):
    question = one(f"题{{={escaped_answer(text)} ~乙}}")
    assert question.options[0].text == text
