"""Who holds a gated post without qualification today, on the home page of those who keep files."""

from django.http import HttpRequest

from certification.overview.posts import unqualified_today
from certification.permissions import may_keep_files
from portal.registry.tiles import Tile

# Names on the home page; all of them are one tap away.
SHOWN = 3


def unqualified_tile(request: HttpRequest) -> Tile | None:
    """Return how many in the reader's sight hold a gated post without qualification; None where nobody does."""
    if not may_keep_files(request.user):
        return None
    holders = unqualified_today(request.user)
    if not holders:
        return None
    context = {"holders": holders[:SHOWN], "count": len({holder.person.pk for holder in holders})}
    return Tile("certification/overview/tiles/unqualified.html", context)
