"""What records about work name: a category or a model of equipment, one of the two."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import AppendOnlyModel, EquipmentCategory, EquipmentModel


class OfEquipment(AppendOnlyModel):
    """A kept record about a category with all below it, or about one model."""

    category = models.ForeignKey(
        EquipmentCategory,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("equipment category"),
    )
    model = models.ForeignKey(
        EquipmentModel, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("model")
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(category=None, model__isnull=False) | Q(category__isnull=False, model=None),
                name="%(class)s_names_category_or_model",
                violation_error_message=_("Name a category or a model, one of the two."),
            )
        ]

    @property
    def equipment_name(self) -> str:
        """The category or model it is about."""
        named = self.category or self.model
        return named.name if named else ""
