"""Checklists and assessors' appointments in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn

from certification.models import (
    AssessorAppointment,
    Checklist,
)
from certification.practicals.forms import AppointmentForm
from certification.practicals.panels import checklist_panels
from certification.versions.admin import VersionedViewSet
from certification.viewsets import KeptViewSet


class ChecklistViewSet(VersionedViewSet):
    """Practical checklists."""

    model = Checklist
    edit_handler = checklist_panels
    icon = "list-ul"
    menu_label = _("Practical checklists")
    list_display = ["title", "code", "category", "pass_percent"]


class AppointmentViewSet(KeptViewSet):
    """Who may assess what."""

    model = AssessorAppointment
    icon = "user"
    menu_label = _("Assessor appointments")
    list_related = ("person", "category")
    list_display = ["person", "category", DateColumn("start", label=_("from")), DateColumn("end", label=_("to"))]

    def get_form_class(self, for_update: bool = False) -> type[AppointmentForm]:
        """One form for both."""
        return AppointmentForm
