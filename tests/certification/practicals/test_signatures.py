"""Signatures drawn on a screen: what is taken, what is refused, and how it is drawn again."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.practicals.errors import UnusableSignature
from certification.practicals.signatures import HEIGHT, WIDTH, path_of, read_strokes

LINE = [number for x in range(10) for number in (x * 10, 20)]


def test_nothing_drawn_is_no_signature():
    assert read_strokes(" ") == []


def test_a_line_is_kept_as_it_was_drawn():
    assert read_strokes(json.dumps([LINE])) == [LINE]


@pytest.mark.parametrize(
    "posted",
    [
        "x",
        "[" * 100_000,
        "{}",
        json.dumps([LINE, [1]]),
        json.dumps([LINE, []]),
        json.dumps([[WIDTH + 1, 0] * 10]),
        json.dumps([[0, HEIGHT + 1] * 10]),
        json.dumps([[-1, 0] * 10]),
        json.dumps([[1.5, 0] * 10]),
        json.dumps([[True, 0] * 10]),
        json.dumps([["<", ">"] * 10]),
        json.dumps([[1, 1]]),
        json.dumps([[1, 1] * 9000]),
        json.dumps([LINE] * 100),
    ],
    ids=lambda posted: posted[:20],
)
def test_what_is_no_signature_is_refused(posted):
    with pytest.raises(UnusableSignature):
        read_strokes(posted)


POINTS = st.lists(st.tuples(st.integers(0, WIDTH), st.integers(0, HEIGHT)), min_size=1, max_size=4)


@given(st.lists(POINTS, max_size=4))
def test_a_path_holds_nothing_but_moves_and_lines(drawn):
    strokes = [[number for point in points for number in point] for points in drawn]
    assert set(path_of(strokes)) <= set("ML 0123456789")
    assert path_of(strokes).count("M") == len(strokes)


def test_a_dot_is_a_line_of_no_length():
    assert path_of([[5, 6]]) == "M5 6L5 6"
