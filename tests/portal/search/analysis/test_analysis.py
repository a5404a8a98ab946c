"""The analyzer chain: what is indexed and what is asked agree."""

import string
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.search import analysis
from portal.search.analysis.phonetic import near_syllables, split_syllables
from portal.search.analysis.words import HAN_RUN, stem

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
HAN_TEXT = st.text(HAN, min_size=2, max_size=24)
ANY_TEXT = st.text(
    st.one_of(HAN, st.sampled_from(string.ascii_letters + string.digits + " -_/.,、（）Ｅ６ａ")), max_size=60
)


def matches(title: str, query: str) -> bool:
    """Whether the index finds `title` by every token of `query`, a lone character as a prefix."""
    indexed = analysis.index_tokens(title)
    return all(
        any(term.startswith(token) for term in indexed) if analysis.is_prefix(token) else token in indexed
        for token in analysis.query_tokens(query)
    )


@given(ANY_TEXT)
def test_query_tokens_are_those_of_the_index(text):
    assert matches(text, text)


@given(ANY_TEXT, HAN_TEXT, ANY_TEXT, st.data())
def test_any_piece_of_two_characters_of_a_title_finds_it(before, title, after, data):
    start = data.draw(st.integers(0, len(title) - 2))
    end = data.draw(st.integers(start + 2, len(title)))
    piece = title[start:end]
    assert analysis.query_tokens(piece)
    assert matches(before + title + after, piece)


@given(HAN_TEXT)
def test_any_single_character_of_a_title_finds_it(title):
    assert all(matches(title, character) for character in title)


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_nothing_typed_breaks_the_chain(text):
    analysis.index_tokens(text)
    assert len(analysis.query_tokens(text)) <= 64
    analysis.exact_codes(text)
    analysis.pinyin_tokens(text)
    analysis.latin_pinyin_tokens(text)


@given(HAN_TEXT)
def test_simplifying_keeps_the_length_and_is_done_once(text):
    assert len(analysis.simplify(text)) == len(text)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("洗碗机不排水", "洗碗機不排水"),
        ("Ｅ４２门锁", "E42"),
        ("GMV-224W/A", "gmv224w/a"),
        ("GMV-224W/A", "GMV"),
        ("GMV-224W/A", "224"),
        ("F0 31 传感器", "F031"),
        ("Service 12 故障", "service12"),
        ("SPN 520192 FMI 3", "spn520192"),
        ("E06", "E6"),
        ("P0420 催化", "p0420"),
        ("heating elements", "heated element"),
        ("电梯E42故障", "E42"),
    ],
)
def test_spellings_meet(written, asked):
    assert matches(written, asked)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("E6", ["E6"]),
        ("e6", ["e6"]),
        ("E42/E45", ["E42", "E45"]),
        ("F0 31", ["f031"]),
        ("SPN 520192 FMI 3", ["spn520192fmi3"]),
        ("Service 12", ["service12"]),
        ("GMV-224W/A", ["gmv224w/a"]),
        ("dC/dL", ["dC", "dL"]),
        ("P0420", ["p0420"]),
        ("电梯E42报警", ["E42"]),
        ("没有代码的一句话", []),
        ("12", ["12"]),
    ],
)
def test_codes_stay_whole(text, codes):
    assert analysis.exact_codes(text) == codes


def test_codes_of_few_places_are_told_apart_by_case():
    assert analysis.code_key("E6") != analysis.code_key("e6")
    assert analysis.code_key("F0") != analysis.code_key("Fo")
    assert analysis.folded_code("F0") == analysis.folded_code("Fo") == analysis.folded_code("FO")
    assert analysis.code_key("P0420") == analysis.code_key("p0420")
    assert analysis.code_number("Service 12") == "12"
    assert analysis.code_number("E12") == ""


@pytest.mark.parametrize(
    ("typed", "syllables"),
    [
        ("xiwanji bu jiare", ("xi", "wan", "ji", "bu", "jia", "re")),
        ("dabuzhaohuo", ("da", "bu", "zhao", "huo")),
        ("fault", ()),
        ("kongtiao", ("kong", "tiao")),
    ],
)
def test_pinyin_is_cut_into_syllables(typed, syllables):
    assert split_syllables(typed) == syllables


def test_pinyin_meets_characters_and_southern_spelling():
    indexed = set(analysis.pinyin_tokens("洗碗机不制冷"))
    assert set(analysis.latin_pinyin_tokens("xiwanji bu zhileng")) <= indexed
    assert set(analysis.latin_pinyin_tokens("xiwanji bu zhilen")) <= indexed
    assert set(analysis.pinyin_tokens("洗婉机")) <= indexed
    # Read huo, typed he.
    assert set(analysis.latin_pinyin_tokens("hemianji")) <= set(analysis.pinyin_tokens("和面机"))


@pytest.mark.parametrize(
    "words",
    [
        ("heat", "heats", "heated", "heating"),
        ("leak", "leaks", "leaking"),
        ("stop", "stopped"),
        ("wire", "wiring"),
        ("battery", "batteries"),
        ("dry", "dried"),
    ],
)
def test_english_endings_fall_off(words):
    assert len({stem(word) for word in words}) == 1


@pytest.mark.parametrize("word", ["battery", "mitsubishi", "off", "led", "gas", "e6", "bingui"])
def test_what_has_no_ending_stays_as_it_is(word):
    assert stem(word) == word


def test_the_table_of_look_alikes_is_sound():
    lines = (
        resources.files("portal.search.analysis").joinpath("look_alikes.txt").read_text(encoding="utf-8").splitlines()
    )
    rows = [line for line in lines if not line.startswith("#")]
    assert len({row[0] for row in rows}) == len(rows) > 3000
    assert all(len(set(row)) == len(row) > 1 and HAN_RUN.fullmatch(row) for row in rows)


@pytest.mark.parametrize(
    ("typed", "meant"), [("拒", "柜"), ("箱", "霜"), ("湿", "温"), ("护", "炉"), ("官", "管"), ("抽", "轴")]
)
def test_characters_that_look_alike_are_known(typed, meant):
    assert analysis.look_alike(typed, meant)
    assert analysis.look_alike(meant, typed)


def test_characters_that_do_not_look_alike_are_no_look_alikes():
    assert not analysis.look_alike("碗", "衣")
    assert not analysis.look_alike("水", "电")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("jieshaung", ()), ("shaung", "shuang"), ("shuag", "shuang"), ("shuamg", "shuang"), ("shuaang", "shuang")],
)
def test_a_slip_of_the_finger_is_near_its_syllable(typed, meant):
    assert (meant in near_syllables(typed)) if meant else near_syllables(typed) == ()
