"""Filters that live in the address."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Choice:
    """One choice of a filter; the address of an active one takes it away again."""

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


def choices(request: HttpRequest, name: str, options: Iterable[tuple[str, Any]]) -> list[Choice]:
    """Return one choice for each ``(value, label)``; the one in the address is active."""
    chosen = request.GET.get(name, "")
    return [
        Choice(label, address_with(request, **{name: "" if value == chosen else value}), value == chosen)
        for value, label in options
    ]
