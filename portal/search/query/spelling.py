"""Correct wrong characters: homophones and visually similar ones."""

from __future__ import annotations

from collections.abc import Iterator

from portal.search import analysis
from portal.search.analysis.phonetic import fold_syllable
from portal.search.indexing.documents import TEXT
from portal.search.query.lexicon import Entry, Lexicon
from portal.search.query.matching import WEAK_CHARACTERS
from portal.search.query.pinyin import MAX_SYLLABLES
from portal.search.query.vocabulary import Vocabulary

SHORTEST = 2


def meant_terms(run: str, lexicon: Lexicon, vocabulary: Vocabulary) -> Iterator[tuple[str, Entry | None]]:
    """Cut a run no editor named where a piece in no text is a known term with one mistake.

    Yields the pieces in order; with the term that was probably meant, or with None for a piece to be taken as it
    stands.
    """
    start = position = 0
    while position < len(run) - 1:
        found = _mistaken(run, position, lexicon, vocabulary)
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


def _mistaken(run: str, position: int, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[Entry, int] | None:
    for length in range(min(MAX_SYLLABLES, len(run) - position), 1, -1):
        piece = run[position : position + length]
        if length == SHORTEST and position:
            # Two characters in the middle of something are like a great many words.
            continue
        if all(vocabulary.frequency(TEXT, token) for token in analysis.query_tokens(piece)):
            continue
        near = _heard_like(piece, lexicon) or lexicon.likeness.looking_like(piece)
        terms = [term for term in near if _is_content(piece, term)]
        if terms:
            entries = lexicon.entries(terms)
            return max(entries, key=lambda entry: (entry.is_equipment, len(entry.alternatives))), length
    return None


def _is_content(piece: str, term: str) -> bool:
    """Whether what was mistaken is a word of its own: 水都滚了 has no 水斗 in it."""
    return not any(typed in WEAK_CHARACTERS and typed != right for typed, right in zip(piece, term, strict=True))


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
