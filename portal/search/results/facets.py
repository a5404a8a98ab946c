"""Filters and facets: the reader's filters as conditions on the index, counts of each choice, lists without a query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

from portal.registry.search import severity_name, source_of
from portal.search.engine import Engine, EngineQuery, SortKey
from portal.search.engine.expressions import MatchAll
from portal.search.indexing.documents import BRAND, EQUIPMENT, KIND, PHONE_DOABLE, REF, SEVERITY
from portal.search.query.answers import Facet, FacetValue, Filters, SearchAnswer
from portal.search.query.lexicon import Lexicon
from portal.search.results.presentation import Marker, answer_hit

Stored = Mapping[str, Any]
#: Every filter by its name in the address, the field of the index it asks, and the values a document has there.
FIELDS = {"equipment": EQUIPMENT, "kind": KIND, "brand": BRAND, "severity": SEVERITY, "phone": PHONE_DOABLE}
VALUES: dict[str, Callable[[Stored], Sequence[str]]] = {
    "equipment": lambda stored: stored["equipment"],
    "kind": lambda stored: [stored["kind"]],
    "brand": lambda stored: [stored["brand"]],
    "severity": lambda stored: [stored["severity"]],
    "phone": lambda stored: ["true" if stored["phone_doable"] else "false"],
}
#: Values offered for one filter.
MAX_VALUES = 12
#: How a filter stands in the address where it is no value of the index.
_IN_ADDRESS = {("phone", "true"): "1", ("phone", "false"): ""}
#: Pages of a list nobody reads further.
MAX_PAGES = 200


def chosen_values(filters: Filters, lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return the values each filter that is set admits, by its name.

    An equipment filter is a model's code or any of its names; the text itself where it is no known name, which admits
    nothing.
    """
    chosen: dict[str, frozenset[str]] = {}
    if filters.equipment:
        known = lexicon.equipment_codes(filters.equipment)
        chosen["equipment"] = known or frozenset({filters.equipment})
    for name, value in (("kind", filters.kind), ("brand", filters.brand), ("severity", filters.severity)):
        if value:
            chosen[name] = frozenset({value})
    if filters.phone:
        chosen["phone"] = frozenset({"true"})
    return chosen


def engine_filters(chosen: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """Return chosen values as accepted values by field of the index."""
    return {FIELDS[name]: sorted(values) for name, values in chosen.items()}


def passes(stored: Stored, chosen: Mapping[str, frozenset[str]], *, leaving_out: str = "") -> bool:
    """Return whether a document passes the filters, but for the one named `leaving_out`."""
    return all(name == leaving_out or not values.isdisjoint(VALUES[name](stored)) for name, values in chosen.items())


def count(documents: Sequence[Stored], chosen: Mapping[str, frozenset[str]]) -> dict[str, Counter[str]]:
    """Return how many documents each value of each filter leaves; a filter leaves out itself, so that the other
    choices stay visible.

    Args:
        documents: everything that answers the query before the filters.
        chosen: the values each filter that is set admits.
    """
    counts: dict[str, Counter[str]] = {}
    for name, values_of in VALUES.items():
        admitted = (stored for stored in documents if passes(stored, chosen, leaving_out=name))
        counts[name] = Counter(value for stored in admitted for value in values_of(stored))
    return counts


def facets_of(
    counts: Mapping[str, Mapping[str, int]],
    filters: Filters,
    chosen: Mapping[str, frozenset[str]],
    equipment_name: Callable[[str], str],
) -> tuple[Facet, ...]:
    """Return the choices to offer, the most frequent ones first.

    Args:
        counts: filter → value → documents it leaves.
        filters: as they stand in the address.
        chosen: the values each filter that is set admits.
        equipment_name: returns the name of an equipment model by its code.
    """
    described: tuple[tuple[str, str, Callable[[str], str]], ...] = (
        ("equipment", _("Equipment"), equipment_name),
        ("kind", _("Kind"), kind_label),
        ("brand", _("Brand"), str),
        ("severity", _("Severity"), severity_name),
        ("phone", _("On the phone"), lambda value: _("Can be done on the phone")),
    )
    facets = [
        Facet(name, label, _values(name, counts.get(name, {}), filters, chosen.get(name, frozenset()), label_of))
        for name, label, label_of in described
    ]
    # One choice that everything has already narrows nothing down.
    return tuple(f for f in facets if len(f.values) > 1 or any(value.selected for value in f.values))


def _values(
    name: str, counts: Mapping[str, int], filters: Filters, selected: frozenset[str], label_of: Callable[[str], str]
) -> tuple[FacetValue, ...]:
    offered: list[FacetValue] = []
    for value, number in sorted(counts.items(), key=lambda item: -item[1]):
        in_address = _IN_ADDRESS.get((name, value), value)
        if in_address and len(offered) < MAX_VALUES:
            offered.append(FacetValue(in_address, label_of(value), number, selected=value in selected))
    if selected and not any(value.selected for value in offered):
        typed = "1" if name == "phone" else str(getattr(filters, name))
        offered.insert(0, FacetValue(typed, label_of(typed), 0, selected=True))
    return tuple(offered)


def kind_label(kind: str) -> str:
    """Return the name of a kind on screen."""
    source = source_of(kind)
    return str(source.label) if source else kind


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
