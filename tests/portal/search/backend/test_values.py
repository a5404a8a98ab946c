"""Values as terms: they come back as they were and sort as they should."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search.backend.partial import index_words, typed_words
from portal.search.backend.values import NULL, ValueKind, decode, encode, kind_of

STRATEGIES = {
    ValueKind.INTEGER: st.integers(-(2**62), 2**62),
    ValueKind.REAL: st.floats(allow_nan=False, allow_infinity=False).map(lambda value: value + 0.0),
    ValueKind.BOOLEAN: st.booleans(),
    ValueKind.DATE: st.dates(),
    ValueKind.MOMENT: st.datetimes(dt.datetime(1000, 1, 2), dt.datetime(9000, 1, 1), timezones=st.just(dt.UTC)),
    ValueKind.TIME: st.times(),
    ValueKind.DURATION: st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999)),
    ValueKind.TEXT: st.text(max_size=40),
}


@pytest.mark.parametrize("kind", list(ValueKind))
def test_values_come_back_and_sort_like_themselves(kind):
    @given(STRATEGIES[kind], STRATEGIES[kind])
    def check(one, other):
        assert decode(encode(one, kind), kind) == one
        assert (encode(one, kind) < encode(other, kind)) == (one < other)

    check()


def test_null_is_no_value():
    assert encode(None, ValueKind.INTEGER) == NULL
    assert decode(NULL, ValueKind.DATE) is None
    assert decode(None, ValueKind.DATE) is None


def test_moments_are_compared_across_time_zones():
    shanghai = dt.datetime(2026, 3, 18, 8, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    assert encode(shanghai, ValueKind.MOMENT) == encode(dt.datetime(2026, 3, 18, 0, tzinfo=dt.UTC), ValueKind.MOMENT)
    assert encode(dt.date(2026, 3, 18), ValueKind.MOMENT) < encode(shanghai, ValueKind.MOMENT)


def test_long_texts_differ_behind_their_beginning():
    one, other = ("字" * 1000 + end for end in "甲乙")
    assert encode(one, ValueKind.TEXT) != encode(other, ValueKind.TEXT)
    assert encode(one, ValueKind.TEXT) == encode(one, ValueKind.TEXT)
    assert len(encode(one, ValueKind.TEXT)) < 300
    assert decode(encode(one, ValueKind.TEXT), ValueKind.TEXT) == "字" * 255
    assert encode("字" * 256, ValueKind.TEXT) > encode("字" * 255, ValueKind.TEXT)


def test_other_types():
    assert encode(Decimal("1.5"), ValueKind.REAL) == encode(1.5, ValueKind.REAL)
    assert encode(UUID(int=1), ValueKind.TEXT).endswith("1")
    assert encode({"b": 1, "a": 2}, ValueKind.TEXT) == 'v{"a": 2, "b": 1}'
    assert kind_of("SomeNewField") is ValueKind.TEXT


@given(st.text(alphabet="压缩机不制冷 ab-1２", max_size=12), st.integers(0, 12))
def test_what_is_typed_begins_what_is_indexed(text, length):
    typed = typed_words(text[:length])
    indexed = index_words(text)
    if typed:
        assert all(word in indexed for word in typed[:-1])
        assert any(word.startswith(typed[-1]) for word in indexed)
