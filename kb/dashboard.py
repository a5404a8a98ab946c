"""Lists of the editing area's first page: drafts, reviews that are due."""

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.models import Bulletin, DiagnosisGuide, FaultArticle, ManualEdition
from portal.admin.drafts import SHOWN, drafts_list, edit_url
from portal.registry.dashboard import DashboardList, DashboardRow
from portal.templatetags.portal_format import org_day

#: Reviews are announced this long before they are due.
AHEAD = dt.timedelta(days=30)


def drafts(request: HttpRequest) -> DashboardList | None:
    """Return the articles and guides with changes nobody has published."""
    return drafts_list(request.user, [FaultArticle, DiagnosisGuide, Bulletin])


def draft_editions(request: HttpRequest) -> DashboardList | None:
    """Return the editions that are not published yet."""
    if not request.user.has_perm("kb.change_manualedition"):
        return None
    editions = ManualEdition.objects.filter(published_on__isnull=True).select_related("manual").order_by("-pk")[:SHOWN]
    rows = [DashboardRow(str(edition), edit_url(edition), edition.changes) for edition in editions]
    return DashboardList(_("Editions in preparation"), rows, "doc-full") if rows else None


def reviews(request: HttpRequest) -> DashboardList | None:
    """Return the published articles and guides whose review is due soon, the most overdue first."""
    until = timezone.localdate() + AHEAD
    due = [
        record
        for model in (FaultArticle, DiagnosisGuide, Bulletin)
        if request.user.has_perm(f"kb.change_{model._meta.model_name}")
        for record in model.objects.filter(live=True, review_due__lte=until).order_by("review_due", "number")[:SHOWN]
    ]
    due.sort(key=lambda record: (record.review_due, record.number))
    rows = [DashboardRow(str(record), edit_url(record), org_day(record.review_due)) for record in due[:SHOWN]]
    more = reverse("kb_reviews")
    return DashboardList(_("Reviews due"), rows, "date", more_url=more) if rows else None
