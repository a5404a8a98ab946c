"""What a second person allows: a quiz sat later (缓考) or not at all (免考); and what was read after a failed one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import ExcuseKind
from certification.models.attempts import Attempt
from certification.models.quizzes import Quiz
from portal.models import AppendOnlyModel


class StudyConfirmation(AppendOnlyModel):
    """Somebody's word that they have read the sections named after a failed attempt; it shortens the wait."""

    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, related_name="study")
    confirmed_at = models.DateTimeField(_("confirmed at"), default=timezone.now)

    class Meta:
        verbose_name = _("confirmed reading list")
        verbose_name_plural = _("confirmed reading lists")
        ordering = ["-confirmed_at", "-pk"]

    def __str__(self) -> str:
        return str(self.attempt)


class Excuse(AppendOnlyModel):
    """A quiz that somebody shall sit later or not at all, as it was asked for; a decision follows."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="excuses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="excuses")
    kind = models.CharField(_("what is asked for"), max_length=10, choices=ExcuseKind.choices)
    until = models.DateField(_("to be sat by"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("asked for at"), default=timezone.now)
    # Made by the form; a second post asks once.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("excuse from a quiz")
        verbose_name_plural = _("excuses from quizzes")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="excuse_has_a_reason",
                violation_error_message=_("Say why the quiz is sat later or not at all."),
            ),
            models.CheckConstraint(
                condition=Q(kind="postponed", until__isnull=False) | Q(kind="exempted", until__isnull=True),
                name="postponed_until_a_day",
                violation_error_message=_("A postponed quiz is sat by a day; an exemption has none."),
            ),
            models.CheckConstraint(
                condition=~Q(requested_by=F("person")),
                name="nobody_excuses_themselves",
                violation_error_message=_("Nobody asks for an excuse of their own; your manager or trainer does."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.quiz} · {self.person}"


class ExcuseDecision(AppendOnlyModel):
    """The word of a second entitled person."""

    excuse = models.OneToOneField(Excuse, on_delete=models.PROTECT, related_name="decision")
    is_approved = models.BooleanField(_("approved"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision on an excuse")
        verbose_name_plural = _("decisions on excuses")
        ordering = ["-decided_at", "-pk"]

    def __str__(self) -> str:
        return str(self.excuse)
