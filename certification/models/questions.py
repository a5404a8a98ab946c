"""Question bank: questions in versions, so that an attempt refers to exactly what was shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.kinds import question_kind_choices
from kb.models.topics import topic_key


class QuestionBank(models.Model):
    """Questions about one category."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=120)
    category = models.ForeignKey(
        "portal.EquipmentCategory",
        on_delete=models.PROTECT,
        related_name="question_banks",
        verbose_name=_("category"),
    )

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Question(models.Model):
    """The identity of a question; its words are in its versions."""

    bank = models.ForeignKey(
        QuestionBank, on_delete=models.PROTECT, related_name="questions", verbose_name=_("question bank")
    )
    ref = models.SlugField(_("reference"), max_length=30, unique=True)
    is_active = models.BooleanField(_("drawn in quizzes"), default=True)
    is_reserved = models.BooleanField(_("kept for certifying"), default=False, help_text=_("Never shown in practice."))
    # What it cites has changed: drawn for practice only until a keeper of the bank has looked at it.
    suspended_at = models.DateTimeField(_("suspended since"), null=True, blank=True, editable=False)
    suspended_because = models.CharField(_("why suspended"), max_length=300, blank=True, editable=False)

    # Rows that are part of the record in the audit log.
    audited_rows = ("versions",)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["ref"]

    def __str__(self) -> str:
        return self.ref


class QuestionVersion(models.Model):
    """The words of a question. Never changed once an attempt has shown it: an edit is a new version."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    is_current = models.BooleanField(default=True)
    kind = models.CharField(_("question type"), max_length=30, choices=question_kind_choices)
    stem = models.TextField(_("question text"))
    explanation = models.TextField(_("explanation"), blank=True)
    parameters = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the kind of question keeps besides choices, e.g. a value and a tolerance.",
    )
    topic = topic_key(verbose_name=_("topic"), on_delete=models.PROTECT)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), default=1, help_text=_("1 easy, 3 hard."))
    is_safety = models.BooleanField(_("about safety"), default=False)
    is_knockout = models.BooleanField(
        _("fails the paper"),
        default=False,
        help_text=_("Whoever does not answer it fully has not passed, whatever the score."),
    )
    equipment = models.ForeignKey(
        "portal.EquipmentModel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("equipment model"),
        help_text=_("Empty when it holds for the whole category of the bank."),
    )
    picture = models.ForeignKey(
        "portal.PortalImage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_text = models.CharField(
        _("picture in words"), max_length=200, blank=True, help_text=_("What it shows, without the answer.")
    )
    # The section to read again after a wrong answer: a chapter or an article.
    chapter = models.ForeignKey(
        "kb.ManualChapter",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("manual chapter"),
    )
    article = models.ForeignKey(
        "kb.FaultArticle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("fault article"),
    )
    # What the section said when it was last compared with the question, see certification.questions.review.
    cited = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    audited_rows = ("choices",)

    class Meta:
        verbose_name = _("question version")
        ordering = ["question", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(is_current=True),
                name="one_current_version_a_question",
                violation_error_message=_("This question already has a current version."),
            ),
            models.CheckConstraint(
                condition=Q(difficulty__range=(1, 3)),
                name="difficulty_one_to_three",
                violation_error_message=_("Difficulty is 1, 2 or 3."),
            ),
        ]

    def __str__(self) -> str:
        return self.stem[:60]


class Choice(models.Model):
    """One answer to choose. ``is_correct`` never leaves the server before the attempt is closed."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="choices")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("answer"), max_length=300)
    is_correct = models.BooleanField(_("correct"), default=False)
    # "All of the above" stays where it was written when the answers are shuffled.
    keeps_place = models.BooleanField(_("keeps its place"), default=False)

    class Meta:
        ordering = ["version", "order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="choice_order_once")]

    def __str__(self) -> str:
        return self.text
