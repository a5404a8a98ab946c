"""Practice: questions of the bank answered for nothing but learning."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.questions import QuestionVersion
from certification.models.quizzes import Quiz


class PracticeAnswer(models.Model):
    """A question shown for practice and, once given, the answer; nothing rests on it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_answers")
    # The quiz that is practised for; none out of the book of wrong answers.
    quiz = models.ForeignKey(Quiz, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="practised")
    choice_order = models.JSONField(default=list, help_text="Choice primary keys in the order shown.")
    shown_at = models.DateTimeField(default=timezone.now)
    response = models.JSONField(null=True, blank=True, help_text="As the kind of question stores it.")
    answered_at = models.DateTimeField(null=True, blank=True)
    # Of an answer that a person marks nobody says whether it is right.
    is_right = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = _("practice answer")
        verbose_name_plural = _("practice answers")
        ordering = ["-shown_at", "-pk"]
        indexes = [models.Index(fields=["person", "answered_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(answered_at__isnull=True),
                name="one_practice_question_open",
                violation_error_message=_("Answer the question that is open, or go on to the next one."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(is_right__isnull=True),
                name="practice_is_judged_once_answered",
                violation_error_message=_("A question is right or wrong once it is answered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} · {self.person}"
