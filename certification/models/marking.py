"""What people decide about papers afterwards: marks of written answers, faulty questions, dispensations; practice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import DispensationKind, DispensationState, Remedy
from certification.models.questions import QuestionVersion
from certification.models.quizzes import Answer, Attempt, Quiz


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
        constraints = [models.CheckConstraint(condition=Q(credit__range=(0, 1)), name="mark_is_a_share")]

    def __str__(self) -> str:
        return f"{self.answer} · {self.credit}"


class Regrading(models.Model):
    """A question that turned out to be faulty, and what became of it in the papers that asked it."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="regradings")
    remedy = models.CharField(_("remedy"), max_length=12, choices=Remedy.choices)
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
            models.CheckConstraint(condition=~Q(reason=""), name="regrading_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.get_remedy_display()}"


class RegradedAttempt(models.Model):
    """The result of an attempt before and after a regrading; the attempt itself carries the one that holds."""

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
            models.CheckConstraint(condition=Q(new_score__gte=models.F("old_score")), name="regrading_takes_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.old_score} → {self.new_score}"


class Dispensation(models.Model):
    """A deferral (缓考) or an exemption (免考), asked for and decided by another."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="dispensations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=DispensationKind.choices)
    state = models.CharField(max_length=10, choices=DispensationState.choices, default=DispensationState.WAITING)
    reason = models.CharField(_("reason"), max_length=500)
    until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The last day on which a deferred quiz may be started.")
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("dispensation")
        verbose_name_plural = _("dispensations")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["person", "quiz", "state"])]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="dispensation_has_a_reason"),
            models.CheckConstraint(condition=Q(kind="exemption") | Q(until__isnull=False), name="deferral_ends"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="decided_dispensation_names_who",
            ),
            models.UniqueConstraint(
                fields=["person", "quiz", "kind"], condition=Q(state="waiting"), name="one_waiting_dispensation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.quiz} · {self.get_kind_display()}"


class PracticeItem(models.Model):
    """One question shown for practice, with the answer that was given; it counts for nothing."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="+")
    choice_order = models.JSONField()
    shown_at = models.DateTimeField(default=timezone.now)
    response = models.JSONField(null=True, blank=True)
    is_right = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("practice question")
        ordering = ["-shown_at", "-pk"]
        indexes = [models.Index(fields=["person", "quiz", "answered_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_right__isnull=True, answered_at__isnull=True)
                | Q(is_right__isnull=False, answered_at__isnull=False),
                name="practised_answer_is_judged",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.version}"
