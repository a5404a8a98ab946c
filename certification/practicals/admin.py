"""Checklists and assessors' appointments in the Wagtail admin."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.widgets.button import Button

from certification.models import (
    AssessorAppointment,
    Checklist,
)
from certification.practicals.analysis_views import may_analyse
from certification.practicals.forms import AppointmentForm
from certification.practicals.panels import checklist_panels
from certification.versions.admin import VersionedViewSet
from certification.viewsets import KeptViewSet
from portal.admin.viewsets import IndexView


class ChecklistIndexView(IndexView):
    """Checklists, with what fails most in them."""

    def get_header_more_buttons(self) -> list[Button]:
        """Offer the report of failed checks to who may do something about them."""
        buttons: list[Button] = super().get_header_more_buttons()
        if may_analyse(self.request.user):
            address = reverse("certification_practical_analysis")
            buttons.append(Button(_("Most failed checks"), url=address, icon_name="help", priority=31))
        return buttons


class ChecklistViewSet(VersionedViewSet):
    """Practical checklists."""

    model = Checklist
    index_view_class = ChecklistIndexView
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
