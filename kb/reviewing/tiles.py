"""Tile of the drafts that wait for the reader, on the home page."""

from itertools import islice

from django.http import HttpRequest

from kb.models.reviews import REVIEWERS
from kb.reviewing.queries import waiting_for
from portal.registry.tiles import Tile

SHOWN = 4


def review_tile(request: HttpRequest) -> Tile | None:
    """Return the drafts that wait for the reader's word; nothing without any."""
    # Roles are known on every page, rights are not: most homes need no query for this.
    reader = request.user
    if not (reader.is_authenticated and reader.has_role(*REVIEWERS)):
        return None
    # A draft costs some queries; a home page judges a few of them, however many wait.
    found = list(islice(waiting_for(reader), SHOWN + 1))
    facts = {"drafts": found[:SHOWN], "has_more": len(found) > SHOWN, "total": len(found)}
    return Tile("kb/reviewing/tiles/waiting.html", facts) if found else None
