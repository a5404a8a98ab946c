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
from portal.search.query.vocabulary import Page, Vocabulary, concept_of, guessed_machine

#: A model number: letters, then something with a digit.
_NUMBERED = re.compile(r"([A-Za-z]{2,})(?=[-_/.]?[A-Za-z]*[0-9])")


def read_latin(words: list[str], page: Page) -> None:
    """Read neighbouring Latin pieces: first the ones that are pinyin syllable by syllable, then codes, then words."""
    start = 0
    for begin, end in _pinyin_runs(words, page):
        _read_latin_words(words[start:begin], page)
        page.concepts.extend(_heard(words[begin:end], page))
        start = end
    _read_latin_words(words[start:], page)


def _read_latin_words(words: list[str], page: Page) -> None:
    if words:
        found, rest = read_codes(words, page.lexicon, page.vocabulary)
        page.codes.extend(found)
        page.concepts.extend(_read_words(rest, page))


def _pinyin_runs(words: list[str], page: Page) -> list[tuple[int, int]]:
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
    return all(any(vocabulary.frequency(TEXT, token) for token in analysis.query_tokens(word)) for word in words)


def _is_english(words: list[str], page: Page) -> bool:
    return all(page.lexicon.get_latin([word]) is not None or _is_written([word], page.vocabulary) for word in words)


def _heard(words: list[str], page: Page) -> list[Concept]:
    """Read words as pinyin, and remember how it is written."""
    heard = read_pinyin(words, page.lexicon, page.vocabulary)
    if heard:
        written = "".join(item.term if isinstance(item, Entry) else item.text for item in heard)
        page.corrections.append((" ".join(words), written))
    return [concept_of(item, item.term) if isinstance(item, Entry) else item for item in heard]


def _read_words(words: list[str], page: Page) -> Iterator[Concept]:
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


def _unknown_words(words: list[str], page: Page) -> Iterator[Concept]:
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
        family = _family_of(word, page)
        if family is not None:
            yield family
        elif known:
            yield from _word(word)
        elif word.lower() not in ASKING_LATIN:
            yield from _as_pinyin([word], page) or _word(word)


def _family_of(word: str, page: Page) -> Concept | None:
    """A model number that is not known, by the known name it begins with (GMV-224W/A, by GMV)."""
    name = None if page.vocabulary.frequency(TEXT, analysis.fold(word)) else _NUMBERED.match(word)
    entry = page.lexicon.get_latin([name.group(1)]) if name else None
    return guessed_machine(word.lower(), [entry]) if entry is not None and entry.is_equipment else None


def _as_pinyin(words: list[str], page: Page) -> list[Concept]:
    if all(map(is_pinyin, words)):
        return _heard(words, page) or read_initials(words, page.lexicon, page.vocabulary)
    return read_initials(words, page.lexicon, page.vocabulary) or _heard(words, page)


def _word(word: str) -> Iterator[Concept]:
    tokens = tuple(analysis.query_tokens(word))
    if tokens and len(word) > 1:
        yield Concept(word.lower(), ConceptKind.WORD, (Alternative(word.lower(), tokens),))
