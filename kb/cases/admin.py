"""Terms of field cases in the Wagtail admin; the cases themselves are worked on in the portal."""

from django.utils.translation import gettext_lazy as _

from kb.columns import choice_column
from kb.models import CaseTerm
from portal.admin.viewsets import GroundFloorViewSet


class CaseTermViewSet(GroundFloorViewSet):
    """Hours by severity and tier; where none is set, the portal's own hold."""

    model = CaseTerm
    icon = "time"
    menu_label = _("Terms of field cases")
    menu_order = 190
    add_to_admin_menu = False
    form_fields = ["severity", "tier", "hours"]
    list_display = [
        choice_column("severity", _("severity"), sort_key="severity"),
        choice_column("tier", _("tier"), sort_key="tier"),
        "hours",
    ]
