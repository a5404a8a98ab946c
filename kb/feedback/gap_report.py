"""Admin report of gaps: what people looked for and did not find, what leads nowhere and what nobody uses."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView

from kb.models import FaultArticle
from kb.reports import ReportItem, report_urls
from portal.registry.gaps import gap_kinds

HEADINGS = {"kind": _("Kind of gap"), "subject": _("What it is about"), "detail": _("What is missing")}
HEADINGS |= {"times": _("Times"), "last": _("Last")}
PERMISSION = "kb.change_faultarticle"


class GapFilterSet(WagtailFilterSet):
    """Which kind."""

    kind = django_filters.ChoiceFilter(
        label=HEADINGS["kind"], choices=lambda: [(kind.key, kind.label) for kind in gap_kinds()], method="keep"
    )

    class Meta:
        model = FaultArticle
        fields: Sequence[str] = []

    def keep(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Leave the narrowing to the view, which asks only the finder of the kind."""
        return queryset


class GapReportView(ReportView):
    """Gaps kind by kind, the worst of each first."""

    model = FaultArticle
    page_title = _("Gaps in the knowledge")
    header_icon = "warning"
    permission_required = "change"
    filterset_class = GapFilterSet
    index_url_name = "gaps_report"
    index_results_url_name = "gaps_report_results"
    export_filename = "gaps"
    list_export = list(HEADINGS)
    export_headings = HEADINGS
    columns = [
        TitleColumn("subject", label=HEADINGS["subject"], width="30%", get_url=lambda row: row["url"]),
        Column("kind", label=HEADINGS["kind"]),
        Column("detail", label=HEADINGS["detail"], accessor=lambda row: row["detail"] or "—"),
        Column("times", label=HEADINGS["times"], accessor=lambda row: "—" if row["times"] is None else row["times"]),
        DateColumn("last", label=HEADINGS["last"]),
    ]

    def get_filtered_queryset(self) -> Any:
        """Return what the finders find; lists of several kinds are paged as a whole."""
        asked = self.request.GET.get("kind", "")
        known = gap_kinds()
        kinds = [kind for kind in known if kind.key == asked] or known
        return [{"kind": kind.label} | asdict(gap) for kind in kinds for gap in kind.find()]


def gap_urls() -> list[Any]:
    """Return the addresses of the report and of its list alone."""
    return report_urls(GapReportView, "reports/gaps/")


def gap_item() -> ReportItem:
    """Return the entry Reports → gaps in the knowledge."""
    return ReportItem(GapReportView, PERMISSION, order=508)
