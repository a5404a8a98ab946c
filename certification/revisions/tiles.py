"""Tile of the home page: revised manuals the reader has to read."""

from django.http import HttpRequest

from certification.revisions.queries import readings_of
from portal.registry.tiles import Tile

SHOWN = 3


def readings_tile(request: HttpRequest) -> Tile | None:
    """Return what the reader has not confirmed yet, the most urgent first; nothing without any."""
    if not request.user.is_authenticated:
        return None
    waiting = list(readings_of(request.user).filter(is_confirmed=False)[:SHOWN])
    return Tile("certification/revisions/tiles/waiting.html", {"verdicts": waiting}) if waiting else None
