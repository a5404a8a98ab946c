"""Equipment: categories, models with aliases, single machines."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from portal.domain.equipment import label_token
from portal.forms import CategoryForm, InSightForm, ModelForm
from portal.models import EquipmentCategory, EquipmentModel, EquipmentUnit
from portal.ui.fields import AdminDayField
from portal.viewsets.base import CreateView, GroundFloorViewSet, IndexView, TreeIndexView


class UnitForm(InSightForm):
    """One machine by its serial number."""

    class Meta:
        model = EquipmentUnit
        fields = ["serial", "model", "customer", "place", "purchased_on", "installed_on", "warranty_until"]
        field_classes = dict.fromkeys(("purchased_on", "installed_on", "warranty_until"), AdminDayField)


class UnitCreateView(CreateView):
    """A new machine gets its label at once."""

    def save_instance(self) -> EquipmentUnit:
        """Save and mint the secret of the label."""
        unit = super().save_instance()
        label_token(unit)
        return unit


class UnitIndexView(IndexView):
    """The list of machines leads to their pages and labels."""

    def get_list_more_buttons(self, instance: EquipmentUnit) -> list[Any]:
        """Add the machine's page and its label."""
        page = reverse("unit_file", args=[instance.pk])
        label = f"{reverse('unit_labels')}?unit={instance.pk}"
        return [
            *super().get_list_more_buttons(instance),
            MenuItem(_("Page of the machine"), url=page, icon_name="view", priority=40),
            MenuItem(_("Print label"), url=label, icon_name="download", priority=50),
        ]


class CategoryIndexView(TreeIndexView):
    """The category tree."""

    further_columns = [
        Column("code", label=_("Code")),
        Column("kind", label=_("Kind"), accessor="get_kind_display"),
    ]


class CategoryViewSet(GroundFloorViewSet):
    """The category tree."""

    model = EquipmentCategory
    form_class = CategoryForm
    index_view_class = CategoryIndexView
    icon = "folder-open-inverse"
    menu_label = _("Categories")
    search_fields = ["name", "name_en", "code"]
    search_backend_name = None


class ModelViewSet(GroundFloorViewSet):
    """Machine types."""

    model = EquipmentModel
    form_class = ModelForm
    icon = "cogs"
    menu_label = _("Models")
    list_related = ("category",)
    list_display = ["name", "code", "category", "brand", "family", BooleanColumn("is_regulated", label=_("Regulated"))]
    list_filter = ["category", "is_regulated"]
    search_fields = ["name", "name_en", "code", "brand", "aliases__name"]
    search_backend_name = None


class UnitViewSet(GroundFloorViewSet):
    """Single machines."""

    model = EquipmentUnit
    form_class = UnitForm
    index_view_class = UnitIndexView
    add_view_class = UnitCreateView
    icon = "tag"
    menu_label = _("Machines")
    list_related = ("model", "customer")
    list_display = ["serial", "model", "customer", "place", "warranty_until"]
    search_fields = ["serial", "model__name", "customer__name", "place"]
    search_backend_name = None


class EquipmentGroup(ModelViewSetGroup):
    """Menu entry: equipment."""

    menu_label = _("Equipment")
    menu_icon = "cogs"
    menu_order = 510
    items = (ModelViewSet, CategoryViewSet, UnitViewSet)
