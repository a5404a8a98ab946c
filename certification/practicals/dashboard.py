"""List of the editing area's first page: checklist items whose section has changed."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.practicals.review import PERMISSION, items_to_review
from portal.admin.drafts import SHOWN
from portal.registry.dashboard import DashboardList, DashboardRow
from portal.templatetags.portal_format import org_day


def asked_about(request: HttpRequest) -> DashboardList | None:
    """Return the items to be compared with their section, longest first."""
    if not request.user.has_perm(PERMISSION):
        return None
    url = reverse("certification_practical_review")
    rows = [
        DashboardRow(f"{item.checklist} · {item}", url, org_day(timezone.localdate(item.review.asked_at)))
        for item in items_to_review()[:SHOWN]
    ]
    title = _("Checklist items whose source has changed")
    return DashboardList(title, rows, "warning", more_url=url) if rows else None
