"""Registry of tiles on the home page, the reader's own page and the pages of units and models."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from portal.models import EquipmentModel, EquipmentUnit


@dataclass(frozen=True)
class Tile:
    """One block of a page: a template and the facts it shows."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of a tile that lists where to go on, as ``components/link_list.html`` shows it."""

    label: str
    url: str
    icon: str
    note: str = ""


TileMaker = Callable[[HttpRequest], Tile | None]
UnitTileMaker = Callable[[HttpRequest, EquipmentUnit], Tile | None]
ModelTileMaker = Callable[[HttpRequest, EquipmentModel], Tile | None]

_lead_makers: list[TileMaker] = []
_home_makers: list[tuple[int, TileMaker]] = []
_me_makers: list[tuple[int, TileMaker]] = []
_unit_makers: list[tuple[int, UnitTileMaker]] = []
_model_makers: list[tuple[int, ModelTileMaker]] = []


def register_home_lead(maker: TileMaker) -> None:
    """Register a maker of what the home page of a role begins with, before the search box; None for other readers."""
    _lead_makers.append(maker)


def home_lead(request: HttpRequest) -> Tile | None:
    """Return what this reader's home page begins with; None where that is the search box."""
    return next((tile for maker in _lead_makers if (tile := maker(request)) is not None), None)


def register_home_tile(order: int, maker: TileMaker) -> None:
    """Register a maker for the home page; it returns None when the reader has nothing to see there.

    Smaller orders stand higher: certification 10–19, courses 20–29, kb 30–39.
    """
    _home_makers.append((order, maker))
    _home_makers.sort(key=lambda entry: entry[0])


def register_me_tile(order: int, maker: TileMaker) -> None:
    """Register a maker for the reader's own page /me/ (hours, certificates, calendar link); asked when signed in."""
    _me_makers.append((order, maker))
    _me_makers.sort(key=lambda entry: entry[0])


def register_unit_tile(order: int, maker: UnitTileMaker) -> None:
    """Register a maker for the page a machine's QR opens: ``maker(request, unit)``, or None.

    The page is open to anybody who holds the label: a maker shows only what ``request.user`` may see (guides and
    manuals by audience; names of qualified people to staff and within their sight only).
    Orders: kb 10 (guides), 20 (manuals), certification 30 (who may work on it).
    """
    _unit_makers.append((order, maker))
    _unit_makers.sort(key=lambda entry: entry[0])


def register_model_tile(order: int, maker: ModelTileMaker) -> None:
    """Register a maker for the page of a machine type, open to anybody: ``maker(request, model)``, or None.

    Orders as for units.
    """
    _model_makers.append((order, maker))
    _model_makers.sort(key=lambda entry: entry[0])


def home_tiles(request: HttpRequest) -> list[Tile]:
    """Return the home panels this reader sees, in order."""
    return [panel for _order, maker in _home_makers if (panel := maker(request)) is not None]


def me_tiles(request: HttpRequest) -> list[Tile]:
    """Return the panels of the reader's own page, in order."""
    return [panel for _order, maker in _me_makers if (panel := maker(request)) is not None]


def unit_tiles(request: HttpRequest, unit: EquipmentUnit) -> list[Tile]:
    """Return the panels of a machine's page this reader sees, in order."""
    return [panel for _order, maker in _unit_makers if (panel := maker(request, unit)) is not None]


def model_tiles(request: HttpRequest, model: EquipmentModel) -> list[Tile]:
    """Return the panels of the page of a machine type this reader sees, in order."""
    return [panel for _order, maker in _model_makers if (panel := maker(request, model)) is not None]
