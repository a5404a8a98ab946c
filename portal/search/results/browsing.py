"""Results without a query: everything a reader may see, narrowed down by the filters, in the order of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from portal.search.engine import Engine, EngineQuery, SortKey
from portal.search.engine.expressions import MatchAll
from portal.search.indexing.documents import REF
from portal.search.query.lexicon import Lexicon
from portal.search.results.answers import Filters, SearchAnswer
from portal.search.results.facets import facets_of
from portal.search.results.filtering import FIELDS, chosen_values, engine_filters
from portal.search.results.presentation import Marker, answer_hit

#: Pages of a list nobody reads further.
MAX_PAGES = 200


def browse(
    engine: Engine,
    lexicon: Lexicon,
    filters: Filters,
    visible: Mapping[str, list[str]],
    page: int,
    per_page: int,
) -> SearchAnswer:
    """Return what the filters admit; nothing when no filter is set.

    Raises:
        EngineUnavailable: there is no index that can be read.
    """
    if not filters.active:
        return SearchAnswer(query="", filters=filters)
    chosen = chosen_values(filters, lexicon)
    page = max(1, min(page, MAX_PAGES))
    results = engine.search(
        EngineQuery(
            MatchAll(),
            filters={**visible, **engine_filters(chosen)},
            limit=per_page,
            offset=(page - 1) * per_page,
            facets=tuple(FIELDS.values()),
            order=(SortKey(REF),),
        )
    )
    pages = min(ceil(results.total / per_page), MAX_PAGES)
    if page > pages > 0:
        return browse(engine, lexicon, filters, visible, pages, per_page)
    counts = {name: _without_none(results.facets[field]) for name, field in FIELDS.items()}
    return SearchAnswer(
        query="",
        filters=filters,
        hits=tuple(answer_hit(hit.stored, 0.0, Marker()) for hit in results.hits),
        total=results.total,
        page=page,
        pages=pages,
        facets=facets_of(counts, filters, chosen, lexicon.equipment_name),
    )


def _without_none(counts: Mapping[str | None, int]) -> dict[str, int]:
    return {value: number for value, number in counts.items() if value}
