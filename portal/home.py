"""Panels of the home page, given by the apps above the ground floor."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Panel:
    """One block of the home page: a template and the facts it shows."""

    template: str
    context: dict[str, Any]


PanelMaker = Callable[[HttpRequest], Panel | None]
_makers: list[tuple[int, PanelMaker]] = []


def register_panel(order: int, maker: PanelMaker) -> None:
    """Register a maker; it returns None when the reader has nothing to see there. Smaller orders stand higher."""
    _makers.append((order, maker))
    _makers.sort(key=lambda entry: entry[0])


def panels_for(request: HttpRequest) -> list[Panel]:
    """Return the panels this reader sees, in order."""
    return [panel for _order, maker in _makers if (panel := maker(request)) is not None]
