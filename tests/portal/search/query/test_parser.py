"""Queries read as codes, equipment and symptom, over the demo faults."""

import pytest

from portal.search.query.concepts import CodeMatch, ConceptKind
from portal.search.query.did_you_mean import meant
from portal.search.query.lexicon import EquipmentNames, Lexicon, SynonymSet
from portal.search.query.parser import read
from tests.portal.search.corpus import ask, engine, refs, words


class Known:
    """A vocabulary of given tokens by field."""

    def __init__(self, **fields):
        self.fields = fields

    def frequency(self, field, token):
        return int(token in self.fields.get(field, ()))


def test_a_code_is_not_merged_with_another():
    assert refs("E6") == ["AC-E6", "AC-e6low"]
    assert refs("e6") == ["AC-e6low", "AC-E6"]
    assert ask("E6").ranked[0].code > ask("E6").ranked[1].code


def test_two_codes_are_two_questions():
    assert {"AC-E3", "AC-L1"} <= set(refs("E3 L1")[:2])


@pytest.mark.parametrize("typed", ["F0", "Ｆ０"])
def test_a_code_is_found_as_displayed(typed):
    assert refs(typed)[0] == "AC-F0"
    assert ask(typed).reading.codes[0].match is CodeMatch.EXACT


@pytest.mark.parametrize(("typed", "right"), [("Fo", "F0"), ("PO420", "P0420"), ("Pl300", ""), ("E06", "E6")])
def test_a_misread_code_is_offered_and_said(typed, right):
    found = ask(typed)
    if not right:
        assert found.ranked == ()
        return
    assert found.reading.codes[0].match is CodeMatch.SIMILAR
    assert meant(found) == right


def test_the_number_of_a_code_is_enough_with_its_machine():
    assert refs("洗碗机13号故障")[0] == "DW-WH13"
    assert refs("烤箱 service12")[0] == "OV-S12"


def test_an_unknown_code_is_not_answered_by_another():
    found = ask("E99")
    assert found.reading.codes[0].match is CodeMatch.UNKNOWN
    assert found.ranked == ()


def test_equipment_and_symptom_are_told_apart():
    reading = ask("冰柜结霜").reading
    assert [(concept.text, concept.kind) for concept in reading.concepts] == [
        ("冰柜", ConceptKind.EQUIPMENT),
        ("结霜", ConceptKind.SYMPTOM),
    ]
    assert "RF-WG" in reading.concepts[0].equipment


def test_words_of_asking_are_left_out():
    assert refs("请问冰柜不制冷怎么办")[0] == refs("冰柜不制冷")[0] == "RF-NOCOOL"
    assert ask("怎么办").reading.query == "怎么办"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("xiwanji bu jiare", "DW-WH7"),
        ("洗碗機不排水", "DW-GREE-F4"),
        ("冰箱结双", "RF-FROST"),
        ("freezer frost", "RF-FROST"),
        ("dishwasher not draining", "DW-WH6"),
        ("电梯E42", "DU-LOCK"),
        ("raid阵列降级", "SV-DISK"),
    ],
)
def test_pinyin_traditional_typo_english_and_mixtures_find_the_answer(typed, answer):
    assert answer in refs(typed)[:2]


def test_a_wrong_character_is_put_right():
    assert meant(ask("冰箱结双")) == "冰箱结霜"


def test_fewer_words_are_said():
    found = ask("冰柜有蟑螂爬出来")
    assert found.ranked
    assert found.relaxed
    assert found.missing == ("蟑螂爬出来",) or "蟑螂" in found.missing[0]


@pytest.mark.parametrize(
    "query", ["咖啡机磨豆", "打印机卡纸", "今天天气怎么样", "asdfghjkl", "", "。！？", "*:*", "😀"]
)
def test_what_cannot_be_answered_is_not(query):
    assert refs(query) == []


def test_a_synonym_of_an_editor_is_used_at_once():
    plain = Lexicon()
    taught = Lexicon(synonyms=[SynonymSet(("趴窝", "不启动"))])
    assert read("趴窝", plain, engine()).concepts[0].alternatives[1:] == ()
    assert read("趴窝", taught, engine()).concepts[0].alternatives[1].text == "不启动"


def test_a_one_way_synonym_widens_only_the_first():
    lexicon = Lexicon(synonyms=[SynonymSet(("冰柜", "卧式冰柜"), one_way=True)])
    assert [way.text for way in read("冰柜", lexicon, Known()).concepts[0].alternatives] == ["冰柜", "卧式冰柜"]
    assert lexicon.get("卧式冰柜") is None


def test_equipment_is_known_by_code_name_and_alias():
    lexicon = Lexicon([EquipmentNames("RF-LK", ("冷库(组合)", "Cold room"))])
    assert lexicon.equipment_codes("rf-lk") == lexicon.equipment_codes("冷库") == {"RF-LK"}
    assert lexicon.equipment_codes("cold rooms") == {"RF-LK"}
    assert lexicon.equipment_codes("洗碗机") == frozenset()


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_000,
        "冰" * 10_000,
        "\x00\x01\x1b",
        "((((",
        '"' * 99,
        "' OR 1=1 --",
        "a*",
        "?" * 500,
        "\u202e\ufeff",
        "𠮷野家",
    ],
)
def test_wrong_input_is_read_or_left_alone(query):
    found = ask(query)
    assert len(found.reading.query) <= 120
    assert found.reading.truncated is (len(query) > 120)


def test_frequent_equipment_words_stay_cheap():
    assert all(len(concept.alternatives) <= 15 for concept in ask("冰箱不启动").reading.concepts)
    assert len(words()) > 1000


@pytest.mark.parametrize(
    "typed", ["水位高", "水位过高", "水位太高", "水位很高", "水位特别高", "水位非常高", "水位有点高", "水位过高了"]
)
def test_a_term_said_with_force_is_that_term(typed):
    lexicon = Lexicon(
        synonyms=[SynonymSet(("水位高", "溢水"), one_way=True), SynonymSet(("水多", "溢水"), one_way=True)]
    )
    (concept,) = read(typed, lexicon, Known()).concepts
    assert concept.text == "水位高"
    assert read("水太多", lexicon, Known()).concepts[0].text == "水多"


def test_a_term_of_its_own_is_not_read_as_the_weaker_one():
    lexicon = Lexicon(synonyms=[SynonymSet(("水位高", "溢水")), SynonymSet(("水位过高", "报警"))])
    assert read("水位过高", lexicon, Known()).concepts[0].text == "水位过高"


@pytest.mark.parametrize("typed", ["很高", "过高", "特别大", "水位过猛"])
def test_force_alone_makes_no_term(typed):
    lexicon = Lexicon(synonyms=[SynonymSet(("水位高", "溢水"))])
    assert "水位高" not in [concept.text for concept in read(typed, lexicon, Known()).concepts]
