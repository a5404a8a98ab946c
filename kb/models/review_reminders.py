"""That the owner of a record was reminded of its review, so that it happens once a day it is due."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import AppendOnlyModel


class ReviewReminder(AppendOnlyModel):
    """One letter about one review day of one record."""

    record_label = models.CharField(_("kind of record"), max_length=60)
    record_id = models.PositiveBigIntegerField(_("record"))
    due = models.DateField(_("review due"))
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("reminded at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder of a review")
        verbose_name_plural = _("reminders of reviews")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["record_label", "record_id", "due"], name="review_reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.record_label}:{self.record_id} · {self.due}"
