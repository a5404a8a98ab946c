"""Who holds a gated post without qualification today, on the home page of those who keep files."""

from django.http import HttpRequest

from certification.overview.unqualified import unqualified_today
from certification.permissions import may_keep_files
from portal.registry.tiles import Tile

# Names on the home page; all of them are one tap away.
SHOWN = 3


def unqualified_tile(request: HttpRequest) -> Tile | None:
    """Return how many in the reader's sight hold a gated post without qualification; None where nobody does."""
    if not may_keep_files(request.user):
        return None
    found = unqualified_today(request.user, SHOWN)
    return Tile("certification/overview/tiles/unqualified.html", {"found": found}) if found.people else None
