"""The reader's filters: as the index takes them, and as a document passes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portal.search.indexing.documents import BRAND, EQUIPMENT, KIND, PHONE_DOABLE, SEVERITY
from portal.search.query.lexicon import Lexicon
from portal.search.results.answers import Filters

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
