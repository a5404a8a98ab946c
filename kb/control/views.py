"""Page of the editing area: reviews that are due."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from kb.control.review_dates import MODELS, queue
from portal.admin.drafts import edit_url
from portal.exchange.exports import Table, export_asked, export_response

REVIEWS_VIEW = "kb_reviews"
PAGE = 30
#: What is shown at first: due within so many days, and what has no date.
AHEAD = dt.timedelta(days=30)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """List what is to be reviewed: without a date, overdue, due soon; all of it with ``all=1``."""
    kinds = [model for model in MODELS if request.user.has_perm(f"kb.change_{model._meta.model_name}")]
    if not kinds:
        raise PermissionDenied
    everything = request.GET.get("all") == "1"
    entries = queue(None if everything else timezone.localdate() + AHEAD, kinds)
    if spreadsheet := export_asked(request.GET, "xlsx"):
        return export_response(_table(entries), spreadsheet, str(_("Reviews due")))
    page = Paginator(entries, PAGE).get_page(request.GET.get("p"))
    rows = [(entry, edit_url(entry.record)) for entry in page]
    context = {"page_obj": page, "rows": rows, "everything": everything}
    context["without"] = sum(entry.due is None for entry in entries)
    context["overdue"] = sum(entry.is_overdue for entry in entries)
    return render(request, "kb/control/reviews.html", context)


def _table(entries: list) -> Table:
    columns = [_("Number"), _("Title"), _("Kind"), _("Review due"), _("Overdue"), _("Owner")]
    rows = (
        [
            *(entry.record.number, entry.record.title, entry.record._meta.verbose_name, entry.due, entry.is_overdue),
            entry.owner.name if entry.owner else "",
        ]
        for entry in entries
    )
    return Table(_("Reviews due"), columns, rows)


class ReviewsItem(MenuItem):
    """Shown to who may edit articles."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether the reader holds the permission."""
        return bool(request.user.has_perm("kb.change_faultarticle"))


def reviews_item() -> MenuItem:
    """Return the entry Reports → reviews due."""
    return ReviewsItem(gettext_lazy("Reviews due"), reverse(REVIEWS_VIEW), icon_name="date", order=505)
