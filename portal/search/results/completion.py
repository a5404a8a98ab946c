"""As-you-type completion of codes, equipment and titles, in characters or pinyin."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from portal.search.engine import EngineError
from portal.search.indexing.documents import SUGGEST, folded_typing, split_suggestion_term
from portal.search.query.cleaning import clean_query
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.query.retrieval import find
from portal.search.results.errors import SearchUnavailable
from portal.search.results.service import document_engine, kind_weight
from portal.search.results.visibility import visible_to

logger = logging.getLogger(__name__)

MAX_SUGGESTIONS = 10
#: Titles found by what was typed rather than by how they begin.
MAX_FOUND = 4
#: What is much further from the question than the best answer is no completion of it.
NEAR_BEST = 0.8
#: Letters of pinyin mean something from here on; one letter begins every third word.
MIN_LATIN_TITLES = 3
#: Characters of a phrase that the index keeps; a title found whole is the same as its beginning.
_KEPT = 60
_ORDER = {"code": 0, "equipment": 1, "phrase": 2}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One completion: the text to search for, and what it is: a code, equipment, a phrase, or a kind of document."""

    text: str
    kind: str


def suggest(typed: str, reader: Any, limit: int = MAX_SUGGESTIONS) -> list[Suggestion]:
    """Return completions of what was typed, at most `limit`, only from what `reader` may open.

    Raises:
        SearchUnavailable: there is no index that can be read.
    """
    text, _truncated = clean_query(typed)
    prefix = folded_typing(text)[:40]
    if not prefix:
        return []
    visible = visible_to(reader)
    limit = min(limit, MAX_SUGGESTIONS)
    try:
        completions = document_engine().complete(SUGGEST, prefix, limit=limit * 4, filters=visible)
        found = [split_suggestion_term(item.term) for item in completions]
        suggestions = [Suggestion(shown, kind) for _typed, kind, shown in sorted(found, key=_place)]
        if len(suggestions) < limit and (len(text) >= MIN_LATIN_TITLES or not text.isascii()):
            answers = find(text, document_engine(), current_lexicon(), visible, kind_weight).ranked[:MAX_FOUND]
            near = [item.hit.stored for item in answers if item.score >= NEAR_BEST * answers[0].score]
            suggestions.extend(Suggestion(stored["title"], stored["kind"]) for stored in near)
    except EngineError as error:
        logger.warning("no suggestions", extra={"reason": str(error)})
        raise SearchUnavailable from error
    return _each_once(suggestions)[:limit]


def _each_once(suggestions: list[Suggestion]) -> list[Suggestion]:
    """Each text once, in its place, and as whole as it was found; a kind of document says more than “phrase”."""
    best: dict[str, Suggestion] = {}
    for item in suggestions:
        known = best.get(item.text[:_KEPT])
        if known is None or known.kind == "phrase":
            best[item.text[:_KEPT]] = item
    return list(best.values())


def _place(term: tuple[str, str, str]) -> tuple[float, int]:
    typed, kind, _shown = term
    return _ORDER.get(kind, 3 - kind_weight(kind)), len(typed)
