"""Tile of the drafts that wait for the reader, on the home page."""

from django.http import HttpRequest

from kb.models.reviews import REVIEWERS
from kb.reviewing.queries import waiting_for
from portal.registry.tiles import Tile

SHOWN = 4


def review_tile(request: HttpRequest) -> Tile | None:
    """Return the drafts that wait for the reader's word; nothing without any."""
    # Roles are known on every page, rights are not: most homes need no query for this.
    reader = request.user
    found = waiting_for(reader) if reader.is_authenticated and reader.has_role(*REVIEWERS) else []
    return Tile("kb/reviewing/tiles/waiting.html", {"drafts": found[:SHOWN], "total": len(found)}) if found else None
