"""Schemes in the Wagtail admin."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column

from certification.models import Scheme
from certification.schemes.panels import scheme_panels
from certification.schemes.reach import scope_words, task_words
from certification.versions.admin import VersionedViewSet
from portal.admin.viewsets import IndexView


class SchemeIndexView(IndexView):
    """The list, with the tasks and scopes its columns show."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows with what they reach loaded."""
        return super().get_queryset().with_reach()


class SchemeViewSet(VersionedViewSet):
    """Schemes with what they open and their requirements."""

    model = Scheme
    index_view_class = SchemeIndexView
    edit_handler = scheme_panels
    icon = "tick-inverse"
    menu_label = _("Schemes")
    list_display = [
        "name",
        "code",
        Column("effect", label=_("effect"), accessor="get_effect_display", sort_key="effect"),
        Column("tasks", label=_("tasks"), accessor=task_words),
        Column("scope", label=_("equipment covered"), accessor=scope_words),
        "valid_months",
        BooleanColumn("is_active", label=_("in force")),
    ]
    list_filter = {"effect": ["exact"], "tasks__task": ["exact"], "is_active": ["exact"]}
