"""Organisations, positions and assignments in the Wagtail admin."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from portal.admin.forms import InSightForm
from portal.admin.viewsets import GroundFloorViewSet, TreeIndexView
from portal.models import Assignment, Organisation, Position
from portal.organisations.forms import OrganisationForm
from portal.organisations.tiers import tier_choices, tier_name
from portal.people.forms import AssignmentForm


class PositionForm(InSightForm):
    """A post with its duties."""

    class Meta:
        model = Position
        fields = ["organisation", "title", "responsibilities", "reports_to", "headcount", "is_duty_gated"]


class TierColumn(Column):
    """A tier by the organisation's own name for it."""

    def get_cell_context_data(self, instance: Organisation, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Return what the cell shows."""
        name = tier_name(instance.tier, parent_context.get("request"))
        return super().get_cell_context_data(instance, parent_context) | {"value": name}


class OrganisationFilterSet(WagtailFilterSet):
    """Narrows the network to one tier."""

    tier = django_filters.ChoiceFilter(label=_("Tier"))

    class Meta:
        model = Organisation
        fields = ["tier"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["tier"].extra["choices"] = tier_choices(self.request)


class OrganisationIndexView(TreeIndexView):
    """The network."""

    further_columns = [
        Column("code", label=_("Code")),
        TierColumn("tier", label=_("Tier")),
        Column("phone", label=_("Phone")),
    ]


class OrganisationViewSet(GroundFloorViewSet):
    """The network as a tree: indented names, parent as a field."""

    model = Organisation
    form_class = OrganisationForm
    index_view_class = OrganisationIndexView
    icon = "group"
    menu_label = _("Organisations")
    filterset_class = OrganisationFilterSet
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
    search_fields = [
        *("person__name", "person__name_pinyin", "person__name_initials", "person__staff_number"),
        "position__title",
    ]
    search_backend_name = None


class OrganisationGroup(ModelViewSetGroup):
    """Menu entry: organisation."""

    menu_label = _("Organisation")
    menu_icon = "group"
    menu_order = 500
    items = (OrganisationViewSet, PositionViewSet, AssignmentViewSet)
