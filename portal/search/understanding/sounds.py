"""Pinyin typed in Latin letters, and characters mistaken for others that sound the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from portal.search import analysis
from portal.search.analysis.phonetic import fold_syllable, split_syllables

from .concepts import Alternative, Concept, ConceptKind
from .lexicon import Entry, Lexicon

if TYPE_CHECKING:
    from .reading import Vocabulary

MAX_SYLLABLES = 8
SOUND_WEIGHT = 0.8
#: Letters that may be initials of terms; how sure that is; how many readings are kept.
MIN_INITIALS, MAX_INITIALS = 2, 12
INITIALS_WEIGHT = 0.9
MAX_MERGED = 12


def read_pinyin(text: str, lexicon: Lexicon) -> list[Concept | Entry]:
    """Read Latin letters as pinyin: known terms by their sound, the rest as sounds to look for.

    Returns nothing when the text is not pinyin throughout.
    """
    syllables = list(split_syllables(text.replace("'", " ")))
    if len(syllables) < 2:
        return []
    folded = [fold_syllable(syllable) for syllable in syllables]
    heard: list[Concept | Entry] = []
    loose: list[str] = []
    position = 0
    while position < len(folded):
        for length in range(min(MAX_SYLLABLES, len(folded) - position), 1, -1):
            entries = lexicon.sounding_like(" ".join(folded[position : position + length]))
            if entries:
                if loose:
                    heard.append(_sound(loose))
                    loose = []
                heard.append(_most_telling(entries))
                position += length
                break
        else:
            loose.append(syllables[position])
            position += 1
    if loose:
        heard.append(_sound(loose))
    return heard


def is_pinyin(word: str) -> bool:
    """Whether a Latin word is pinyin throughout, and not written in capitals as codes are."""
    plain = word.replace("'", "")
    return plain.isalpha() and (len(plain) < 2 or not plain[1:].isupper()) and bool(split_syllables(plain.lower()))


def read_initials(words: list[str], lexicon: Lexicon) -> list[Concept]:
    """Read words as the initials of known terms (`xwj bps`); nothing unless every letter belongs to one."""
    heard: list[Concept] = []
    for word in words:
        found = _initials_of(word, lexicon) if word.isalpha() and word.islower() else []
        if not found:
            return []
        heard.extend(found)
    return heard


def _initials_of(word: str, lexicon: Lexicon) -> list[Concept]:
    if not MIN_INITIALS <= len(word) <= MAX_INITIALS:
        return []
    for length in range(min(len(word), MAX_SYLLABLES), 1, -1):
        entries = lexicon.with_initials(word[:length])
        rest = _initials_of(word[length:], lexicon) if entries and length < len(word) else []
        if entries and (rest or length == len(word)):
            return [_merged(word[:length], entries), *rest]
    return []


def _merged(initials: str, entries: list[Entry]) -> Concept:
    """Everything that may be meant by the same initials: machines before the rest."""
    meant = [entry for entry in entries if entry.is_equipment] or entries
    ways = dict.fromkeys(term for entry in meant for term in (entry.term, *entry.alternatives))
    return Concept(
        text=initials,
        kind=ConceptKind.EQUIPMENT if meant[0].is_equipment else ConceptKind.SYMPTOM,
        alternatives=tuple(
            Alternative(way, tuple(analysis.query_tokens(way)), INITIALS_WEIGHT) for way in list(ways)[:MAX_MERGED]
        ),
        equipment=frozenset().union(*(entry.equipment for entry in meant)),
        categories=frozenset().union(*(entry.categories for entry in meant)),
        siblings=frozenset().union(*(entry.siblings for entry in meant)),
    )


def sound_tokens(syllables: list[str]) -> tuple[str, ...]:
    """Return the pinyin-field tokens of neighbouring syllables."""
    folded = [fold_syllable(syllable) for syllable in syllables]
    return tuple(dict.fromkeys(left + right for left, right in pairwise(folded))) if len(folded) > 1 else tuple(folded)


def resounding(run: str, lexicon: Lexicon, vocabulary: Vocabulary) -> Iterator[tuple[str, Entry | None]]:
    """Cut a run no editor named where a piece in no text sounds like a term that is known.

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
        if all(vocabulary.frequency("text", token) for token in analysis.query_tokens(piece)):
            continue
        syllables = analysis.syllables(piece)
        if len(syllables) != length:
            continue
        entries = lexicon.sounding_like(" ".join(map(fold_syllable, syllables)))
        # Two characters sound like a great many things: one of them must be right.
        near = [e for e in entries if len(e.term) == length and any(a == b for a, b in zip(e.term, piece, strict=True))]
        if near:
            return _most_telling(near), length
    return None


def _most_telling(entries: list[Entry]) -> Entry:
    return max(entries, key=lambda entry: (entry.is_equipment, len(entry.alternatives)))


def _sound(syllables: list[str]) -> Concept:
    text = " ".join(syllables)
    return Concept(
        text,
        ConceptKind.SOUND,
        (Alternative("", sound_tokens(syllables), 1.0, by_sound=True),),
    )
