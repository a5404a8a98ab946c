"""Attempts at quizzes: the papers as they were drawn, the answers, sittings, further attempts released."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.enums import AttemptState
from certification.models.questions import QuestionVersion
from certification.models.quizzes import Quiz
from certification.models.versions import ApprovedVersion


class AttemptRelease(models.Model):
    """Somebody let a person try again after the re-sits were used up: attempts are counted anew from here."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="releases")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(_("reason"), max_length=300)
    # Made by the form; a second post of the same form releases once.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("released re-sit")
        verbose_name_plural = _("released re-sits")
        ordering = ["-released_at"]
        indexes = [models.Index(fields=["person", "quiz", "released_at"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="release_has_a_reason",
                violation_error_message=_("Say why another attempt is allowed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.person}"


class Sitting(models.Model):
    """A quiz under supervision: who tells its code on the spot, and until when it may be used to start."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="sittings")
    place = models.CharField(_("examination room"), max_length=120)
    code_hash = models.CharField(max_length=64, editable=False)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField()
    # Made by the form; a second post opens nothing new.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["quiz", "code_hash"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opened_at")),
                name="sitting_has_time",
                violation_error_message=_("A sitting ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.place}"


class Attempt(models.Model):
    """One try of one person at one quiz."""

    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.OPEN)
    seed = models.BigIntegerField(editable=False)
    # What the seed was applied to, so that the paper can be drawn again: keys of versions, see quizzes.drawing.
    drawn_from = models.JSONField(default=dict, blank=True, editable=False)
    sitting = models.ForeignKey(
        "certification.Sitting", null=True, blank=True, on_delete=models.PROTECT, related_name="attempts"
    )
    started_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    quiz_version = models.ForeignKey(ApprovedVersion, on_delete=models.PROTECT, related_name="+")
    # Why a grant resting on this attempt asks for a counter-signature, as it was when the attempt was started.
    could_read_answers = models.BooleanField(default=False)
    wrote_questions = models.BooleanField(default=False)
    changed_quiz = models.BooleanField(default=False)
    # As they were when the paper was drawn: a later change of the quiz does not change a past result.
    pass_mark = models.PositiveSmallIntegerField()
    score = models.PositiveSmallIntegerField(null=True, blank=True)
    is_passed = models.BooleanField(null=True, blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "person", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["quiz", "person"],
                condition=Q(state="open"),
                name="one_open_attempt",
                violation_error_message=_("This person is already taking the quiz. Finish that attempt first."),
            ),
            models.CheckConstraint(
                condition=Q(deadline__gt=F("started_at")),
                name="attempt_has_time",
                violation_error_message=_("The attempt must end after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, score__isnull=True, is_passed__isnull=True)
                | Q(state="marking", closed_at__isnull=False, score__isnull=True, is_passed__isnull=True)
                | (
                    ~Q(state__in=["open", "marking"])
                    & Q(closed_at__isnull=False, score__range=(0, 100), is_passed__isnull=False)
                ),
                name="closed_attempt_has_result",
                violation_error_message=_(
                    "A finished attempt must have a score and a result, an open one has neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.person} · {self.number}"


class AttemptQuestion(models.Model):
    """A question as shown: its version and the order of its choices."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="questions")
    order = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="shown")
    choice_order = models.JSONField(help_text="Choice primary keys in the order shown.")

    class Meta:
        ordering = ["attempt", "order"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "order"], name="attempt_question_order_once"),
            models.UniqueConstraint(fields=["attempt", "version"], name="question_once_an_attempt"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.order}"


class Answer(models.Model):
    """The latest answer to a shown question. ``sequence`` grows in the browser, so an answer arriving late from a bad
    connection never overwrites a newer one."""

    shown = models.OneToOneField(AttemptQuestion, on_delete=models.CASCADE, related_name="answer")
    response = models.JSONField(null=True, blank=True, help_text="As the kind of question stores it.")
    sequence = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    is_right = models.BooleanField(null=True, blank=True)
    # From 0 to 1, once marked; right is what earns all of it.
    credit = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("answer")
        constraints = [
            models.CheckConstraint(
                condition=Q(credit__range=(0, 1)),
                name="credit_is_a_share",
                violation_error_message=_("The credit for an answer is between 0 and 1."),
            )
        ]

    def __str__(self) -> str:
        return str(self.shown)
