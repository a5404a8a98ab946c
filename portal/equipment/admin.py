"""Equipment in the Wagtail admin: categories, models with aliases, units."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.menus import MenuItem
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSetGroup

from portal.admin.forms import InSightForm
from portal.admin.viewsets import CreateView, GroundFloorViewSet, IndexView, TreeIndexView
from portal.equipment.domain import label_token
from portal.equipment.forms import CategoryForm, ModelForm, StatutoryKindForm, StatutoryRuleForm
from portal.models import EquipmentCategory, EquipmentModel, EquipmentUnit, StatutoryKind, StatutoryRule
from portal.ui.fields import AdminDayField


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
    search_fields = [
        *("name", "name_key", "name_en", "name_pinyin", "name_initials", "code", "code_key", "brand"),
        *("aliases__name", "aliases__name_pinyin"),
    ]
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
    search_fields = ["serial", "serial_key", "model__name", "model__code", "customer__name", "place"]
    search_backend_name = None


class StatutoryKindViewSet(GroundFloorViewSet):
    """Kinds of card issued outside."""

    model = StatutoryKind
    form_class = StatutoryKindForm
    icon = "doc-full"
    menu_label = _("Kinds of statutory certificate")
    list_display = ["name", "code", "issuer", "valid_years", "review_years", "renewal_lead_days", "review_lead_days"]
    search_fields = ["name", "code", "issuer"]
    search_backend_name = None


class StatutoryRuleViewSet(GroundFloorViewSet):
    """Which equipment and task needs which card."""

    model = StatutoryRule
    form_class = StatutoryRuleForm
    icon = "list-ul"
    menu_label = _("Statutory rules")
    list_related = ("kind", "category", "model")
    list_display = [
        "kind",
        Column("scope", label=_("Equipment")),
        Column("tasks", label=_("Tasks"), accessor=lambda rule: "、".join(rule.task_labels) or _("every task")),
        "source",
        BooleanColumn("is_active", label=_("in force")),
    ]
    list_filter = ["kind", "is_active"]
    search_fields = ["kind__name", "category__name", "model__name", "source"]
    search_backend_name = None


class EquipmentGroup(ModelViewSetGroup):
    """Menu entry: equipment."""

    menu_label = _("Equipment")
    menu_icon = "cogs"
    menu_order = 510
    items = (ModelViewSet, CategoryViewSet, UnitViewSet, StatutoryKindViewSet, StatutoryRuleViewSet)
