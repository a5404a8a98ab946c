"""Admin report of guides, schemes and equipment that contradict the statutory rules."""

from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from portal.models import StatutoryRule
from portal.registry.statutory import contradictions

HEADINGS = {
    "subject": _("Record"),
    "noun": _("Kind of record"),
    "what": _("What contradicts"),
    "asked": _("Cards it asks for"),
    "ruled": _("Cards the rules demand"),
}


def _names(name: str) -> Any:
    return lambda row: "、".join(getattr(row, name)) or "—"


class StatutoryReportView(ReportView):
    """Records that do not agree with the statutory rules, each with a link to where it is mended."""

    model = StatutoryRule
    page_title = _("Contradictions about statutory certificates")
    header_icon = "warning"
    permission_required = "view"
    index_url_name = "statutory_report"
    index_results_url_name = "statutory_report_results"
    export_filename = "statutory-contradictions"
    list_export = list(HEADINGS)
    export_headings = HEADINGS
    columns = [
        TitleColumn("subject", label=HEADINGS["subject"], width="25%", get_url=lambda row: row.url),
        Column("noun", label=HEADINGS["noun"]),
        Column("what", label=HEADINGS["what"]),
        Column("asked", label=HEADINGS["asked"], accessor=_names("asked")),
        Column("ruled", label=HEADINGS["ruled"], accessor=_names("ruled")),
    ]

    def get_filtered_queryset(self) -> Any:
        """Return what every app finds; it is judged as a whole and paged afterwards."""
        return contradictions()


class StatutoryReportMenuItem(MenuItem):
    """Shown to who may read the rules."""

    def is_shown(self, request: Any) -> bool:
        """Whether the reader holds the permission."""
        return bool(request.user.has_perm("portal.view_statutoryrule"))


def statutory_report_urls() -> list[Any]:
    """Return the addresses of the report and of its list alone."""
    view = StatutoryReportView
    return [
        path("reports/statutory/", view.as_view(), name="statutory_report"),
        path("reports/statutory/results/", view.as_view(results_only=True), name="statutory_report_results"),
    ]


def statutory_report_item() -> MenuItem:
    """Return the entry Reports → contradictions about statutory certificates."""
    url = reverse("statutory_report")
    return StatutoryReportMenuItem(StatutoryReportView.page_title, url, icon_name="warning", order=550)
