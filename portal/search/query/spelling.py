"""Correct wrong characters: homophones and visually similar ones."""

from __future__ import annotations

from collections.abc import Iterator

from portal.search import analysis
from portal.search.analysis.phonetic import fold_syllable
from portal.search.indexing.documents import TEXT
from portal.search.query.lexicon import Entry, Lexicon
from portal.search.query.matching import WEAK_CHARACTERS
from portal.search.query.pinyin import MAX_SYLLABLES
from portal.search.query.trade_words import TRADE_WORDS
from portal.search.query.vocabulary import Vocabulary

SHORTEST = 2
_ORDINARY = TRADE_WORDS.ordinary_machines | TRADE_WORDS.ordinary_words
_LONGEST_ORDINARY = max(map(len, _ORDINARY))


def meant_terms(run: str, lexicon: Lexicon, vocabulary: Vocabulary) -> Iterator[tuple[str, Entry | None]]:
    """Cut a run no editor named where a piece in no text is a known term with one mistake.

    Yields the pieces in order; with the term that was probably meant, or with None for a piece to be taken as it
    stands.
    """
    ordinary = _ordinary_places(run)
    start = position = 0
    while position < len(run) - 1:
        found = None if position in ordinary else _mistaken(run, position, ordinary, lexicon, vocabulary)
        if found is None:
            position += 1
            continue
        entry, length = found
        if start < position:
            yield run[start:position], None
        yield run[position : position + length], entry
        start = position = position + length
    if start < len(run):
        yield run[start:], None


def _ordinary_places(run: str) -> frozenset[int]:
    """Return the places of characters that belong to an ordinary word, which is no mistake whatever it is like."""
    return frozenset(
        place
        for start in range(len(run))
        for end in range(start + 2, min(start + _LONGEST_ORDINARY, len(run)) + 1)
        if run[start:end] in _ORDINARY
        for place in range(start, end)
    )


def _mistaken(
    run: str, position: int, ordinary: frozenset[int], lexicon: Lexicon, vocabulary: Vocabulary
) -> tuple[Entry, int] | None:
    for length in range(min(MAX_SYLLABLES, len(run) - position), 1, -1):
        piece = run[position : position + length]
        if not ordinary.isdisjoint(range(position, position + length)):
            continue
        if length == SHORTEST and position:
            # Two characters in the middle of something are like a great many words.
            continue
        if all(vocabulary.frequency(TEXT, token) for token in analysis.query_tokens(piece)):
            continue
        near = _heard_like(piece, lexicon) or lexicon.likeness.looking_like(piece)
        terms = [term for term in near if _is_content(piece, term) and _is_evidence(piece, term)]
        if terms:
            entries = lexicon.entries(terms)
            return max(entries, key=lambda entry: (entry.is_equipment, len(entry.alternatives))), length
    return None


def _is_content(piece: str, term: str) -> bool:
    """Whether what was mistaken is a word of its own: 水都滚了 has no 水斗 in it."""
    return not any(typed in WEAK_CHARACTERS and typed != right for typed, right in zip(piece, term, strict=True))


def _is_evidence(piece: str, term: str) -> bool:
    """Whether what is right tells more than that it is some machine: the head alone (机, 炉) is in every name."""
    if len(piece) > SHORTEST or piece[-1] not in TRADE_WORDS.machine_heads or piece[-1] != term[-1]:
        return True
    return analysis.syllables(piece) == analysis.syllables(term)


def _heard_like(piece: str, lexicon: Lexicon) -> list[str]:
    """Terms that sound the same. Two characters sound like a great many things: one of them must be right."""
    syllables = analysis.syllables(piece)
    if len(syllables) != len(piece):
        return []
    terms = lexicon.likeness.sounding_like(" ".join(map(fold_syllable, syllables)))
    return [
        term
        for term in terms
        if len(term) == len(piece) and any(typed == right for typed, right in zip(piece, term, strict=True))
    ]
