"""The piece of a text that shows why it was found, with what matched marked."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import normalize

from portal.search.analysis import simplify

from .answers import Piece

#: Characters of a snippet.
SNIPPET_LENGTH = 110
#: Characters kept before the first match.
LEAD = 24


def mark(text: str, needles: Iterable[str]) -> tuple[Piece, ...]:
    """Return `text` in pieces, marked where one of the folded `needles` stands."""
    return _pieces(text, _spans(text, needles))


def snippet(text: str, needles: Iterable[str]) -> tuple[Piece, ...]:
    """Return the stretch of `text` with the most matches, at most `SNIPPET_LENGTH` characters, with ellipses where it
    was cut.
    """
    flat = " ".join(text.split())
    spans = _spans(flat, needles)
    start = _best_start(spans) if spans else 0
    end = min(len(flat), start + SNIPPET_LENGTH)
    start = max(0, min(start, end - SNIPPET_LENGTH))
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start]
    pieces = list(_pieces(flat[start:end], inside))
    if start > 0:
        pieces.insert(0, Piece("…"))
    if end < len(flat):
        pieces.append(Piece("…"))
    return tuple(pieces)


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


def _best_start(spans: list[tuple[int, int]]) -> int:
    """The start from which a snippet holds most marked characters."""

    def marked_from(first: int) -> int:
        return sum(end - start for start, end in spans if first <= start and end <= first + SNIPPET_LENGTH - LEAD)

    best = max((start for start, _ in spans[:40]), key=lambda first: (marked_from(first), -first))
    return max(0, best - LEAD)


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
