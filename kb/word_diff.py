"""Differences between two texts in words: what was taken out, what was put in.

Chinese has no spaces. Han characters are compared one by one, then lone characters that happen to agree between two
changes are drawn into the change: 更换压缩机 to 检修压力表 reads as one replacement, not as five crumbs. Latin words,
figures with their unit and codes (R404A, 2.5kW, E-07) are never cut.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, OUT, IN = "same", "out", "in"
# Fewer equal characters than this between two changes are part of them.
ISLAND = 2
# From this share of equal words on, two texts are one text that was edited.
EDITED = 0.45

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[./:%°℃\-][A-Za-z0-9]+)*[%°℃]?|\s+|.", re.DOTALL)
_OP = tuple[str, int, int, int, int]


@dataclass(frozen=True)
class Span:
    """A piece of text and whether both have it (``same``), the old one only (``out``) or the new one only (``in``)."""

    kind: str
    text: str


def words_of(text: str) -> list[str]:
    """Return the tokens of a text, joined again they are the text."""
    return _TOKEN.findall(text)


def likeness(old: str, new: str) -> float:
    """Return from 0 to 1 how much of two texts agrees."""
    return SequenceMatcher(None, words_of(old), words_of(new), autojunk=False).ratio()


def spans(old: str, new: str) -> list[Span]:
    """Return the pieces of both texts in reading order, what was taken out before what replaced it."""
    before, after = words_of(old), words_of(new)
    operations = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    found = []
    for kind, start, end, new_start, new_end in _without_islands(operations, before):
        taken, put = "".join(before[start:end]), "".join(after[new_start:new_end])
        if kind == "equal":
            found.append(Span(SAME, put))
        else:
            found += [Span(kind, text) for kind, text in ((OUT, taken), (IN, put)) if text]
    return found


def _without_islands(operations: Sequence[_OP], before: Sequence[str]) -> Iterator[_OP]:
    """Yield the operations with short agreements between two changes joined to them."""
    joined: list[_OP] = []
    last = len(operations) - 1
    for index, operation in enumerate(operations):
        kind, start, end, _new_start, _new_end = operation
        agreed = "".join(before[start:end])
        is_island = kind == "equal" and 0 < index < last and len(agreed) < ISLAND and not agreed.isspace()
        joined.append(("replace", *operation[1:]) if is_island else operation)
    for operation in _merged(joined):
        yield operation


def _merged(operations: Iterable[_OP]) -> list[_OP]:
    merged: list[_OP] = []
    for operation in operations:
        if merged and operation[0] != "equal" and merged[-1][0] != "equal":
            _kind, start, _end, new_start, _new_end = merged[-1]
            merged[-1] = ("replace", start, operation[2], new_start, operation[4])
        else:
            merged.append(operation)
    return merged
