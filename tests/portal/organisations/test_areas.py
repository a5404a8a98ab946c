"""Prefectures as people write them."""

import pytest

from portal.organisations.areas import matching, stem


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("成都", "成都"),
        (" 成 都　市 ", "成都"),
        ("阿坝州", "阿坝"),
        ("达州", "达州"),
        ("达州市", "达州"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("ＣＨＥＮＧＤＵ", "chengdu"),
        ("市", "市"),
        ("", ""),
    ],
)
def test_stem_is_the_name_without_suffix_width_and_spaces(written, read):
    assert stem(written) == read


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("广安市", ["广安"]),
        ("甘孜藏族自治州", ["甘孜州"]),
        ("四川省广元市", ["广元"]),
        ("广", ["广元", "广安"]),
        ("广元", ["广元"]),
        ("北京", []),
        ("　", []),
    ],
)
def test_matching_takes_the_name_before_what_contains_it(wanted, meant):
    assert matching(wanted, ["广元", "广安", "甘孜州", "南充"]) == meant
