"""Dangers to people are heard out of a query, and the article on them leads."""

import pytest

from portal.search.query.dangers import dangers_in, known_dangers
from portal.search.results.dangers import FIRST_AID
from tests.portal.search.corpus import refs


def codes(query):
    return [danger.code for danger in dangers_in(query)]


@pytest.mark.parametrize(
    "query",
    [
        "煤气泄漏",
        "闻到煤气味",
        "燃气味",
        "漏气",
        "有煤气味",
        "瓦斯味",
        "液化气泄漏",
        "燃氣洩漏",
        "厨房一股煤气的味道",
        "gas leak",
        "燃气灶漏气",
    ],
)
def test_leaking_gas_is_heard_and_its_article_leads(query):
    assert codes(query)[0] == "gas"
    assert refs(query)[0] == "GS-LEAK"


@pytest.mark.parametrize(
    ("query", "danger"),
    [
        ("开水器漏电", "electric"),
        ("师傅触电了", "electric"),
        ("净化器着火", "fire"),
        ("配电箱冒烟", "fire"),
        ("制冷剂泄漏", "refrigerant"),
        ("冷库氨泄漏", "ammonia"),
        ("一氧化碳报警", "carbon_monoxide"),
        ("被蒸汽烫伤", "scald"),
        ("电梯困人", "injury"),
    ],
)
def test_other_dangers_are_heard(query, danger):
    assert danger in codes(query)


@pytest.mark.parametrize("query", ["打不着火", "点不着火", "漏电保护器跳闸", "轮胎漏气", "换过电池", "dabuzhaohuo", ""])
def test_what_is_no_danger_is_not(query):
    assert codes(query) == []


def test_every_danger_says_what_to_do():
    assert {danger.code for danger in known_dangers()} == set(FIRST_AID)
