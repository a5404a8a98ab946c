"""Reading a query: which pieces are codes, which name equipment, which describe the trouble."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from portal.search import analysis
from portal.search.analysis.words import HAN

from .cleaning import clean_query, is_asking_word
from .codes import read_codes
from .concepts import Alternative, CodeReading, Concept, ConceptKind, Reading
from .cutting import cut, drawn_apart, machine_in, misspelt, potential, stretches, without_edges
from .language import CODE_WORDS
from .lexicon import MAX_LATIN_WORDS, Entry, Lexicon
from .mistakes import meant_terms, respelled
from .sounds import is_pinyin, read_initials, read_pinyin

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


@dataclass(slots=True)
class _Page:
    """What is read so far."""

    lexicon: Lexicon
    vocabulary: Vocabulary
    codes: list[CodeReading] = field(default_factory=list)
    concepts: list[Concept] = field(default_factory=list)
    fillers: list[Concept] = field(default_factory=list)
    corrections: list[tuple[str, str]] = field(default_factory=list)
    unknown_machines: list[str] = field(default_factory=list)


def read(raw: str, lexicon: Lexicon, vocabulary: Vocabulary) -> Reading:
    """Read a query.

    Args:
        raw: as typed; any length and any characters.
        lexicon: equipment names, synonyms and words for kinds.
        vocabulary: which codes and words the index knows.
    """
    query, truncated = clean_query(raw)
    page = _Page(lexicon, vocabulary)
    for match in _SEGMENT.finditer(query):
        run = match.group("han")
        if run:
            _read_han(run, page)
        else:
            _read_latin_run(match.group("latin").split(), page)
    suggestion = query
    for wrong, right in page.corrections:
        suggestion = suggestion.replace(wrong, right)
    concepts = page.concepts
    if page.codes:
        concepts = [concept for concept in concepts if concept.text not in CODE_WORDS or concept.equipment]
    if not concepts and not page.codes and not page.unknown_machines:
        concepts = page.fillers
    return Reading(
        query=query,
        codes=tuple(dict.fromkeys(page.codes)),
        concepts=tuple(_without_repeats(concepts)),
        truncated=truncated,
        suggestion=suggestion if page.corrections else "",
        tokens=tuple(analysis.query_tokens(query)),
        unknown_machines=tuple(page.unknown_machines),
    )


def _read_han(run: str, page: _Page) -> None:
    pieces = cut(run, page.lexicon)
    for piece in pieces:
        if piece.entry is not None:
            page.concepts.append(concept_of(piece.entry, piece.entry.term))
        elif piece.is_filler:
            page.fillers.append(_loose_concept(piece.text))
        else:
            _read_loose(without_edges(piece.text), page)


def _read_loose(text: str, page: _Page) -> None:
    """Read what no editor named: a mistaken character, a potential form, a machine, and what the index knows of it."""
    right = respelled(text, page.vocabulary)
    if right != text:
        page.corrections.append((text, right))
        _read_han(right, page)
        return
    for typed, meant in meant_terms(text, page.lexicon, page.vocabulary):
        if meant is None:
            _read_forms(without_edges(typed), page)
        else:
            page.corrections.append((typed, meant.term))
            page.concepts.append(concept_of(meant, meant.term))


def _read_forms(text: str, page: _Page) -> None:
    if len(text) < 2:
        _take_stretch(text, page)
        return
    form = potential(text, page.lexicon)
    if form is not None:
        before, entry, after = form
        _read_forms(without_edges(before), page)
        page.concepts.append(concept_of(entry, entry.term))
        _read_forms(without_edges(after), page)
        return
    machine = machine_in(text, page.lexicon, page.vocabulary)
    if machine is not None:
        start, end, entries = machine
        _read_forms(without_edges(text[:start]), page)
        meant = misspelt(text[start:end], page.lexicon)
        if meant is not None:
            page.corrections.append((text[end - len(meant.term) : end], meant.term))
            page.concepts.append(concept_of(meant, meant.term))
        elif entries:
            page.concepts.append(_machine(text[start:end], entries))
        else:
            page.unknown_machines.append(text[start:end])
        _read_forms(without_edges(text[end:]), page)
        return
    apart = drawn_apart(text, page.lexicon)
    if apart is not None:
        page.concepts.append(concept_of(apart, apart.term))
    for stretch, _known in stretches(text, page.vocabulary):
        _take_stretch(without_edges(stretch), page)


def _take_stretch(text: str, page: _Page) -> None:
    entry = page.lexicon.get(text)
    if entry is not None:
        page.concepts.append(concept_of(entry, text))
    elif text:
        page.concepts.append(_loose_concept(text))


def _machine(text: str, entries: list[Entry]) -> Concept:
    """A machine under a name nobody wrote down, by the known ones it has most in common with."""
    return Concept(
        text=text,
        kind=ConceptKind.EQUIPMENT,
        alternatives=(Alternative(text, tuple(analysis.query_tokens(text))),),
        equipment=frozenset().union(*(entry.equipment for entry in entries)),
        categories=frozenset().union(*(entry.categories for entry in entries)),
        siblings=frozenset().union(*(entry.siblings for entry in entries)),
        is_guess=True,
    )


def _loose_concept(text: str) -> Concept:
    return Concept(text, ConceptKind.SYMPTOM, (Alternative(text, tuple(analysis.query_tokens(text))),))


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
        is_term=True,
    )


def _read_latin_run(words: list[str], page: _Page) -> None:
    """Read neighbouring Latin pieces: first the ones that are pinyin syllable by syllable, then codes, then words."""
    start = 0
    for begin, end in _pinyin_runs(words, page):
        _read_latin_words(words[start:begin], page)
        page.concepts.extend(_heard(words[begin:end], page))
        start = end
    _read_latin_words(words[start:], page)


def _read_latin_words(words: list[str], page: _Page) -> None:
    if words:
        found, rest = read_codes(words, page.lexicon, page.vocabulary)
        page.codes.extend(found)
        page.concepts.extend(_read_latin(rest, page))


def _pinyin_runs(words: list[str], page: _Page) -> list[tuple[int, int]]:
    """Where two or more neighbouring words are pinyin: `di` among them is no misread `d1`."""
    runs: list[tuple[int, int]] = []
    start = None
    for place, word in enumerate([*words, ""]):
        if word and is_pinyin(word):
            start = place if start is None else start
            continue
        if start is not None and place - start > 1 and not _is_english(words[start:place], page):
            runs.append((start, place))
        start = None
    return runs


def _is_written(words: list[str], vocabulary: Vocabulary) -> bool:
    """Whether every word stands in a text as it is: English rather than pinyin."""
    return all(any(vocabulary.frequency("text", token) for token in analysis.query_tokens(word)) for word in words)


def _is_english(words: list[str], page: _Page) -> bool:
    return all(page.lexicon.get_latin([word]) is not None or _is_written([word], page.vocabulary) for word in words)


def _heard(words: list[str], page: _Page) -> list[Concept]:
    """Read words as pinyin, and remember how it is written."""
    heard = read_pinyin(words, page.lexicon, page.vocabulary)
    if heard:
        written = "".join(item.term if isinstance(item, Entry) else item.text for item in heard)
        page.corrections.append((" ".join(words), written))
    return [concept_of(item, item.term) if isinstance(item, Entry) else item for item in heard]


def _read_latin(words: list[str], page: _Page) -> Iterator[Concept]:
    position = 0
    unknown: list[str] = []
    while position < len(words):
        for length in range(min(MAX_LATIN_WORDS, len(words) - position), 0, -1):
            entry = page.lexicon.get_latin(words[position : position + length])
            if entry is not None:
                yield from _unknown_words(unknown, page)
                unknown = []
                yield concept_of(entry, " ".join(words[position : position + length]).lower())
                position += length
                break
        else:
            unknown.append(words[position])
            position += 1
    yield from _unknown_words(unknown, page)


def _unknown_words(words: list[str], page: _Page) -> Iterator[Concept]:
    """Words no editor named: if one is in no text, pinyin, all of them together or each for itself; else words of a
    text.
    """
    if not words:
        return
    is_text = [_is_written([word], page.vocabulary) for word in words]
    heard = _as_pinyin(words, page) if not all(is_text) else []
    if heard:
        yield from heard
        return
    for word, known in zip(words, is_text, strict=True):
        if known:
            yield from _word(word)
        elif not is_asking_word(word):
            yield from _as_pinyin([word], page) or _word(word)


def _as_pinyin(words: list[str], page: _Page) -> list[Concept]:
    if all(map(is_pinyin, words)):
        return _heard(words, page) or read_initials(words, page.lexicon, page.vocabulary)
    return read_initials(words, page.lexicon, page.vocabulary) or _heard(words, page)


def _word(word: str) -> Iterator[Concept]:
    tokens = tuple(analysis.query_tokens(word))
    if tokens and len(word) > 1:
        yield Concept(word.lower(), ConceptKind.WORD, (Alternative(word.lower(), tokens),))


def _without_repeats(concepts: list[Concept]) -> Iterator[Concept]:
    seen: set[str] = set()
    for concept in concepts:
        if concept.text not in seen:
            seen.add(concept.text)
            yield concept
