"""Training somebody must do by a day: for a branch, its posts, one person, or whoever joins; and what was told whom."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import DueNotice
from courses.models.courses import Course
from courses.models.modules import TrainingModule


class TrainingDue(models.Model):
    """A module or course the people of a branch must be credited by a day, and why.

    Either everybody has the same last day, or whoever joins has so many days from then on.
    """

    module = models.ForeignKey(
        TrainingModule, null=True, blank=True, on_delete=models.PROTECT, related_name="dues", verbose_name=_("module")
    )
    course = models.ForeignKey(
        Course, null=True, blank=True, on_delete=models.PROTECT, related_name="dues", verbose_name=_("course")
    )
    organisation = models.ForeignKey(
        "portal.Organisation",
        on_delete=models.PROTECT,
        related_name="training_dues",
        verbose_name=_("branch"),
        help_text=_("Its people and those of the places below it."),
    )
    post_title = models.CharField(
        _("only holders of the post"), max_length=80, blank=True, help_text=_("Title of the post; empty for everybody.")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_dues",
        verbose_name=_("only this person"),
    )
    due_on = models.DateField(_("last day"), null=True, blank=True)
    within_days = models.PositiveSmallIntegerField(
        _("days after joining"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(730)],
        help_text=_("For whoever takes up work in the branch from today on, instead of a day."),
    )
    since = models.DateField(default=timezone.localdate, editable=False)
    reason = models.CharField(_("why"), max_length=200)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(_("assigned at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assigned training")
        verbose_name_plural = _("assigned training")
        ordering = ["-assigned_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "withdrawn_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(module__isnull=False, course__isnull=True) | Q(module__isnull=True, course__isnull=False),
                name="due_is_a_module_or_a_course",
                violation_error_message=_("Choose a module or a course, not both."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=False, within_days__isnull=True)
                | Q(due_on__isnull=True, within_days__isnull=False, within_days__gt=0),
                name="due_on_a_day_or_after_joining",
                violation_error_message=_("Set a last day, or the days after joining, not both."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(post_title="", within_days__isnull=True),
                name="due_of_one_person_is_theirs",
                violation_error_message=_("For one person neither a post nor joining is asked."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="due_has_a_reason", violation_error_message=_("Say why it is assigned.")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:due", args=[self.pk])

    @property
    def target(self) -> TrainingModule | Course:
        """The module or course."""
        found = self.module or self.course
        if found is None:
            raise ValueError("Assigned training names a module or a course.")
        return found

    @property
    def title(self) -> str:
        """What is to be learned."""
        return self.target.title


class DueLetter(models.Model):
    """That one person was reminded of one assigned training, or their superior told: once each."""

    due = models.ForeignKey(TrainingDue, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    notice = models.CharField(max_length=12, choices=DueNotice.choices)
    queued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("letter about assigned training")
        verbose_name_plural = _("letters about assigned training")
        constraints = [
            models.UniqueConstraint(fields=["due", "person", "notice"], name="due_letter_once"),
            models.CheckConstraint(
                condition=Q(notice__in=DueNotice.values),
                name="due_letter_kind_known",
                violation_error_message=_("There is no such letter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due} · {self.person} · {self.notice}"
