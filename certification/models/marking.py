"""What people decide about papers afterwards: marks of written answers, faulty questions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import Remedy
from certification.models.attempts import Answer, Attempt
from certification.models.questions import QuestionVersion


class Mark(models.Model):
    """The mark an assessor gave a written answer."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="mark")
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    marked_at = models.DateTimeField(default=timezone.now)
    # A share of the credit, from 0 to 1.
    credit = models.DecimalField(max_digits=5, decimal_places=4)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["-marked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit__range=(0, 1)),
                name="mark_is_a_share",
                violation_error_message=_("A mark lies between nothing and all of the points."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} · {self.credit}"


class Regrading(models.Model):
    """A question that turned out to be faulty, and what became of it in the papers that asked it."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="regradings")
    remedy = models.CharField(_("what becomes of it"), max_length=12, choices=Remedy.choices)
    reason = models.CharField(_("reason"), max_length=500)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("regrading")
        verbose_name_plural = _("regradings")
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["version"], name="a_version_is_regraded_once"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="regrading_has_a_reason",
                violation_error_message=_("Give the reason for regrading."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_remedy_display()}"


class RegradedAttempt(models.Model):
    """The result of an attempt before and after a regrading; the last one holds, see ``certification.results``."""

    regrading = models.ForeignKey(Regrading, on_delete=models.PROTECT, related_name="attempts")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="regradings")
    old_score = models.PositiveSmallIntegerField()
    old_passed = models.BooleanField()
    new_score = models.PositiveSmallIntegerField()
    new_passed = models.BooleanField()

    class Meta:
        verbose_name = _("regraded attempt")
        ordering = ["regrading", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["regrading", "attempt"], name="an_attempt_is_regraded_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.old_score} → {self.new_score}"
