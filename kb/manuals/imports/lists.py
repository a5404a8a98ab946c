"""List of the documents that were brought in, in the Wagtail admin under reports."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from kb.columns import choice_column
from kb.manuals.imports.views import PERMISSION, PREVIEW_VIEW
from kb.models import ManualEdition, ManualImport
from kb.reports import ReportItem, report_urls

LIST_VIEW = "kb_manual_imports"
COLUMNS = {
    "file_name": _("file name"),
    "manual": _("manual"),
    "edition": _("edition"),
    "state": _("state"),
    "started_at": _("started at"),
}


def _preview_url(record: ManualImport) -> str:
    return reverse(PREVIEW_VIEW, args=[record.pk])


class ManualImportsView(ReportView):
    """Documents brought in as editions, the last one first; each leads to what was read of it."""

    model = ManualImport
    permission_policy = ModelPermissionPolicy(ManualEdition)
    permission_required = "add"
    page_title = _("Imports of manuals")
    header_icon = "upload"
    index_url_name = LIST_VIEW
    index_results_url_name = f"{LIST_VIEW}_results"
    default_ordering = "-started_at"
    paginate_by = 30
    export_filename = "manual-imports"
    list_export = list(COLUMNS)
    export_headings = COLUMNS
    columns = [
        TitleColumn("file_name", label=COLUMNS["file_name"], get_url=_preview_url),
        Column("manual", label=COLUMNS["manual"]),
        Column("edition", label=COLUMNS["edition"]),
        choice_column("state", COLUMNS["state"], sort_key="state"),
        DateColumn("started_at", label=COLUMNS["started_at"], sort_key="started_at"),
    ]

    def get_queryset(self) -> QuerySet[ManualImport]:
        """Return the imports without what was read: that holds whole pictures."""
        return ManualImport.objects.select_related("manual").defer("outcome").order_by("-started_at", "-pk")


def imports_urls() -> list[Any]:
    """Return the addresses of the list and of its rows alone."""
    return report_urls(ManualImportsView, "kb/imports/")


def imports_item() -> ReportItem:
    """Return the entry Reports → imports of manuals."""
    return ReportItem(ManualImportsView, PERMISSION, order=520)
