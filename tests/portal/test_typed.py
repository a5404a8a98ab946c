"""Normalising typed text: one key for every spelling of a number, a name or pinyin."""

import pytest

from portal.typed import (
    Scanned,
    ascii_words,
    name_key,
    number_key,
    pinyin_key,
    pinyin_of,
    scanned,
    split_list,
    unlabelled,
)

HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\ufe58\ufe63\uff0d\u2e3a\u301c\u2500"


@pytest.mark.parametrize(
    "typed",
    [
        "Ｔ００２",
        "t002",
        " T 002 ",
        "T\u200b002",
        "\ufeffT002\u2060",
        "T\u00ad002",
        "TOO2",
        "工号：T002",
        "工号T002",
        "员工编号: Ｔ００２",
        "No. T002",
        "№ T002",
        "Staff number: T002",
        "【工号】：T002",
        *(f"T{hyphen}002" for hyphen in HYPHENS),
    ],
)
def test_every_spelling_of_a_number_has_one_key(typed):
    assert number_key(unlabelled(typed)) == "t002"


@pytest.mark.parametrize("number", ["NO12", "SN000123", "编号员", "N-1"])
def test_number_that_begins_like_a_label_stays_whole(number):
    assert unlabelled(number) == number


@pytest.mark.parametrize("typed", ["冷库", "冷 库", "冷\u3000库", "冷\u200b库", "设备名称：冷库", "冷-库"])
def test_every_spelling_of_a_name_has_one_key(typed):
    assert name_key(unlabelled(typed)) == "冷库"


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("单雄信", ("shanxiongxin", "sxx")),
        ("曾国强", ("zengguoqiang", "zgq")),
        ("欧阳修", ("ouyangxiu", "oyx")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("吕布", ("lvbu", "lb")),
        ("John Smith", ("", "")),
    ],
)
def test_name_is_read_as_a_name(name, sound):
    assert pinyin_of(name, is_person=True) == sound


@pytest.mark.parametrize("typed", ["lvbu", "Lv Bu", "lü bù", "Lǚ Bù", "LYU BU", "lü'bu"])
def test_typed_pinyin_has_one_key(typed):
    assert pinyin_key(typed) == "lvbu"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("https://portal.example/e/abc123/", Scanned("e", "abc123")),
        ("http://127.0.0.1:8000/verify/SG-2026-AAAA/?on=2026-01-01", Scanned("verify", "SG-2026-AAAA")),
        ("ｈｔｔｐ：／／ｘ／e／abc", Scanned("e", "abc")),
        ("/certification/people/T002/", Scanned("people", "T002")),
        ("KT/技术工程师", None),
        ("冷库", None),
    ],
)
def test_scanned_address_names_a_record(text, meant):
    assert scanned(text) == meant


def test_pasted_list_is_split_and_kept_once():
    assert split_list("T001，T002\n张三、T001;\t") == ["T001", "T002", "张三"]


def test_ascii_words_spell_chinese():
    assert ascii_words("证书-张伟-RF FROST.pdf") == "zhengshu-zhangwei-RF-FROST.pdf"
