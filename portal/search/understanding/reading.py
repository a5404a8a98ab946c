"""Reading a query: which pieces are codes, which name equipment, which describe the trouble."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from portal.search import analysis
from portal.search.analysis.words import HAN

from .cleaning import EDGE_PARTICLES, clean_query, is_asking_word, without_asking
from .codes import read_codes
from .concepts import Alternative, CodeReading, Concept, ConceptKind, Reading
from .lexicon import MAX_LATIN_WORDS, Entry, Lexicon
from .sounds import read_pinyin, resounding

_SEGMENT = re.compile(
    rf"(?P<han>[{HAN}]+)|(?P<latin>[A-Za-z0-9][A-Za-z0-9\-_./+']*(?:[ ]+[A-Za-z0-9][A-Za-z0-9\-_./+']*)*)"
)
#: How sure an alternative from the synonym list is.
SYNONYM_WEIGHT = 0.85
MAX_ALTERNATIVES = 14


class Vocabulary(Protocol):
    """What a reader asks of the index."""

    def frequency(self, field: str, token: str) -> int:
        """Return the number of documents holding `token` in `field`."""


def read(raw: str, lexicon: Lexicon, vocabulary: Vocabulary) -> Reading:
    """Read a query.

    Args:
        raw: as typed; any length and any characters.
        lexicon: equipment names, synonyms and words for kinds.
        vocabulary: which codes and words the index knows.
    """
    query, truncated = clean_query(raw)
    codes: list[CodeReading] = []
    concepts: list[Concept] = []
    corrections: list[tuple[str, str]] = []
    for match in _SEGMENT.finditer(without_asking(query)):
        run = match.group("han")
        if run:
            concepts.extend(_read_han(run, lexicon, vocabulary, corrections))
        else:
            found, rest = read_codes(match.group("latin").split(), lexicon, vocabulary)
            codes.extend(found)
            concepts.extend(_read_latin(rest, lexicon, vocabulary, corrections))
    suggestion = query
    for wrong, right in corrections:
        suggestion = suggestion.replace(wrong, right)
    return Reading(
        query=query,
        codes=tuple(dict.fromkeys(codes)),
        concepts=tuple(_without_repeats(concepts)),
        truncated=truncated,
        suggestion=suggestion if corrections else "",
        tokens=tuple(analysis.query_tokens(query)),
    )


def _read_han(
    run: str,
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    corrections: list[tuple[str, str]],
) -> Iterator[Concept]:
    for piece, entry in _pieces(run, lexicon):
        if entry is not None:
            yield concept_of(entry, piece)
            continue
        for heard, replacement in resounding(piece, lexicon, vocabulary):
            if replacement is None:
                symptom = _symptom(heard)
                if symptom is not None:
                    yield symptom
            else:
                corrections.append((heard, replacement.term))
                yield concept_of(replacement, replacement.term)


def _pieces(run: str, lexicon: Lexicon) -> Iterator[tuple[str, Entry | None]]:
    """Cut a Chinese run into known terms, longest first, and what stands between them."""
    loose = ""
    position = 0
    while position < len(run):
        for length in range(min(lexicon.longest, len(run) - position), 1, -1):
            entry = lexicon.get(run[position : position + length])
            if entry is not None:
                if loose:
                    yield loose, None
                    loose = ""
                yield entry.term, entry
                position += length
                break
        else:
            loose += run[position]
            position += 1
    if loose:
        yield loose, None


def concept_of(entry: Entry, spelled: str) -> Concept:
    """Return the concept of a known term: the term itself, then what editors say means the same."""
    kind = ConceptKind.EQUIPMENT if entry.is_equipment else ConceptKind.KIND if entry.kinds else ConceptKind.SYMPTOM
    others = [text for text in entry.alternatives if text != spelled][:MAX_ALTERNATIVES]
    return Concept(
        text=spelled,
        kind=kind,
        alternatives=(
            Alternative(spelled, tuple(analysis.query_tokens(spelled))),
            *(Alternative(text, tuple(analysis.query_tokens(text)), SYNONYM_WEIGHT) for text in others),
        ),
        equipment=frozenset(entry.equipment),
        categories=frozenset(entry.categories),
        siblings=frozenset(entry.siblings),
        kinds=frozenset(entry.kinds),
    )


def _symptom(run: str) -> Concept | None:
    text = run.strip(EDGE_PARTICLES)
    if not text:
        return None
    return Concept(text, ConceptKind.SYMPTOM, (Alternative(text, tuple(analysis.query_tokens(text))),))


def _read_latin(
    words: list[str],
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    corrections: list[tuple[str, str]],
) -> Iterator[Concept]:
    position = 0
    unknown: list[str] = []
    while position < len(words):
        for length in range(min(MAX_LATIN_WORDS, len(words) - position), 0, -1):
            entry = lexicon.get_latin(words[position : position + length])
            if entry is not None:
                yield from _unknown_words(unknown, lexicon, vocabulary, corrections)
                unknown = []
                yield concept_of(entry, " ".join(words[position : position + length]).lower())
                position += length
                break
        else:
            unknown.append(words[position])
            position += 1
    yield from _unknown_words(unknown, lexicon, vocabulary, corrections)


def _unknown_words(
    words: list[str],
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    corrections: list[tuple[str, str]],
) -> Iterator[Concept]:
    """Words no editor named: pinyin if all of them can be read so and one is in no text, else words of a text."""
    if not words:
        return
    is_text = [any(vocabulary.frequency("text", token) for token in analysis.query_tokens(word)) for word in words]
    if not all(is_text) and all(word.replace("'", "").isalpha() for word in words):
        heard = read_pinyin(" ".join(words).lower(), lexicon)
        if heard:
            known_terms = [item.term if isinstance(item, Entry) else item.text for item in heard]
            corrections.append((" ".join(words), "".join(known_terms)))
            for item in heard:
                yield concept_of(item, item.term) if isinstance(item, Entry) else item
            return
    for word, known in zip(words, is_text, strict=True):
        if not known and is_asking_word(word):
            continue
        tokens = tuple(analysis.query_tokens(word))
        if tokens and len(word) > 1:
            yield Concept(word.lower(), ConceptKind.WORD, (Alternative(word.lower(), tokens),))


def _without_repeats(concepts: list[Concept]) -> Iterator[Concept]:
    seen: set[str] = set()
    for concept in concepts:
        if concept.text not in seen:
            seen.add(concept.text)
            yield concept
