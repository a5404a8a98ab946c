"""Quizzes: what is drawn by which rules, when, how often, and what passes."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from certification.models.questions import Question, QuestionBank
from kb.models.topics import topic_key


class Quiz(ClusterableModel):
    """How a paper is drawn and judged, and how often it may be tried."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("title"), max_length=120)
    bank = models.ForeignKey(
        QuestionBank, on_delete=models.PROTECT, related_name="quizzes", verbose_name=_("question bank")
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=30, validators=[MinValueValidator(1)])
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    max_attempts = models.PositiveSmallIntegerField(
        _("attempts allowed"), default=2, help_text=_("The first one and the re-sits (补考).")
    )
    wait_hours = models.PositiveSmallIntegerField(_("hours between attempts"), default=24)
    wait_hours_read = models.PositiveSmallIntegerField(
        _("hours between attempts after reading"),
        null=True,
        blank=True,
        help_text=_("For who confirms having read the sections named in the result; empty if that shortens nothing."),
    )
    is_active = models.BooleanField(_("open for attempts"), default=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("Attempts start before this moment.")
    )
    unseen_first = models.BooleanField(
        _("unseen questions first"),
        default=True,
        help_text=_("A re-sit draws what the person has not been asked yet, as far as the bank goes."),
    )
    keeps_order = models.BooleanField(
        _("in the order of the rules"), default=False, help_text=_("For a fixed paper; otherwise it is shuffled.")
    )
    practises_suspended = models.BooleanField(
        _("practise with questions held back"),
        default=True,
        help_text=_("Questions whose source has changed may be practised with until they are reviewed."),
    )
    # Of a short quiz after a revision: it draws only what cites a changed chapter, see certification.revisions.
    verdict = models.OneToOneField(
        "kb.EditionVerdict", null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="quiz"
    )
    is_invigilated = models.BooleanField(
        _("under supervision"), default=False, help_text=_("Starts with the code of an assessor on the spot.")
    )

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pass_mark__range=(1, 100)),
                name="pass_mark_in_percent",
                violation_error_message=_("The pass mark is between 1 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, max_attempts__gt=0),
                name="quiz_can_be_taken",
                violation_error_message=_("A quiz needs at least one minute and one attempt."),
            ),
            models.CheckConstraint(
                condition=Q(wait_hours_read__isnull=True) | Q(wait_hours_read__lte=F("wait_hours")),
                name="reading_shortens_the_wait",
                violation_error_message=_("Reading shortens the wait, it does not lengthen it."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="quiz_closes_after_it_opens",
                violation_error_message=_("A quiz closes after it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DrawRule(models.Model):
    """So many questions of a kind; rules are applied in order, no question is drawn twice."""

    sort_order_field = "order"

    quiz = ParentalKey(Quiz, on_delete=models.CASCADE, related_name="draw_rules")
    order = models.PositiveSmallIntegerField(default=0, editable=False)
    count = models.PositiveSmallIntegerField(_("number of questions"), validators=[MinValueValidator(1)])
    topic = topic_key(verbose_name=_("topic"), on_delete=models.PROTECT)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), null=True, blank=True)
    only_safety = models.BooleanField(_("about safety"), default=False)
    equipment = models.ForeignKey(
        "portal.EquipmentModel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("equipment model"),
    )
    question = models.ForeignKey(
        Question,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("this question"),
        help_text=_("On every paper; the other conditions do not matter then."),
    )

    class Meta:
        verbose_name = _("draw rule")
        verbose_name_plural = _("draw rules")
        ordering = ["quiz", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(question__isnull=True) | Q(count=1),
                name="a_fixed_question_is_one",
                violation_error_message=_("A rule that names its question draws exactly one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quiz} · {self.count}"
