"""Saying more does not find less; ordinary machines are neither cut nor taken for others; a typed code leads."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search.query.trade_words import TRADE_WORDS
from tests.bench.relevance_corpus import faults
from tests.portal.search.corpus import ask, refs, words

ANSWERED = [
    *(document.title for document in faults()),
    *(code for document in faults() for code in document.codes),
    *(alias for document in faults() for alias in document.aliases[:2]),
]
MACHINES = sorted(TRADE_WORDS.ordinary_machines)


@pytest.mark.parametrize(
    ("typed", "machine", "answer"),
    [
        ("物理机 ECC", "物理机", "SV-MEM"),
        ("叉车举升无力", "叉车", "HY-NOLIFT"),
        ("举升无力吊具车", "吊具车", "HY-NOLIFT"),
        ("小型机内存报错", "小型机", "SV-MEM"),
        ("高空作业车升不起来", "高空作业车", "HY-NOLIFT"),
        ("曲臂车E6", "曲臂车", "AC-E6"),
    ],
)
def test_a_machine_not_known_here_does_not_silence_the_rest(typed, machine, answer):
    assert ask(typed).reading.unknown_machines == (machine,)
    assert refs(typed)[0] == answer


@given(st.sampled_from(ANSWERED), st.sampled_from([*MACHINES, "股票", "zzzz", "蟑螂 爬出来", "Q999"]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_more_words_never_empty_an_answer(query, word, is_before):
    if refs(query):
        assert refs(f"{word} {query}" if is_before else f"{query} {word}")


@pytest.mark.parametrize(
    ("typed", "answer"), [("吸顶机E6", "AC-E6"), ("GMV E6", "AC-E6"), ("混动车P0420", "CAR-P0420")]
)
def test_the_article_of_a_typed_code_comes_first(typed, answer):
    found = ask(typed)
    assert found.ranked[0].hit.stored["ref"] == answer
    assert found.elsewhere


@pytest.mark.parametrize("machine", MACHINES)
def test_an_ordinary_machine_is_not_taken_for_another(machine):
    reading = ask(machine).reading
    assert reading.suggestion == ""
    known = words().get(machine) is not None or any(concept.is_guess for concept in reading.concepts)
    written = [concept.text for concept in reading.concepts] == [machine]
    assert known or written or reading.unknown_machines == (machine,)


@pytest.mark.parametrize("word", sorted(TRADE_WORDS.ordinary_words))
def test_an_ordinary_word_is_no_mistake(word):
    assert ask(word).reading.suggestion == ""


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("补水", "DW-WH13"),
        ("积水", "DW-GREE-F1"),
        ("水满", "DW-WH6"),
        ("功率不足", "CAR-EVLIMIT"),
        ("达不到温度", "RF-NOCOOL"),
        ("哒哒声", "EX-ARC"),
        ("不自动关门", "DU-DOOR"),
        ("死机", "RF-NOSTART"),
    ],
)
def test_everyday_words_are_known(typed, answer):
    assert refs(typed)[0] == answer
