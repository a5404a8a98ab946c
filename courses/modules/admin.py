"""Modules in the Wagtail admin; trainers and managers schedule sessions on the portal's own pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn

from courses.models import TrainingModule
from courses.modules.panels import module_panels
from courses.templatetags.courses_ui import written_hours
from portal.admin.snippets import AuditedSnippetViewSet


class TrainingModuleViewSet(AuditedSnippetViewSet):
    """Modules: draft, preview, publish, history."""

    model = TrainingModule
    icon = "date"
    menu_label = _("Training modules")
    menu_name = "training-modules"
    menu_order = 120
    add_to_admin_menu = True
    edit_handler = module_panels
    list_display = [
        "__str__",
        Column("code", label=_("module code"), sort_key="code"),
        Column("category", label=_("category"), sort_key="category__path"),
        Column("minutes", label=_("hours"), accessor=written_hours, sort_key="minutes"),
        Column("level", label=_("level"), accessor="get_level_display", sort_key="level"),
        DateColumn("last_published_at", label=_("published on"), sort_key="last_published_at"),
        LiveStatusTagColumn(),
    ]
    list_filter = ["category", "level", "audience", "live"]
    list_export = ["code", "title", "category", "minutes", "level", "audience", "live"]
    export_filename = "training-modules"
    list_per_page = 30
    ordering = ["code"]

    def get_queryset(self, request: Any) -> Any:
        return TrainingModule.objects.select_related("category").order_by("code")
