"""Holidays and working days in the editing area."""

from django.utils.translation import gettext_lazy as _

from courses.models import SpecialDay
from portal.admin.snippets import AuditedSnippetViewSet


class SpecialDayViewSet(AuditedSnippetViewSet):
    """Days on which nobody works, and weekends that are worked."""

    model = SpecialDay
    icon = "date"
    menu_label = _("Holidays")
    list_display = ["day", "kind", "name"]
    list_filter = ["kind"]
    search_fields = ["name"]
    ordering = ["-day"]
