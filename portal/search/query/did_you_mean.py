"""Spelling suggestions (“did you mean”) from corrections of the parser and from matches by sound."""

from __future__ import annotations

from portal.search import analysis
from portal.search.analysis.phonetic import fold_syllable
from portal.search.analysis.words import HAN_RUN
from portal.search.query.concepts import CodeMatch, Concept
from portal.search.query.retrieval import Found


def meant(found: Found) -> str:
    """Return the query with the spellings that had to be changed put right; empty if nothing was changed."""
    if not found.ranked:
        return ""
    reading, best = found.reading, found.ranked[0]
    text = reading.suggestion or reading.query
    if found.by_sound:
        head = str(best.hit.stored["head"])
        for concept in reading.concepts:
            right = _as_written(concept, head)
            if right:
                text = text.replace(concept.text, right) if concept.text in text else text + right
    for code in reading.codes:
        if code.match is CodeMatch.SIMILAR and best.hit.stored["codes"] and best.code:
            shown = _nearest(code.folded, best.hit.stored["codes"])
            text = text.replace(code.shown, shown) if shown else text
    return text if text != reading.query else ""


def _nearest(folded: tuple[str, ...], codes: list[str]) -> str:
    for shown in codes:
        for key in analysis.exact_codes(shown):
            if not set(folded).isdisjoint((analysis.folded_code(key), analysis.bare_code(key))):
                return shown
    return ""


def _as_written(concept: Concept, head: str) -> str:
    """The stretch of the head that sounds like a concept and is written otherwise."""
    text = concept.text
    if text in head:
        return ""
    wanted = [fold_syllable(syllable) for syllable in (analysis.syllables(text) or text.split())]
    if len(wanted) < 2:
        return ""
    for run in HAN_RUN.findall(analysis.normalise(head)):
        heard = [fold_syllable(syllable) for syllable in analysis.syllables(run)]
        if len(heard) != len(run):
            continue
        for start in range(len(run) - len(wanted) + 1):
            if heard[start : start + len(wanted)] == wanted:
                return str(run[start : start + len(wanted)])
    return ""
