"""Snippets: the passage that shows why a result was found, with matches marked."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from portal.search.analysis import simplify
from portal.search.query.answers import Piece

#: Characters of a snippet.
SNIPPET_LENGTH = 110
#: A line shorter than this says nothing by itself: a tool, a part, a model.
FRAGMENT = 8
_OMITTED = " … "
_SENTENCE = re.compile(r"(?<=[。！？；!?;])|(?<=\.)\s+")
_CLAUSE = re.compile(r"(?<=[，、：,:])")
_ENDS_SENTENCE = tuple("。！？；!?;.…")


@dataclass(frozen=True, slots=True)
class _Statement:
    """A stretch of a text that can stand by itself, and how it hangs together with what is around it."""

    text: str
    begins: bool
    ends: bool
    is_fragment: bool


def mark(text: str, needles: Iterable[str]) -> tuple[Piece, ...]:
    """Return `text` in pieces, marked where one of the folded `needles` stands."""
    return _pieces(text, _spans(text, needles))


def snippet(lines: Iterable[str], needles: Iterable[str]) -> tuple[Piece, ...]:
    """Return what of a text says most of what was asked: whole statements, about `SNIPPET_LENGTH` characters.

    Args:
        lines: the text, one statement or paragraph a line.
        needles: folded strings to mark.
    """
    wanted = set(needles)
    statements = [statement for line in lines for statement in _statements(" ".join(line.split()))]
    if not statements:
        return ()
    said = [{fold_in_place(item.text[a:b]) for a, b in _spans(item.text, wanted)} for item in statements]
    chosen = _chosen(statements, said)
    return mark(_joined_text(statements, chosen), wanted)


def _chosen(statements: Sequence[_Statement], said: Sequence[set[str]]) -> list[int]:
    """The statements that say most, each something new, and what stands around them as far as there is room."""
    rated = sorted(range(len(statements)), key=lambda at: (-sum(map(len, said[at])), statements[at].is_fragment, at))
    chosen = rated[:1]
    shown = set(said[rated[0]])
    room = SNIPPET_LENGTH - len(statements[rated[0]].text)

    def says_nothing(at: int) -> bool:
        return statements[at].is_fragment and not said[at]

    def take(at: int) -> bool:
        nonlocal room
        cost = len(statements[at].text) + 1
        if cost > room or at in chosen:
            return False
        chosen.append(at)
        room -= cost
        return True

    for at in rated[1:]:
        if said[at] - shown and take(at):
            shown |= said[at]
    for step in (1, -1):
        for at in list(chosen):
            beside = at + step
            while 0 <= beside < len(statements) and (says_nothing(beside) or take(beside)):
                beside += step
    return sorted(chosen)


def _joined_text(statements: Sequence[_Statement], chosen: Sequence[int]) -> str:
    text = "" if statements[chosen[0]].begins else "…"
    for place, at in enumerate(chosen):
        statement = statements[at]
        text += statement.text
        if place + 1 < len(chosen):
            left_out = statements[at + 1 : chosen[place + 1]]
            text += _between(statement) if all(item.is_fragment for item in left_out) else _OMITTED
    return text if statements[chosen[-1]].ends else text.rstrip("，、：,:") + "…"


def _between(statement: _Statement) -> str:
    last = statement.text[-1]
    if statement.ends and last not in _ENDS_SENTENCE:
        return "; " if statement.text.isascii() else "；"
    return " " if last.isascii() else ""


def _statements(line: str) -> Iterator[_Statement]:
    """A line as the statements a snippet is made of: sentences, the clauses of long ones, at worst pieces of them."""
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(line))):
        if len(sentence) <= SNIPPET_LENGTH // 2:
            clauses = [sentence]
        else:
            clauses = [
                piece for clause in _CLAUSE.split(sentence) for piece in textwrap.wrap(clause, SNIPPET_LENGTH // 2)
            ]
        for place, clause in enumerate(clauses):
            yield _Statement(
                clause, begins=place == 0, ends=place == len(clauses) - 1, is_fragment=len(line) < FRAGMENT
            )


def fold_in_place(text: str) -> str:
    """Return `text` folded character by character, so that every place in it is the same place in `text`."""
    return "".join(_fold_character(character) for character in simplify(text))


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    folded = normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def _spans(text: str, needles: Iterable[str]) -> list[tuple[int, int]]:
    folded = fold_in_place(text)
    found: list[tuple[int, int]] = []
    for needle in set(needles):
        if not needle:
            continue
        place = folded.find(needle)
        while place >= 0:
            if _is_whole(folded, place, needle):
                found.append((place, place + len(needle)))
            place = folded.find(needle, place + 1)
    return _joined(sorted(found))


def _is_whole(folded: str, place: int, needle: str) -> bool:
    """A Latin needle must not begin inside a word or number (`e6` is not in `fe60`); a stem may end inside one."""
    if not needle[0].isascii():
        return True
    before = folded[place - 1] if place else " "
    after = folded[place + len(needle)] if place + len(needle) < len(folded) else " "
    starts = not (before.isascii() and before.isalnum())
    ends = not (after.isascii() and after.isdigit()) if needle[-1].isdigit() else True
    return starts and ends


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _pieces(text: str, spans: list[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    position = 0
    for start, end in spans:
        if position < start:
            pieces.append(Piece(text[position:start]))
        pieces.append(Piece(text[start:end], marked=True))
        position = end
    if position < len(text):
        pieces.append(Piece(text[position:]))
    return tuple(pieces)
