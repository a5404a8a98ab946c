"""The choices that narrow results down, with how many results each leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from portal.registry.search import severity_name, source_of
from portal.search.results.answers import Facet, FacetValue, Filters
from portal.search.results.filtering import VALUES, Stored, passes

#: Values offered for one filter.
MAX_VALUES = 12
#: How a filter stands in the address where it is no value of the index.
_IN_ADDRESS = {("phone", "true"): "1", ("phone", "false"): ""}


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
