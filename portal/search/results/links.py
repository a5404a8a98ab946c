"""Addresses of results: every filter stands in the address, so that a result list can be sent to a colleague.

They are made of `Filters`, not of a request like `portal.ui.filters`: the reports of the admin link here too.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from portal.search.results.answers import Facet, Filters, SearchAnswer
from portal.ui.filters import Chip


def result_url(query: str, filters: Filters, page: int = 1) -> str:
    """Return the address of a result list."""
    parameters: dict[str, str] = {"q": query} if query else {}
    for name in ("equipment", "kind", "brand", "severity"):
        if value := getattr(filters, name):
            parameters[name] = value
    if filters.phone:
        parameters["phone"] = "1"
    if page > 1:
        parameters["page"] = str(page)
    return reverse("search") + (f"?{urlencode(parameters)}" if parameters else "")


def _with(filters: Filters, name: str, value: str) -> Filters:
    if name == "phone":
        return replace(filters, phone=bool(value))
    return replace(filters, **{name: value})  # type: ignore[arg-type]


def chips_of(facet: Facet, answer: SearchAnswer) -> list[Chip]:
    """Return the choices of a facet as links that set it or take it away, first page."""
    chips = []
    for value in facet.values:
        url = result_url(answer.query, _with(answer.filters, facet.name, "" if value.selected else value.value))
        chips.append(Chip(value.label, url, value.selected, value.count))
    return chips
