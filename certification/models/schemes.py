"""Schemes: the qualifications one can hold and how long they last."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel


class Scheme(ClusterableModel):
    """A qualification one can hold, e.g. 冷冻设备维修上岗资格."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="schemes",
        verbose_name=_("category"),
        help_text=_("Covers every model of this category and those below it."),
    )
    valid_months = models.PositiveSmallIntegerField(_("valid for months"), default=24)
    is_active = models.BooleanField(_("in force"), default=True)
    positions = ParentalManyToManyField(
        "portal.Position", blank=True, related_name="schemes", verbose_name=_("required for positions")
    )

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["code"]
        constraints = [models.CheckConstraint(condition=Q(valid_months__gt=0), name="scheme_lasts")]

    def __str__(self) -> str:
        return self.name
