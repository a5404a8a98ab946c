"""Statutory cards of people, issued outside; their kinds are ``portal.models.StatutoryKind``."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import CardState


class StatutoryCertificate(models.Model):
    """A certificate issued outside, recorded from the card."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="statutory_certificates",
        verbose_name=_("person"),
    )
    kind = models.ForeignKey(
        "portal.StatutoryKind", on_delete=models.PROTECT, related_name="certificates", verbose_name=_("kind of card")
    )
    project_code = models.CharField(
        _("project code"), max_length=20, blank=True, help_text=_("As printed on the card, e.g. T for lift repair.")
    )
    number = models.CharField(_("number"), max_length=60)
    issuer = models.CharField(_("issued by"), max_length=120, blank=True)
    first_issued_on = models.DateField(_("first issued on"), null=True, blank=True)
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
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("verified by"),
    )

    class Meta:
        verbose_name = _("statutory certificate")
        verbose_name_plural = _("statutory certificates")
        ordering = ["person", "kind", "-valid_to"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number", "valid_from"], name="statutory_certificate_once"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="statutory_ends_after_start",
                violation_error_message=_("The certificate must not end before it begins to be valid."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_recorded_at__isnull=True)
                | Q(withdrawn_on__isnull=False, withdrawn_recorded_at__isnull=False),
                name="withdrawal_knows_when_it_was_known",
                violation_error_message=_("A withdrawal needs its day and the moment it became known."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True, verified_at__isnull=True)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="statutory_verification_knows_when",
                violation_error_message=_("A verified certificate must say who verified it and when."),
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("person")),
                name="statutory_never_verified_by_its_holder",
                violation_error_message=_("Nobody verifies their own certificate. Ask a colleague."),
            ),
            models.CheckConstraint(
                condition=Q(first_issued_on__isnull=True) | Q(first_issued_on__lte=F("valid_from")),
                name="statutory_first_issued_before_valid",
                violation_error_message=_("The day of first issue must not be after the first day of validity."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.person}"

    @property
    def last_day(self) -> dt.date:
        """Last day the card may be relied on: its end, or the day its re-examination (复审) was due, if sooner."""
        return min(self.valid_to, self.review_due) if self.review_due else self.valid_to

    @property
    def warns_from(self) -> dt.date:
        """First day the card is near its end or its re-examination (临期), by the lead times of its kind."""
        renewal = days_before(self.valid_to, self.kind.renewal_lead_days)
        if self.review_due is None:
            return renewal
        return min(renewal, days_before(self.review_due, self.kind.review_lead_days))

    @property
    def is_verified(self) -> bool:
        """Whether a second person has compared the record with the card."""
        return self.verified_at is not None

    def state_on(self, day: dt.date) -> CardState:
        """Return where the card stands on ``day``."""
        if self.withdrawn_on is not None and self.withdrawn_on <= day:
            return CardState.WITHDRAWN
        if self.last_day < day:
            return CardState.EXPIRED
        if self.valid_from > day:
            return CardState.NOT_YET
        return CardState.EXPIRING if self.warns_from <= day else CardState.VALID


def days_before(day: dt.date, days: int) -> dt.date:
    """Return the day ``days`` earlier, at the earliest the first of all days."""
    return dt.date.fromordinal(max(day.toordinal() - days, 1))
