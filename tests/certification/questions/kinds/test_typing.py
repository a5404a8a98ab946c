"""What people type: width, points, punctuation, units."""

from decimal import Decimal

import pytest

from certification.questions.kinds.typing import comparable, quantity


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("２．５ｂａｒ", "2.5", "bar"),
        ("2.5 bar。", "2.5", "bar"),
        ("2。5bar", "2.5", "bar"),
        ("1,200 r/min", "1200", "r/min"),
        (".5MPa", "0.5", "MPa"),
        ("-.5 ℃.", "-0.5", "°C"),
    ],
)
def test_a_number_with_its_unit(text, number, unit):
    assert quantity(text) == (Decimal(number), unit)


@pytest.mark.parametrize("text", ["2,5bar", "2，5 bar", "2·5", "2,5", "bar", "。"])
def test_what_is_no_number_is_not_read_as_its_beginning(text):
    assert quantity(text) is None


@pytest.mark.parametrize(("one", "other"), [(".5MPa", "5MPa"), (".5", "5"), ("2。5", "25")])
def test_the_point_of_a_number_counts(one, other):
    assert comparable(one) != comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (".5MPa", "0.5兆帕"),
        ("2。5MPa", "2.5 兆帕"),
        ("。顺时针！", "顺时针"),
        ("．５MPa。", ".5MPa"),
        ("0.613MPa.", "0.613MPa"),
    ],
)
def test_what_does_not_count(one, other):
    assert comparable(one) == comparable(other)
