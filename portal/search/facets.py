"""The choices that narrow results down, counted among what answers the query."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from .answers import Facet, FacetValue, Filters
from .sources import severity_name, source_of

#: Values offered for one filter.
MAX_VALUES = 12

Stored = Mapping[str, Any]


def matches(stored: Stored, filters: Filters, equipment: frozenset[str], *, leaving_out: str = "") -> bool:
    """Return whether a document passes the filters, but for the one named `leaving_out`.

    Args:
        equipment: the codes the equipment filter stands for.
    """
    checks: dict[str, bool] = {
        "equipment": not filters.equipment or not equipment.isdisjoint(stored["equipment"]),
        "kind": filters.kind in ("", stored["kind"]),
        "brand": filters.brand in ("", stored["brand"]),
        "severity": filters.severity in ("", stored["severity"]),
        "phone": not filters.phone or bool(stored["phone_doable"]),
    }
    return all(passed for name, passed in checks.items() if name != leaving_out)


def count(
    documents: Sequence[Stored], filters: Filters, equipment: frozenset[str], names: Callable[[str], str]
) -> tuple[Facet, ...]:
    """Return the facets of `documents`; each leaves out its own filter, so that the other choices stay visible.

    Args:
        documents: everything that answers the query before the filters.
        names: the name of an equipment model by its code.
    """
    described: tuple[tuple[str, str, Callable[[Stored], Sequence[str]], Callable[[str], str]], ...] = (
        ("equipment", _("Equipment"), lambda stored: stored["equipment"], names),
        ("kind", _("Kind"), lambda stored: [stored["kind"]], kind_label),
        ("brand", _("Brand"), lambda stored: [stored["brand"]], str),
        ("severity", _("Severity"), lambda stored: [stored["severity"]], severity_name),
        ("phone", _("On the phone"), _phone, lambda value: _("Can be done on the phone")),
    )
    facets = [
        _facet(name, label, documents, filters, equipment, values_of, label_of)
        for name, label, values_of, label_of in described
    ]
    return tuple(facet for facet in facets if facet.values)


def _phone(stored: Stored) -> list[str]:
    return ["1"] if stored["phone_doable"] else []


def _facet(
    name: str,
    label: str,
    documents: Sequence[Stored],
    filters: Filters,
    equipment: frozenset[str],
    values_of: Callable[[Stored], Sequence[str]],
    label_of: Callable[[str], str],
) -> Facet:
    counts: Counter[str] = Counter()
    for stored in documents:
        if matches(stored, filters, equipment, leaving_out=name):
            counts.update(value for value in values_of(stored) if value)
    chosen = {name: _chosen(filters, name)} if _chosen(filters, name) else {}
    selected = equipment if name == "equipment" else frozenset(chosen.values())
    values = [
        FacetValue(value, label_of(value), number, selected=value in selected)
        for value, number in counts.most_common(MAX_VALUES)
    ]
    if chosen and not any(value.selected for value in values):
        values.insert(0, FacetValue(chosen[name], label_of(chosen[name]), 0, selected=True))
    # One choice that everything has already narrows nothing down.
    return Facet(name, label, tuple(values) if len(values) > 1 or any(v.selected for v in values) else ())


def _chosen(filters: Filters, name: str) -> str:
    value = getattr(filters, name)
    return "1" if value is True else str(value or "")


def kind_label(kind: str) -> str:
    """Return the name of a kind on screen."""
    source = source_of(kind)
    return str(source.label) if source else kind
