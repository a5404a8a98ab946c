"""Recognise fault codes among the Latin pieces of a query. A code is never merged with another one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.search import analysis
from portal.search.indexing.documents import CODE_EXACT, CODE_FOLDED, CODE_MENTIONED, TEXT
from portal.search.query.concepts import CodeMatch, CodeReading
from portal.search.query.language import BEFORE_CODES
from portal.search.query.lexicon import Lexicon
from portal.search.query.vocabulary import Vocabulary

#: Pieces that may belong to one code: `SPN 520192 FMI 3` has four.
MAX_PIECES = 4
MAX_MISREAD_LETTERS = 2
MAX_GLUED = 24
#: How well a document has a code. A phone writes lower case, that is no misreading; zeros in front are padding; O for 0
#: and l for 1 are misread.
EXACT_CODE, CASE_CODE, PADDED_CODE, MENTIONED_CODE, SIMILAR_CODE = 1.0, 0.85, 0.8, 0.7, 0.55
_PADDING = re.compile(r"(?<![0-9])0+(?=[0-9])")
_SERIES = re.compile(rf"(?:{'|'.join(BEFORE_CODES)}) [0-9]{{1,6}}[a-z]?(?: fmi [0-9]{{1,3}})?", re.IGNORECASE)
_LOOKS_LIKE_CODE = re.compile(r"[A-Za-z]{1,3}-?\d{1,5}[A-Za-z]?|[A-Z]\d[A-Z]\d?[A-Z]?|\d{1,2}[A-Z]{1,2}\d{0,2}")


def read_codes(words: list[str], lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[list[CodeReading], list[str]]:
    """Return the codes among neighbouring Latin pieces, and the pieces that are none.

    A piece counts as a code when the index knows it as one, exactly or as it may have been misread, and, unknown,
    when it is written as codes are and no text or name contains it.
    """
    codes: list[CodeReading] = []
    rest: list[str] = []
    position = 0
    while position < len(words):
        taken = _longest_known(words[position : position + MAX_PIECES], lexicon, vocabulary)
        if taken is not None:
            reading, length = taken
            codes.extend(reading)
            position += length
            continue
        length = _unknown_series(words[position : position + MAX_PIECES])
        if length:
            codes.append(_reading(" ".join(words[position : position + length]), CodeMatch.UNKNOWN))
            position += length
            continue
        word = words[position]
        glued = _glued(word, lexicon, vocabulary)
        if glued is not None:
            rest.append(glued[0])
            codes.append(glued[1])
        elif _is_unknown_code(word, lexicon, vocabulary):
            codes.append(_reading(word, CodeMatch.UNKNOWN))
        else:
            rest.append(word)
        position += 1
    return codes, rest


def _unknown_series(pieces: list[str]) -> int:
    """Return how many pieces name a code by a word and its number (Service 99), though the index has none such."""
    return next((n for n in range(len(pieces), 1, -1) if _SERIES.fullmatch(" ".join(pieces[:n]))), 0)


def _longest_known(pieces: list[str], lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[list[CodeReading], int] | None:
    for length in range(len(pieces), 0, -1):
        shown = " ".join(pieces[:length])
        if length > 1 and not any(piece[0].isdigit() for piece in pieces[1:length]):
            continue
        if length == 1 and _is_rather_a_name(shown, lexicon):
            continue
        for parts in ([shown], shown.split("/")):
            readings = [match_code(part, vocabulary) for part in parts]
            if all(_is_taken(reading, lexicon) for reading in readings):
                return readings, length
    return None


def _glued(word: str, lexicon: Lexicon, vocabulary: Vocabulary) -> tuple[str, CodeReading] | None:
    """Cut a piece that is unknown as a whole into a name and a known code, in either order (gmv5l1, e6gmv5)."""
    if len(word) > MAX_GLUED or word.isalpha() or vocabulary.frequency(TEXT, analysis.fold(word)):
        return None
    for place in range(len(word) - 2, 1, -1):
        for name, code in ((word[:place], word[place:]), (word[place:], word[:place])):
            name, code = name.strip("-_"), code.strip("-_")
            if not code[:1].isalpha() or not _is_name(name, lexicon):
                continue
            reading = match_code(code, vocabulary)
            # Letters alone are a code behind a name only as they are written on the display (gmv5dC).
            if reading.match is CodeMatch.EXACT or (reading.match is CodeMatch.SIMILAR and not code.isalpha()):
                return name, reading
    return None


def _is_name(word: str, lexicon: Lexicon) -> bool:
    """Whether a piece is a known name, or one with a number behind it (U-Match5)."""
    return any(lexicon.get_latin([form]) is not None for form in (word, word.rstrip("0123456789-")))


def match_code(shown: str, vocabulary: Vocabulary) -> CodeReading:
    """Return how the index knows a code: as a document's own, as one spoken of, as a misread one."""
    if vocabulary.frequency(CODE_EXACT, analysis.code_key(shown)):
        return _reading(shown, CodeMatch.EXACT)
    if shown.isdigit() and vocabulary.frequency(CODE_FOLDED, shown.lstrip("0")):
        return _reading(shown, CodeMatch.EXACT)
    is_misread = any(vocabulary.frequency(CODE_FOLDED, form) for form in folded_forms(shown))
    if not is_misread and vocabulary.frequency(CODE_MENTIONED, analysis.code_key(shown).lower()):
        return _reading(shown, CodeMatch.MENTIONED)
    # A word of letters is no misread code (all is not A11); two letters may be (Fo).
    is_word = shown.isalpha() and len(shown) > MAX_MISREAD_LETTERS
    if not is_word and is_misread:
        return _reading(shown, CodeMatch.SIMILAR)
    return _reading(shown, CodeMatch.UNKNOWN)


def folded_forms(shown: str) -> tuple[str, ...]:
    """Return the forms under which a possibly misread code is looked up."""
    return tuple(dict.fromkeys((analysis.folded_code(shown), analysis.bare_code(shown))))


def _reading(shown: str, match: CodeMatch) -> CodeReading:
    return CodeReading(shown, analysis.code_key(shown), folded_forms(shown), match)


def _is_rather_a_name(word: str, lexicon: Lexicon) -> bool:
    """A word without a digit that names equipment (`EV`, `DM`) is read as that."""
    return word.isalpha() and lexicon.get_latin([word]) is not None


def _is_taken(reading: CodeReading, lexicon: Lexicon) -> bool:
    """Whether a piece is read as a code; one that is only spoken of somewhere is rather the name it is (GMV5)."""
    if reading.match is CodeMatch.MENTIONED:
        return lexicon.get_latin([reading.shown]) is None
    return reading.match is not CodeMatch.UNKNOWN


def _is_unknown_code(word: str, lexicon: Lexicon, vocabulary: Vocabulary) -> bool:
    if not _LOOKS_LIKE_CODE.fullmatch(word) or lexicon.get_latin([word]) is not None:
        return False
    return not vocabulary.frequency(TEXT, analysis.fold(word))


def code_match(code: CodeReading, stored: Mapping[str, Any]) -> float:
    """Return how well a document has a code, 0 to 1.

    Args:
        code: as read.
        stored: what the index stored of the document: its `codes`, and those `mentioned` in its text.
    """
    if code.match is CodeMatch.MENTIONED:
        return MENTIONED_CODE if code.key.lower() in stored.get("mentioned", ()) else 0.0
    best = 0.0
    for shown in stored.get("codes", ()):
        for key in analysis.exact_codes(shown) or [analysis.code_key(shown)]:
            if key == code.key:
                return EXACT_CODE
            if code.key.isdigit() and analysis.code_number(key) == code.key.lstrip("0"):
                return EXACT_CODE
            if not set(code.folded).isdisjoint((analysis.folded_code(key), analysis.bare_code(key))):
                best = max(best, _likeness(key, code.key))
    return best


def _likeness(known: str, typed: str) -> float:
    if known.lower() == typed.lower():
        return CASE_CODE
    return PADDED_CODE if _unpadded(known) == _unpadded(typed) else SIMILAR_CODE


def _unpadded(key: str) -> str:
    return _PADDING.sub("", key)
