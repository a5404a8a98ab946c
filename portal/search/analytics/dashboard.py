"""List of the editing area's first page: what people searched in vain."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.registry.dashboard import DashboardList, DashboardRow
from portal.search.analytics.reports import asked

SHOWN = 6


def searched_in_vain(request: HttpRequest) -> DashboardList | None:
    """Return what was asked most often without a result, for who may read the report on searches."""
    if not request.user.has_perm("portal.view_searchrecord"):
        return None
    rows = [
        DashboardRow(
            row["query"],
            f"{reverse('search')}?{urlencode({'q': row['query']})}",
            _("%(times)s times") % {"times": row["without_result"]},
        )
        for row in asked(trouble="without_result")[:SHOWN]
    ]
    report = f"{reverse('search_use_report')}?trouble=without_result"
    return DashboardList(_("Searched in vain"), rows, "search", more_url=report) if rows else None
