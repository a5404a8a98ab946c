"""Admin report: which articles solve the trouble, and why others do not."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from kb.models import FaultArticle, UnsolvedReason
from kb.reports import ReportItem, report_urls

COUNTS = {"number": _("Article"), "title": _("Title"), "solved": _("Solved"), "unsolved": _("Not solved")}
COUNTS |= {reason.value: reason.label for reason in UnsolvedReason}


def answered_articles() -> QuerySet[FaultArticle]:
    """Return the articles readers answered about, with how many it solved the trouble for and why it did not."""
    reasons = {reason.value: Count("answers", filter=Q(answers__reason=reason.value)) for reason in UnsolvedReason}
    return (
        FaultArticle.objects.filter(answers__isnull=False)
        .annotate(
            solved=Count("answers", filter=Q(answers__is_solved=True)),
            unsolved=Count("answers", filter=Q(answers__is_solved=False)),
            last=Max("answers__answered_at"),
            **reasons,
        )
        .order_by("-unsolved", "number")
    )


class ArticleAnswersView(ReportView):
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


def answers_urls() -> list[Any]:
    """Return the addresses of the report and of its list alone."""
    return report_urls(ArticleAnswersView, "reports/article-answers/")


def answers_item() -> ReportItem:
    """Return the entry Reports → did articles help."""
    return ReportItem(ArticleAnswersView, "kb.change_faultarticle", order=510)
