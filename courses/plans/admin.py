"""Known slips of plans in the editing area."""

from django.utils.translation import gettext_lazy as _

from courses.models import PlanSlip
from portal.admin.snippets import AuditedSnippetViewSet


class PlanSlipViewSet(AuditedSnippetViewSet):
    """What plans are known to misspell, and what is proposed instead."""

    model = PlanSlip
    icon = "edit"
    menu_label = _("Known slips")
    list_display = ["wrong", "right"]
    search_fields = ["wrong", "right"]
    ordering = ["wrong"]
