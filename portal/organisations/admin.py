"""Organisations, positions, assignments."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from portal.admin.forms import InSightForm
from portal.admin.viewsets import GroundFloorViewSet, TreeIndexView
from portal.models import Assignment, Organisation, Position
from portal.organisations.forms import OrganisationForm
from portal.people.forms import AssignmentForm


class PositionForm(InSightForm):
    """A post with its duties."""

    class Meta:
        model = Position
        fields = ["organisation", "title", "responsibilities", "reports_to", "headcount", "is_duty_gated"]


class OrganisationIndexView(TreeIndexView):
    """The network."""

    further_columns = [
        Column("code", label=_("Code")),
        Column("tier", label=_("Tier"), accessor="get_tier_display"),
        Column("phone", label=_("Phone")),
    ]


class OrganisationViewSet(GroundFloorViewSet):
    """The network as a tree: indented names, parent as a field."""

    model = Organisation
    form_class = OrganisationForm
    index_view_class = OrganisationIndexView
    icon = "group"
    menu_label = _("Organisations")
    list_filter = ["tier"]
    search_fields = ["name", "code", "address"]
    search_backend_name = None


class PositionViewSet(GroundFloorViewSet):
    """Posts."""

    model = Position
    form_class = PositionForm
    icon = "clipboard-list"
    menu_label = _("Positions")
    list_related = ("organisation", "reports_to")
    list_display = ["title", "organisation", "reports_to", BooleanColumn("is_duty_gated", label=_("Certified only"))]
    list_filter = ["is_duty_gated"]
    search_fields = ["title", "organisation__name"]
    search_backend_name = None


class AssignmentViewSet(GroundFloorViewSet):
    """Who holds which post from when to when."""

    model = Assignment
    form_class = AssignmentForm
    icon = "user"
    menu_label = _("Assignments")
    list_related = ("person", "position", "organisation")
    list_display = ["person", "position", "organisation", "start", "end"]
    search_fields = ["person__name", "person__staff_number", "position__title"]
    search_backend_name = None


class OrganisationGroup(ModelViewSetGroup):
    """Menu entry: organisation."""

    menu_label = _("Organisation")
    menu_icon = "group"
    menu_order = 500
    items = (OrganisationViewSet, PositionViewSet, AssignmentViewSet)
