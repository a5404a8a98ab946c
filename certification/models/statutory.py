"""Certificates issued outside (statutory cards): their kinds, and the cards people hold."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StatutoryKind(models.Model):
    """A certificate issued outside, e.g. 特种作业操作证; the source of the rule is kept with it."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_years = models.PositiveSmallIntegerField(_("valid for years"), null=True, blank=True)
    review_years = models.PositiveSmallIntegerField(_("re-examined every years"), null=True, blank=True)
    rule = models.CharField(_("source of the rule"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("kind of statutory certificate")
        verbose_name_plural = _("kinds of statutory certificate")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class StatutoryCertificate(models.Model):
    """A certificate issued outside, recorded from the card."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="statutory_certificates",
        verbose_name=_("person"),
    )
    kind = models.ForeignKey(
        StatutoryKind, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("kind of card")
    )
    number = models.CharField(_("number"), max_length=60)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"))
    review_due = models.DateField(_("re-examination due"), null=True, blank=True)
    scan = models.ForeignKey(
        "portal.PortalDocument",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("scan"),
    )
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)
    withdrawn_recorded_at = models.DateTimeField(null=True, blank=True, editable=False)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("statutory certificate")
        verbose_name_plural = _("statutory certificates")
        ordering = ["person", "kind", "-valid_to"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number", "valid_from"], name="statutory_certificate_once"),
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="statutory_ends_after_start"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_recorded_at__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_recorded_at__isnull=False),
                name="withdrawal_knows_when_it_was_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.person}"

    @property
    def last_day(self) -> dt.date:
        """Last day the card may be relied on: its end, or the day its re-examination (复审) was due, if sooner."""
        return min(self.valid_to, self.review_due) if self.review_due else self.valid_to
