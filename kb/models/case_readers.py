"""Who alone reads the file of an accident: added and taken away with a reason, kept as it was."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kb.models.cases import FieldCase


class CaseReader(models.Model):
    """Somebody who reads the file of an accident, from a moment to a moment."""

    case = models.ForeignKey(FieldCase, on_delete=models.PROTECT, related_name="readers", verbose_name=_("field case"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    reason = models.CharField(_("reason"), max_length=300)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added at"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("removed by"),
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removal_reason = models.CharField(_("reason of the removal"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("reader of an accident")
        verbose_name_plural = _("readers of accidents")
        ordering = ["case", "added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"],
                condition=Q(removed_at__isnull=True),
                name="case_reader_once",
                violation_error_message=_("This person is a reader of the file already."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="case_reader_for_a_reason",
                violation_error_message=_("Say why this person reads the file."),
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removal_reason="", removed_by__isnull=True)
                | (Q(removed_at__isnull=False) & ~Q(removal_reason="")),
                name="case_reader_removed_for_a_reason",
                violation_error_message=_("Say why this person does not read the file any more."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.number} · {self.person}"
