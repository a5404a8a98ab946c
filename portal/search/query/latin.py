"""Parse Latin runs: codes, names, English, pinyin and initials."""

from __future__ import annotations

import re
from collections.abc import Iterator

from portal.search import analysis
from portal.search.indexing.documents import TEXT
from portal.search.query.concepts import Alternative, Concept, ConceptKind
from portal.search.query.fault_codes import read_codes
from portal.search.query.language import ASKING_LATIN
from portal.search.query.lexicon import MAX_LATIN_WORDS, Entry
from portal.search.query.pinyin import is_pinyin, read_initials, read_pinyin
from portal.search.query.vocabulary import ParserState, Vocabulary, concept_of, guessed_machine

#: A model number: letters, then something with a digit.
_NUMBERED = re.compile(r"([A-Za-z]{2,})(?=[-_/.]?[A-Za-z]*[0-9])")


def read_latin(words: list[str], state: ParserState) -> None:
    """Read neighbouring Latin pieces: first the ones that are pinyin syllable by syllable, then codes, then words."""
    start = 0
    for begin, end in _pinyin_runs(words, state):
        _read_latin_words(words[start:begin], state)
        state.concepts.extend(_heard(words[begin:end], state))
        start = end
    _read_latin_words(words[start:], state)


def _read_latin_words(words: list[str], state: ParserState) -> None:
    if words:
        found, rest = read_codes(words, state.lexicon, state.vocabulary)
        state.codes.extend(found)
        state.concepts.extend(_read_words(rest, state))


def _pinyin_runs(words: list[str], state: ParserState) -> list[tuple[int, int]]:
    """Where two or more neighbouring words are pinyin: `di` among them is no misread `d1`."""
    runs: list[tuple[int, int]] = []
    start = None
    for place, word in enumerate([*words, ""]):
        if word and is_pinyin(word):
            start = place if start is None else start
            continue
        if start is not None and place - start > 1 and not _is_english(words[start:place], state):
            runs.append((start, place))
        start = None
    return runs


def _is_written(words: list[str], vocabulary: Vocabulary) -> bool:
    """Whether every word stands in a text as it is: English rather than pinyin."""
    return all(any(vocabulary.frequency(TEXT, token) for token in analysis.query_tokens(word)) for word in words)


def _is_english(words: list[str], state: ParserState) -> bool:
    return all(state.lexicon.get_latin([word]) is not None or _is_written([word], state.vocabulary) for word in words)


def _heard(words: list[str], state: ParserState) -> list[Concept]:
    """Read words as pinyin, and remember how it is written."""
    heard = read_pinyin(words, state.lexicon, state.vocabulary)
    if heard:
        written = "".join(item.term if isinstance(item, Entry) else item.text for item in heard)
        state.corrections.append((" ".join(words), written))
    return [concept_of(item, item.term) if isinstance(item, Entry) else item for item in heard]


def _read_words(words: list[str], state: ParserState) -> Iterator[Concept]:
    position = 0
    unknown: list[str] = []
    while position < len(words):
        for length in range(min(MAX_LATIN_WORDS, len(words) - position), 0, -1):
            entry = state.lexicon.get_latin(words[position : position + length])
            if entry is not None:
                yield from _unknown_words(unknown, state)
                unknown = []
                yield concept_of(entry, " ".join(words[position : position + length]).lower())
                position += length
                break
        else:
            unknown.append(words[position])
            position += 1
    yield from _unknown_words(unknown, state)


def _unknown_words(words: list[str], state: ParserState) -> Iterator[Concept]:
    """Words no editor named: if one is in no text, pinyin, all of them together or each for itself; else words of a
    text.
    """
    if not words:
        return
    is_text = [_is_written([word], state.vocabulary) for word in words]
    heard = _as_pinyin(words, state) if not all(is_text) else []
    if heard:
        yield from heard
        return
    for word, known in zip(words, is_text, strict=True):
        family = _family_of(word, state)
        if family is not None:
            yield family
        elif known:
            yield from _word(word)
        elif word.lower() not in ASKING_LATIN:
            yield from _as_pinyin([word], state) or _word(word)


def _family_of(word: str, state: ParserState) -> Concept | None:
    """A model number that is not known, by the known name it begins with (GMV-224W/A, by GMV)."""
    name = None if state.vocabulary.frequency(TEXT, analysis.fold(word)) else _NUMBERED.match(word)
    entry = state.lexicon.get_latin([name.group(1)]) if name else None
    return guessed_machine(word.lower(), [entry]) if entry is not None and entry.is_equipment else None


def _as_pinyin(words: list[str], state: ParserState) -> list[Concept]:
    if all(map(is_pinyin, words)):
        return _heard(words, state) or read_initials(words, state.lexicon, state.vocabulary)
    return read_initials(words, state.lexicon, state.vocabulary) or _heard(words, state)


def _word(word: str) -> Iterator[Concept]:
    tokens = tuple(analysis.query_tokens(word))
    if tokens and len(word) > 1:
        yield Concept(word.lower(), ConceptKind.WORD, (Alternative(word.lower(), tokens),))
