"""Admin report: which articles solve the trouble, and why others do not."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from kb.models import FaultArticle, UnsolvedReason
from portal.admin.exports import SafeExport

COUNTS = {"number": _("Article"), "title": _("Title"), "solved": _("Solved"), "unsolved": _("Not solved")}
COUNTS |= {reason.value: reason.label for reason in UnsolvedReason}


def answered_articles() -> QuerySet[FaultArticle]:
    """Return the articles readers answered about, with how many it solved the trouble for and why it did not."""
    reasons = {reason.value: Count("answers", filter=Q(answers__reason=reason.value)) for reason in UnsolvedReason}
    return FaultArticle.objects.filter(answers__isnull=False).annotate(
        solved=Count("answers", filter=Q(answers__is_solved=True)),
        unsolved=Count("answers", filter=Q(answers__is_solved=False)),
        last=Max("answers__answered_at"),
        **reasons,
    )


class ArticleAnswersView(SafeExport, ReportView):
    """Articles by what readers said, those that helped least first."""

    model = FaultArticle
    page_title = _("Did articles help")
    header_icon = "help"
    permission_required = "change"
    index_url_name = "article_answers"
    index_results_url_name = "article_answers_results"
    default_ordering = "-unsolved"
    export_filename = "article-answers"
    list_export = list(COUNTS)
    export_headings = COUNTS
    columns = [
        TitleColumn("number", label=COUNTS["number"], get_url=lambda row: row.get_absolute_url()),
        Column("title", label=COUNTS["title"]),
        *(NumberColumn(name, label=label, sort_key=name) for name, label in list(COUNTS.items())[2:]),
        DateColumn("last", label=_("Last"), sort_key="last"),
    ]

    def get_queryset(self) -> QuerySet[FaultArticle]:
        """Return the articles somebody answered about."""
        return answered_articles()


class ArticleAnswersItem(MenuItem):
    """Shown to who may edit articles."""

    def is_shown(self, request: Any) -> bool:
        """Whether the reader holds the permission."""
        return bool(request.user.has_perm("kb.change_faultarticle"))


def answers_urls() -> list[Any]:
    """Return the addresses of the report and of its list alone."""
    view = ArticleAnswersView
    return [
        path("reports/article-answers/", view.as_view(), name="article_answers"),
        path("reports/article-answers/results/", view.as_view(results_only=True), name="article_answers_results"),
    ]


def answers_item() -> MenuItem:
    """Return the entry Reports → did articles help."""
    return ArticleAnswersItem(ArticleAnswersView.page_title, reverse("article_answers"), icon_name="help", order=510)
