"""Panel of the admin's first page: articles whose review is due or overdue."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kb.models import FaultArticle
from portal.admin.dashboard import ListPanel, Row

#: Days ahead that a review is announced.
AHEAD = 30


def review_rows(limit: int) -> list[Row]:
    """Return the articles to be reviewed within `AHEAD` days, the most overdue first."""
    until = timezone.localdate() + dt.timedelta(days=AHEAD)
    due = FaultArticle.objects.filter(live=True, review_due__lte=until).order_by("review_due", "number")[:limit]
    return [
        Row(str(article), reverse("wagtailsnippets_kb_faultarticle:edit", args=[article.pk]), _day(article))
        for article in due
    ]


def _day(article: FaultArticle) -> str:
    return date_format(article.review_due, "SHORT_DATE_FORMAT")


def add_review_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Add the panel for who edits articles."""
    if request.user.has_perm("kb.change_faultarticle"):
        panels.append(ListPanel(_("Reviews due"), review_rows, order=120))
