"""Filters kept in the query string, shown as chips and tabs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter; the address of an active one takes it away again.

    Args:
        count: how many rows the choice leaves; None where nobody counted.
    """

    label: Any
    url: str
    active: bool
    count: int | None = None


def address_with(request: HttpRequest, **changes: str) -> str:
    """Return the address of this list with filters set (an empty value takes one away), from its first page."""
    parameters = request.GET.copy()
    parameters.pop("page", None)
    for name, value in changes.items():
        parameters.pop(name, None)
        if value:
            parameters[name] = value
    return f"{request.path}?{parameters.urlencode()}" if parameters else request.path


def chip(request: HttpRequest, name: str, value: str, label: Any, *, active: bool, count: int | None = None) -> Chip:
    """Return the chip that sets the filter ``name`` to ``value``, or takes it away when it is ``active``."""
    return Chip(label, address_with(request, **{name: "" if active else value}), active, count)


def chips(request: HttpRequest, name: str, options: Iterable[tuple[str, Any]]) -> list[Chip]:
    """Return one chip for each ``(value, label)``; the one in the address is active."""
    chosen = request.GET.get(name, "")
    return [chip(request, name, value, label, active=value == chosen) for value, label in options]
