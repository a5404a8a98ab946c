"""Ordered candidates as results a person can judge: marked title, telling snippet, and why each was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portal.search import analysis

from .answers import AnswerHit, Piece, Reason, Why
from .finding import Found
from .snippets import mark, snippet
from .sources import source_of
from .understanding.concepts import ConceptKind
from .understanding.ranking import EXACT_CODE, Ranked, named_match

#: Words shown as the reason of a match.
MAX_REASONS = 3


def present(found: Found, items: Iterable[Ranked]) -> list[AnswerHit]:
    """Return results with what matched marked.

    Args:
        found: how the query was read.
        items: the candidates to show.
    """
    needles = needles_of(found)
    return [answer_hit(item.hit.stored, item.score, needles, _reasons(found, item, needles)) for item in items]


def answer_hit(
    stored: dict[str, Any],
    score: float,
    needles: list[str],
    reasons: tuple[Reason, ...] = (),
    *,
    promoted: bool = False,
) -> AnswerHit:
    """Return one result from what the index stored of it."""
    source = source_of(stored["kind"])
    return AnswerHit(
        ref=stored["ref"],
        kind=stored["kind"],
        kind_label=source.label if source else stored["kind"],
        title=stored["title"],
        title_pieces=mark(stored["title"], needles),
        url=stored["url"],
        codes=tuple(stored["codes"]),
        equipment=tuple(stored["equipment"]),
        equipment_name=stored["equipment_name"],
        brand=stored["brand"],
        severity=stored["severity"],
        phone_doable=stored["phone_doable"],
        score=round(score, 4),
        snippet_pieces=_snippet(stored, needles),
        reasons=reasons,
        promoted=promoted,
    )


def needles_of(found: Found) -> list[str]:
    """Return what to mark: codes, every way to say a concept, and its pairs of characters."""
    needles: list[str] = []
    for code in found.reading.codes:
        needles.append(analysis.fold(code.shown))
        needles.extend(analysis.fold(code.shown).split())
    for concept in found.reading.concepts:
        for way in concept.alternatives:
            if way.by_sound:
                continue
            needles.append(way.text)
            needles.extend(token for token in way.tokens if len(token) > 1)
    return list(dict.fromkeys(needle for needle in needles if needle))


def _snippet(stored: dict[str, Any], needles: list[str]) -> tuple[Piece, ...]:
    return snippet(stored["text"], needles) if stored["text"] else ()


def _reasons(found: Found, item: Ranked, needles: list[str]) -> tuple[Reason, ...]:
    stored = item.hit.stored
    reasons: list[Reason] = []
    if item.code:
        reasons.append(Reason(Why.CODE if item.code == EXACT_CODE else Why.SIMILAR_CODE, "/".join(stored["codes"])))
    for concept in found.reading.concepts:
        if concept.kind is ConceptKind.EQUIPMENT and named_match(concept, stored) and stored["equipment_name"]:
            reasons.append(Reason(Why.EQUIPMENT, stored["equipment_name"]))
            break
    title = analysis.fold(stored["title"])
    names = _matching_names(stored, needles)
    if any(piece.marked for piece in mark(stored["title"], needles)):
        reasons.append(Reason(Why.TITLE))
    elif names:
        reasons.append(Reason(Why.NAMES, "、".join(names[:MAX_REASONS])))
    elif item.by_sound:
        reasons.append(Reason(Why.SOUND, title))
    elif not reasons:
        reasons.append(Reason(Why.BODY))
    return tuple(reasons)


def _matching_names(stored: dict[str, Any], needles: list[str]) -> list[str]:
    """Symptoms and aliases that say what was asked, the fullest match first."""
    title = stored["title"]
    rated = []
    for phrase in str(stored["head"]).split("\n"):
        if phrase in (title, stored["equipment_name"]) or phrase in stored["codes"]:
            continue
        marked = sum(len(piece.text) for piece in mark(phrase, needles) if piece.marked)
        if marked >= 2:
            rated.append((-marked / len(phrase), phrase))
    return [phrase for _, phrase in sorted(rated)]
