"""Licences and insurances of the organisation's own places: what statutory cards are for people."""

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import CardState, CompanyDocumentKind


class CompanyDocument(models.Model):
    """One licence or insurance of a place with the days it is valid; a renewed one is recorded anew."""

    organisation = models.ForeignKey(
        "portal.Organisation",
        on_delete=models.PROTECT,
        related_name="company_documents",
        verbose_name=_("organisation"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=CompanyDocumentKind.choices)
    name = models.CharField(_("name"), max_length=120, help_text=_("As printed on it."))
    number = models.CharField(_("number"), max_length=60)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    lead_days = models.PositiveSmallIntegerField(
        _("remind days before"), default=60, validators=[MaxValueValidator(730)]
    )
    scan = models.ForeignKey(
        "portal.PortalDocument",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("scan"),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    class Meta:
        verbose_name = _("company document")
        verbose_name_plural = _("company documents")
        ordering = ["valid_to", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "valid_from"],
                name="company_document_once",
                violation_error_message=_("This document is on record already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="company_document_in_order",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=CompanyDocumentKind.values),
                name="company_document_kind_known",
                violation_error_message=_("Choose one of the kinds offered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.organisation}"

    @property
    def warns_from(self) -> dt.date:
        """First day somebody is reminded."""
        return self.valid_to - dt.timedelta(days=self.lead_days)

    def state_on(self, day: dt.date) -> CardState:
        """Return where the document stands on ``day``."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return CardState.WITHDRAWN
        if self.valid_to < day:
            return CardState.EXPIRED
        if self.valid_from > day:
            return CardState.NOT_YET
        return CardState.EXPIRING if self.warns_from <= day else CardState.VALID
