"""Results without a query: everything a reader may see, narrowed down by the filters, in the order of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

from django.utils.translation import gettext as _

from .answers import Facet, FacetValue, Filters, SearchAnswer
from .documents import BRAND, EQUIPMENT, KIND, PHONE_DOABLE, REF, SEVERITY
from .engine import Engine, EngineQuery, SortKey
from .engine.expressions import MatchAll
from .facets import MAX_VALUES, kind_label
from .filtering import engine_filters
from .presenting import Marker, answer_hit
from .sources import severity_name
from .understanding.lexicon import Lexicon

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
    chosen = engine_filters(filters, lexicon)
    page = max(1, min(page, MAX_PAGES))
    results = engine.search(
        EngineQuery(
            MatchAll(),
            filters={**visible, **chosen},
            limit=per_page,
            offset=(page - 1) * per_page,
            facets=(EQUIPMENT, KIND, BRAND, SEVERITY, PHONE_DOABLE),
            order=(SortKey(REF),),
        )
    )
    pages = min(ceil(results.total / per_page), MAX_PAGES)
    if page > pages > 0:
        return browse(engine, lexicon, filters, visible, pages, per_page)
    return SearchAnswer(
        query="",
        filters=filters,
        hits=tuple(answer_hit(hit.stored, 0.0, Marker()) for hit in results.hits),
        total=results.total,
        page=page,
        pages=pages,
        facets=_facets(results.facets, filters, chosen, lexicon),
    )


def _facets(
    counts: Mapping[str, Mapping[str | None, int]], filters: Filters, chosen: Mapping[str, list[str]], lexicon: Lexicon
) -> tuple[Facet, ...]:
    described = (
        ("equipment", EQUIPMENT, _("Equipment"), lexicon.equipment_name),
        ("kind", KIND, _("Kind"), kind_label),
        ("brand", BRAND, _("Brand"), str),
        ("severity", SEVERITY, _("Severity"), severity_name),
        ("phone", PHONE_DOABLE, _("On the phone"), lambda value: _("Can be done on the phone")),
    )
    facets = []
    for name, field, label, label_of in described:
        values = tuple(
            FacetValue("1" if name == "phone" else value, label_of(value), number, value in chosen.get(field, ()))
            for value, number in list(counts.get(field, {}).items())[:MAX_VALUES]
            if value and not (name == "phone" and value != "true")
        )
        if len(values) > 1 or any(value.selected for value in values):
            facets.append(Facet(name, label, values))
    return tuple(facets)
