"""Tiles of bulletins: what waits for the reader on the home page, what is in force about a machine."""

from django.http import HttpRequest
from django.utils import translation

from kb.bulletins.queries import bulletins_about, bulletins_about_unit, waiting_for
from kb.translations.queries import title_in
from portal.models import EquipmentModel, EquipmentUnit
from portal.registry.tiles import Tile

SHOWN = 4
ABOUT = 6


def waiting_tile(request: HttpRequest) -> Tile | None:
    """Return the editions the reader has to confirm, the most urgent first; nothing without any."""
    if not request.user.is_authenticated:
        return None
    waiting = waiting_for(request.user)
    title_in([issue.bulletin for issue in waiting[:SHOWN]], translation.get_language())
    context = {"issues": waiting[:SHOWN], "total": len(waiting)}
    return Tile("kb/bulletins/tiles/waiting.html", context) if waiting else None


def model_tile(request: HttpRequest, model: EquipmentModel) -> Tile | None:
    """Return the bulletins in force about the model, whatever the serial number."""
    found = list(bulletins_about(model, request.user)[:ABOUT])
    title_in(found, translation.get_language(), "summary")
    return Tile("kb/bulletins/tiles/about.html", {"bulletins": found}) if found else None


def unit_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return the bulletins in force about this machine: those whose range of serial numbers it is in."""
    found = bulletins_about_unit(unit, request.user)[:ABOUT]
    title_in(found, translation.get_language(), "summary")
    return Tile("kb/bulletins/tiles/about.html", {"bulletins": found}) if found else None
