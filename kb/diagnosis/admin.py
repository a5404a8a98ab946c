"""Diagnosis guides in the Wagtail admin."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn

from kb.columns import choice_column
from kb.diagnosis.panels import guide_panels
from kb.models import DiagnosisGuide
from portal.admin.snippets import AuditedSnippetViewSet


class DiagnosisGuideViewSet(AuditedSnippetViewSet):
    """Diagnosis guides: draft with a picture of the tree, publish, history, runs."""

    model = DiagnosisGuide
    icon = "list-ul"
    menu_label = _("Diagnosis guides")
    menu_order = 110
    edit_handler = guide_panels
    list_display = [
        "__str__",
        Column("category", label=_("category"), sort_key="category__path"),
        choice_column("audience", _("audience"), sort_key="audience"),
        Column("run_total", label=_("runs"), sort_key="run_total"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["category", "audience", "live"]
    list_export = ["number", "title", "category", "audience", "live"]
    export_filename = "diagnosis-guides"
    list_per_page = 30
    ordering = ["number"]

    def get_queryset(self, request: Any) -> Any:
        guides = DiagnosisGuide.objects.select_related("category")
        return guides.annotate(run_total=Count("runs")).order_by("number")
