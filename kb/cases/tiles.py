"""Tile of field cases on the home page: what waits for the reader."""

from django.http import HttpRequest

from kb.cases.queries import listed, to_do
from portal.registry.tiles import Tile

SHOWN = 4


def cases_tile(request: HttpRequest) -> Tile | None:
    """Return the most urgent cases that wait for the reader and how many there are; nothing without any."""
    if not request.user.is_authenticated:
        return None
    waiting = to_do(request.user)
    shown = list(listed(waiting).order_by("due_at", "pk")[:SHOWN])
    return Tile("kb/cases/tiles/waiting.html", {"cases": shown, "total": waiting.count()}) if shown else None
