"""How long a kind of record is kept: terms proposed by one administrator and approved by another; what was cleared."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.audit import AppendOnlyModel

#: Fifty years; longer is for ever.
MOST_MONTHS = 600


class RetentionTerm(models.Model):
    """A term for one kind of record. The last one approved counts; earlier ones stay as they were decided."""

    kind = models.CharField(_("kind of record"), max_length=40)
    months = models.PositiveSmallIntegerField(
        _("kept for months"), null=True, blank=True, help_text=_("Empty: for ever. 12 is a year.")
    )
    months_after_leaving = models.PositiveSmallIntegerField(
        _("of who left: months after the leaving day"),
        null=True,
        blank=True,
        help_text=_("Instead of the term beside it, counted from the day somebody left. Empty: as for everybody."),
    )
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_approved = models.BooleanField(_("approved"), null=True, blank=True)
    # Made by the form; a second post proposes once.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("retention term")
        verbose_name_plural = _("retention terms")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__isnull=True) | Q(months__range=(1, MOST_MONTHS)),
                name="term_has_months",
                violation_error_message=_("A term is 1 to 600 months; leave it empty for ever."),
            ),
            models.CheckConstraint(
                condition=Q(months_after_leaving__isnull=True) | Q(months_after_leaving__range=(1, MOST_MONTHS)),
                name="term_after_leaving_has_months",
                violation_error_message=_("A term after leaving is 1 to 600 months; leave it empty as for everybody."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="term_has_a_reason",
                violation_error_message=_("Say why records are kept as long as that."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None, is_approved=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="term_decided_altogether",
                violation_error_message=_("A decision has a person, a moment and an answer."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | Q(is_approved=False) | ~Q(decided_by=F("proposed_by")),
                name="term_approved_by_another",
                violation_error_message=_("Nobody approves a term of their own; another administrator does."),
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(decided_at=None),
                name="one_term_waits_a_kind",
                violation_error_message=_("A term of this kind of record waits for its decision already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.months or '∞'}"


class RetentionRun(AppendOnlyModel):
    """How many records of a kind were deleted at once because their term was over."""

    kind = models.CharField(_("kind of record"), max_length=40)
    removed = models.PositiveIntegerField(_("deleted"))
    ran_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("clearing of records")
        verbose_name_plural = _("clearings of records")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["kind", "-ran_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed__gt=0),
                name="run_removed_something",
                violation_error_message=_("Only what was deleted is counted."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.removed}"
