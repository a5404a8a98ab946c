"""What the home page tells those who keep files: gated posts without qualification, work nobody is left for."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.overview.unqualified import unqualified_today
from certification.overview.waiting_alone import may_be_told, waiting_alone
from certification.permissions import may_keep_files
from portal.registry.dashboard import DashboardList, DashboardRow
from portal.registry.tiles import Tile

# Names on the home page; all of them are one tap away.
SHOWN = 3
MOST_ALONE = 6


def unqualified_tile(request: HttpRequest) -> Tile | None:
    """Return how many in the reader's sight hold a gated post without qualification; None where nobody does."""
    if not may_keep_files(request.user):
        return None
    found = unqualified_today(request.user, SHOWN)
    return Tile("certification/overview/tiles/unqualified.html", {"found": found}) if found.people else None


def waiting_alone_tile(request: HttpRequest) -> Tile | None:
    """Return what waits although nobody is left who may act on it; None where nothing does."""
    if not may_be_told(request.user):
        return None
    found = waiting_alone()
    if not found:
        return None
    rows = [(one, reverse(one.view) if request.user.has_perm(one.permission) else "") for one in found[:MOST_ALONE]]
    return Tile("certification/overview/tiles/waiting_alone.html", {"rows": rows, "more": len(found) - len(rows)})


def waiting_alone_list(request: HttpRequest) -> DashboardList | None:
    """Return the same for the first page of the editing area."""
    if not may_be_told(request.user):
        return None
    rows = [
        DashboardRow(one.label, reverse(one.view), one.reason)
        for one in waiting_alone()
        if request.user.has_perm(one.permission)
    ]
    return DashboardList(_("Waiting, and nobody is left for it"), rows, "warning", is_alarm=True) if rows else None
