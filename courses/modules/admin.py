"""Modules in the Wagtail admin; trainers and managers schedule sessions on the portal's own pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, LiveStatusTagColumn

from courses.models import Course, TrainingModule
from courses.modules.forms import CourseForm
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
    list_filter = ["category", "level", "audience", "live", "is_template"]
    # Copied by a verb of its own, with topics and what they cite.
    copy_view_enabled = False
    list_export = ["code", "title", "edition", "category", "minutes", "level", "owner", "audience", "live"]
    export_filename = "training-modules"
    list_per_page = 30
    ordering = ["code"]

    def get_queryset(self, request: Any) -> Any:
        return TrainingModule.objects.select_related("category").order_by("code")


class CourseViewSet(AuditedSnippetViewSet):
    """Courses: modules in order."""

    model = Course
    icon = "list-ul"
    menu_label = _("Courses")
    menu_name = "courses"
    menu_order = 121
    add_to_admin_menu = True
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code", widget=forms.TextInput()), FieldPanel("level")]),
            FieldPanel("title"),
            FieldPanel("summary"),
            InlinePanel(
                "parts",
                heading=_("Modules"),
                label=_("module"),
                min_num=1,
                panels=[FieldPanel("module", widget=forms.Select())],
            ),
            FieldRowPanel([FieldPanel("owner"), FieldPanel("audience")]),
            FieldPanel("is_active"),
        ],
        base_form_class=CourseForm,
    )
    list_display = ["title", "code", Column("level", label=_("level"), accessor="get_level_display"), "is_active"]
    list_filter = ["level", "audience", "is_active"]
    search_fields = ["code", "title"]
    list_export = ["code", "title", "level", "audience", "is_active"]
    export_filename = "courses"
    ordering = ["code"]
