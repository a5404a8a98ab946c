"""What waits for a second person, on the home page of who may confirm it or made the change."""

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.bar.queries import changes_in_sight, may_confirm, may_see_changes
from portal.registry.tiles import Line, Tile


def waiting_tile(request: HttpRequest) -> Tile | None:
    """Return how many changes of the bar wait for the reader, and how many of the reader's own wait for others."""
    reader = request.user
    if not may_see_changes(reader):
        return None
    mine = Q(changed_by=reader.pk)
    waiting = changes_in_sight(reader).waiting().order_by()
    counted = waiting.aggregate(own=Count("pk", filter=mine), others=Count("pk", filter=~mine))
    own, others = counted["own"], counted["others"] if may_confirm(reader) else 0
    url, lines = reverse("bar_changes"), []
    if others:
        note = ngettext("%(number)s change of others", "%(number)s changes of others", others)
        lines.append(Line(_("Changes of the bar to confirm"), url, "shield", note % {"number": others}))
    if own:
        note = ngettext("%(number)s change waits for others", "%(number)s changes wait for others", own)
        lines.append(Line(_("Your own changes of the bar"), url, "shield", note % {"number": own}))
    return Tile("portal/bar/tile.html", {"lines": lines}) if lines else None
