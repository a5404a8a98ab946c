"""Search as the page and the API call it: permission, filters, facets, notices, paging."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from portal.registry.search import source_of
from portal.search.engine import Engine, EngineError, get_engine
from portal.search.indexing.documents import DOCUMENT_SCHEMA, INDEX_NAME, SUGGEST, folded_typing, split_suggestion_term
from portal.search.query.answers import AnswerHit, Filters, Group, Notice, SearchAnswer
from portal.search.query.concepts import CodeMatch
from portal.search.query.did_you_mean import meant
from portal.search.query.fault_codes import EXACT_CODE
from portal.search.query.lexicon import Lexicon
from portal.search.query.lexicon_loading import current_lexicon
from portal.search.query.ranking import Ranked
from portal.search.query.relevance import Elsewhere
from portal.search.query.retrieval import CANDIDATES, Found, find
from portal.search.results.facets import browse, chosen_values, count, engine_filters, facets_of, passes
from portal.search.results.fallback import search_database
from portal.search.results.presentation import present
from portal.search.results.promotions import promoted_hits
from portal.search.results.visibility import visible_to

logger = logging.getLogger(__name__)

PAGE_SIZE = 10
MAX_PAGE_SIZE = 50
#: A bare code is answered by machine when its meanings belong to at least this many.
GROUPS_FROM = 2
#: Machines named as those a code belongs to.
MAX_OTHERS = 3
#: Letters that may stand for the beginning of a word.
MIN_COMPLETED = 2


def document_engine() -> Engine:
    """Return this process's engine of the portal's documents."""
    return get_engine(INDEX_NAME, DOCUMENT_SCHEMA)


def search(
    query: str, reader: Any, filters: Filters | None = None, page: int = 1, per_page: int = PAGE_SIZE
) -> SearchAnswer:
    """Answer a search; reads only.

    Args:
        query: as typed, of any length and with any characters.
        reader: a Person or AnonymousUser; only what they may open is found, counted, suggested and quoted.
        filters: what the reader narrowed the results to.
        page: from 1; beyond the last page the last one is given.
        per_page: results a page, at most `MAX_PAGE_SIZE`.
    """
    filters = filters or Filters()
    per_page = max(1, min(per_page, MAX_PAGE_SIZE))
    lexicon = current_lexicon()
    visible = visible_to(reader)
    try:
        if not query.strip():
            return browse(document_engine(), lexicon, filters, visible, page, per_page)
        return _answer(query, reader, lexicon, filters, visible, page, per_page)
    except EngineError as error:
        logger.warning("search degraded to the database", extra={"reason": str(error)})
        return search_database(query, reader, filters)


def kind_weight(kind: str) -> float:
    """Return how much a kind counts beside fault articles."""
    source = source_of(kind)
    return source.weight if source else 1.0


def _answer(
    query: str,
    reader: Any,
    lexicon: Lexicon,
    filters: Filters,
    visible: Mapping[str, list[str]],
    page: int,
    per_page: int,
) -> SearchAnswer:
    engine = document_engine()
    chosen = chosen_values(filters, lexicon)
    found = find(query, engine, lexicon, visible, kind_weight, narrowed=engine_filters(chosen))
    promoted = () if filters.active else promoted_hits(found.reading.query, reader)
    addresses = {hit.url for hit in promoted}
    kept = [
        item for item in found.ranked if passes(item.hit.stored, chosen) and item.hit.stored["url"] not in addresses
    ]
    total = len(promoted) + len(kept)
    pages = ceil(total / per_page)
    page = max(1, min(page, pages or 1))
    first, end = ((number * per_page) for number in (page - 1, page))
    shown = kept[max(0, first - len(promoted)) : max(0, end - len(promoted))]
    notices, details = _notices(found, lexicon)
    return SearchAnswer(
        query=found.reading.query,
        filters=filters,
        hits=(*promoted[first:end], *present(found, shown)),
        total=total,
        page=page,
        pages=pages,
        groups=_groups(found, kept, lexicon) if page == 1 else (),
        facets=facets_of(
            count([item.hit.stored for item in found.ranked], chosen), filters, chosen, lexicon.equipment_name
        ),
        notices=notices,
        details=details,
        suggestion=meant(found) or _completion(found, engine, visible),
        relaxed=found.relaxed,
    )


def _completion(found: Found, engine: Engine, visible: Mapping[str, list[str]]) -> str:
    """What letters that found nothing may be the beginning or the initials of (xwj → 洗碗机)."""
    typed = folded_typing(found.reading.query)
    if found.ranked or not typed.isalpha() or not typed.isascii() or len(typed) < MIN_COMPLETED:
        return ""
    completions = engine.complete(SUGGEST, typed, limit=1, filters=visible)
    return split_suggestion_term(completions[0].term)[2] if completions else ""


def _notices(found: Found, lexicon: Lexicon) -> tuple[tuple[Notice, ...], dict[Notice, str]]:
    reading = found.reading
    details: dict[Notice, str] = {}
    if reading.truncated:
        details[Notice.TRUNCATED] = reading.query
    if reading.is_empty:
        details[Notice.NOTHING_TO_LOOK_UP] = ""
    unknown = [code.shown for code in reading.codes if code.match is CodeMatch.UNKNOWN]
    if unknown:
        details[Notice.UNKNOWN_CODE] = "、".join(unknown)
    similar = [code.shown for code in reading.codes if code.match is CodeMatch.SIMILAR]
    if similar and any(0 < item.code < EXACT_CODE for item in found.ranked):
        details[Notice.SIMILAR_CODE] = "、".join(similar)
    if reading.unknown_machines:
        details[Notice.UNKNOWN_MACHINE] = "、".join(reading.unknown_machines)
    if found.elsewhere:
        details[Notice.CODE_ELSEWHERE] = " ".join(_said_elsewhere(item, lexicon) for item in found.elsewhere)
    said = {*unknown, *reading.unknown_machines, *(item.code for item in found.elsewhere)}
    missing = [text for text in found.missing if text not in said]
    if found.relaxed and missing:
        details[Notice.FEWER_WORDS] = "、".join(missing)
    if found.by_sound:
        details[Notice.BY_SOUND] = ""
    if len(found.ranked) >= CANDIDATES:
        details[Notice.ONLY_BEST] = str(CANDIDATES)
    return tuple(details), details


def _said_elsewhere(item: Elsewhere, lexicon: Lexicon) -> str:
    """Say that a code is not one of the machine that was named, and whose it is."""
    others = "、".join(dict.fromkeys(lexicon.equipment_name(code) for code in item.equipment[:MAX_OTHERS]))
    values = {"code": item.code, "machine": item.machine, "others": others or _("Other equipment")}
    return _("No code %(code)s is known for %(machine)s; it belongs to %(others)s.") % values


def _groups(found: Found, kept: list[Ranked], lexicon: Lexicon) -> tuple[Group, ...]:
    """What a bare code means on each machine; nothing unless it means something on several."""
    if not found.reading.is_bare_code:
        return ()
    by_machine: dict[str, list[AnswerHit]] = {}
    labels: dict[str, str] = {}
    exact = [item for item in kept if item.code == EXACT_CODE] or [item for item in kept if item.code]
    similar = [item for item in kept if item.code and item not in exact]
    items = [*exact, *similar][:MAX_PAGE_SIZE]
    for hit in present(found, items):
        code = hit.equipment[0] if hit.equipment else ""
        by_machine.setdefault(code, []).append(hit)
        name = lexicon.equipment_name(code) if code else hit.equipment_name
        labels.setdefault(code, " · ".join(part for part in (name or _("Other equipment"), hit.brand) if part))
    if len(by_machine) < GROUPS_FROM:
        return ()
    return tuple(Group(labels[code], code, tuple(hits)) for code, hits in by_machine.items())
