"""Organisations (headquarters, regions, outlets, customers) and their positions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from portal.enums import Tier
from portal.models.bar import BarModel


class Organisation(MP_Node):
    """One place of the network. The tree is who answers to whom; row-level permission follows it."""

    name = models.CharField(_("name"), max_length=120)
    code = models.SlugField(_("code"), max_length=40, unique=True, help_text=_("Short code used in imports."))
    tier = models.CharField(_("tier"), max_length=10, choices=Tier.choices)
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact_name = models.CharField(_("engineer in charge"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_emergency_fallback = models.BooleanField(_("answers where no other outlet does"), default=False)
    min_certified = models.PositiveSmallIntegerField(
        _("certified people needed"), default=1, help_text=_("Cover below this number is reported.")
    )

    node_order_by = ["name"]

    # Rows that are part of the record in the audit log.
    audited_rows = ("areas",)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__in=Tier.values),
                name="organisation_tier_known",
                violation_error_message=_("Choose one of the tiers offered."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_customer(self) -> bool:
        """Whether this organisation buys the service rather than giving it."""
        return self.tier == Tier.CUSTOMER


class ServiceArea(models.Model):
    """A prefecture an outlet answers for; two outlets may overlap."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="areas")
    prefecture = models.CharField(_("prefecture"), max_length=40, db_index=True)

    class Meta:
        verbose_name = _("service area")
        verbose_name_plural = _("service areas")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "prefecture"], name="service_area_once"),
        ]

    def __str__(self) -> str:
        return self.prefecture


class Position(BarModel):
    """A post with its duties; which schemes it requires is recorded by certification."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="positions", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=80)
    responsibilities = models.TextField(_("responsibilities"), blank=True, help_text=_("One a line."))
    reports_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="direct_reports",
        verbose_name=_("reports to"),
    )
    headcount = models.PositiveSmallIntegerField(_("planned headcount"), null=True, blank=True)
    is_duty_gated = models.BooleanField(_("may only be held by certified people"), default=False)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["organisation__path", "title"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "title"], name="position_title_once_an_organisation"),
            models.CheckConstraint(
                condition=~models.Q(reports_to=models.F("id")),
                name="position_not_its_own_superior",
                violation_error_message=_("A post cannot report to itself. Choose another post."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def called(self) -> str:
        """The title with its place: many places have a post of the same title."""
        return f"{self.title} · {self.organisation}"
