"""Ordered candidates as results a person can judge: marked title, telling snippet, and why each was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portal.registry.search import source_of
from portal.search import analysis
from portal.search.query.concepts import ConceptKind
from portal.search.query.fault_codes import EXACT_CODE, MENTIONED_CODE
from portal.search.query.ranking import Ranked, named_match
from portal.search.query.retrieval import Found
from portal.search.results.answers import AnswerHit, Reason, Why
from portal.search.results.snippets import fold_in_place, mark, snippet

#: Words shown as the reason of a match.
MAX_REASONS = 3
#: Characters of a name that must match for it to be a reason.
MIN_MARKED = 2


def present(found: Found, items: Iterable[Ranked]) -> list[AnswerHit]:
    """Return results with what matched marked.

    Args:
        found: how the query was read.
        items: the candidates to show.
    """
    marker = Marker(found)
    return [answer_hit(item.hit.stored, item.score, marker, _reasons(found, item, marker)) for item in items]


def answer_hit(stored: Mapping[str, Any], score: float, marker: Marker, reasons: tuple[Reason, ...] = ()) -> AnswerHit:
    """Return one result from what the index stored of it."""
    source = source_of(stored["kind"])
    names = stored["equipment_names"]
    # The number stands beside the title; in the text it is there to be found only.
    lines = [line for line in stored["text"].splitlines() if line.strip() not in ("", stored["ref"])]
    return AnswerHit(
        ref=stored["ref"],
        kind=stored["kind"],
        kind_label=source.label if source else stored["kind"],
        title=stored["title"],
        title_pieces=mark(stored["title"], marker.needles(stored["title"])),
        url=stored["url"],
        codes=tuple(stored["codes"]),
        equipment=tuple(stored["equipment"]),
        equipment_name=names[0] if names else "",
        brand=stored["brand"],
        severity=stored["severity"],
        phone_doable=stored["phone_doable"],
        score=round(score, 4),
        snippet_pieces=snippet(lines, marker.needles("\n".join(lines))),
        reasons=reasons,
    )


class Marker:
    """What to mark in a text: of each concept the whole phrases it holds, and only failing those its pieces."""

    def __init__(self, found: Found | None = None, words: Iterable[str] = ()) -> None:
        self._always = [analysis.fold(word) for word in words]
        self._phrases: list[list[str]] = []
        self._pieces: list[list[str]] = []
        if found is None:
            return
        for code in found.reading.codes:
            self._always.append(analysis.fold(code.shown))
        for concept in found.reading.concepts:
            ways = [way for way in concept.alternatives if not way.by_sound]
            self._phrases.append([way.text for way in ways])
            self._pieces.append([token for way in ways[:1] for token in way.tokens if len(token) > 1])

    def needles(self, text: str) -> list[str]:
        """Return the folded strings to mark in `text`."""
        folded = fold_in_place(text)
        needles = list(self._always)
        for phrases, pieces in zip(self._phrases, self._pieces, strict=True):
            whole = [phrase for phrase in phrases if phrase in folded]
            needles.extend(whole or pieces)
        return needles


def _reasons(found: Found, item: Ranked, marker: Marker) -> tuple[Reason, ...]:
    stored = item.hit.stored
    reasons: list[Reason] = []
    if item.code and item.code != MENTIONED_CODE:
        reasons.append(Reason(Why.CODE if item.code == EXACT_CODE else Why.SIMILAR_CODE, "/".join(stored["codes"])))
    names = stored["equipment_names"]
    if names and any(
        concept.kind is ConceptKind.EQUIPMENT and named_match(concept, stored) for concept in found.reading.concepts
    ):
        reasons.append(Reason(Why.EQUIPMENT, names[0]))
    called = _matching_names(stored, marker)
    if any(piece.marked for piece in mark(stored["title"], marker.needles(stored["title"]))):
        reasons.append(Reason(Why.TITLE))
    elif called:
        reasons.append(Reason(Why.NAMES, "、".join(called[:MAX_REASONS])))
    elif item.by_sound:
        reasons.append(Reason(Why.SOUND))
    elif not reasons:
        reasons.append(Reason(Why.BODY))
    return tuple(reasons)


def _matching_names(stored: Mapping[str, Any], marker: Marker) -> list[str]:
    """Symptoms and aliases that say what was asked, the fullest match first."""
    known = {stored["title"], *stored["equipment_names"], *stored["codes"]}
    rated = []
    for phrase in str(stored["head"]).split("\n"):
        if phrase in known:
            continue
        marked = sum(len(piece.text) for piece in mark(phrase, marker.needles(phrase)) if piece.marked)
        if marked >= MIN_MARKED:
            rated.append((-marked / len(phrase), phrase))
    return [phrase for _, phrase in sorted(rated)]
