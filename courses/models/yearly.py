"""What branches need in a year, and the plan made of it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import YearlyState
from courses.models.modules import TrainingModule

YEAR = [MinValueValidator(2000), MaxValueValidator(2100)]
QUARTER = [MinValueValidator(1), MaxValueValidator(4)]


class TrainingNeed(models.Model):
    """So many people of a place need a module in a year."""

    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="training_needs", verbose_name=_("branch")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="needs", verbose_name=_("module"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), validators=QUARTER)
    heads = models.PositiveSmallIntegerField(_("number of people"), validators=[MinValueValidator(1)])
    note = models.CharField(_("note"), max_length=200, blank=True)
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("training need")
        verbose_name_plural = _("training needs")
        ordering = ["year", "organisation", "quarter", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "module", "quarter"],
                name="needed_once_a_quarter",
                violation_error_message=_("This need is on record already."),
            ),
            models.CheckConstraint(
                condition=Q(heads__gt=0, quarter__gte=1, quarter__lte=4),
                name="need_is_for_people_in_a_quarter",
                violation_error_message=_("A need is for one person at least, in a quarter from 1 to 4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.module} · {self.year}"


class OwnNeed(models.Model):
    """Somebody says that they need a module in a quarter; it counts where their place has said no number itself."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="own_needs", verbose_name=_("person")
    )
    # Where they worked when they said it.
    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="own_needs", verbose_name=_("branch")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    module = models.ForeignKey(
        TrainingModule, on_delete=models.PROTECT, related_name="own_needs", verbose_name=_("module")
    )
    quarter = models.PositiveSmallIntegerField(_("quarter"), validators=QUARTER)
    note = models.CharField(_("note"), max_length=200, blank=True)
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("need of a person")
        verbose_name_plural = _("needs of people")
        ordering = ["-year", "quarter", "pk"]
        indexes = [models.Index(fields=["organisation", "year"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year", "module"],
                name="person_needs_a_module_once_a_year",
                violation_error_message=_("You have said already that you need this module in the year."),
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4),
                name="own_need_is_in_a_quarter",
                violation_error_message=_("A year has the quarters 1 to 4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.module} · {self.year}"


class YearlyPlan(models.Model):
    """What a branch trains in a year."""

    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="yearly_plans", verbose_name=_("branch")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEAR)
    state = models.CharField(_("state"), max_length=10, choices=YearlyState.choices, default=YearlyState.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    remark = models.CharField(_("why it was sent back"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("yearly training plan")
        verbose_name_plural = _("yearly training plans")
        ordering = ["-year", "organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="one_plan_a_branch_and_year",
                violation_error_message=_("This branch has a plan for the year already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=YearlyState.APPROVED) | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="approved_plan_says_by_whom",
                violation_error_message=_("An approved plan says who approved it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("courses:yearly_plan", args=[self.pk])


class YearlyPlanRow(models.Model):
    """A module trained in a quarter, for whom, and how many people and hours."""

    plan = models.ForeignKey(YearlyPlan, on_delete=models.CASCADE, related_name="rows")
    module = models.ForeignKey(
        TrainingModule, on_delete=models.PROTECT, related_name="yearly_rows", verbose_name=_("module")
    )
    for_whom = models.CharField(_("trainees"), max_length=160, blank=True)
    quarter = models.PositiveSmallIntegerField(_("quarter"), validators=QUARTER)
    heads = models.PositiveSmallIntegerField(_("number of people"), validators=[MinValueValidator(1)])
    minutes = models.PositiveIntegerField(_("minutes"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("row of a yearly plan")
        verbose_name_plural = _("rows of yearly plans")
        ordering = ["quarter", "module__code", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "module", "quarter"],
                name="planned_once_a_quarter",
                violation_error_message=_("The module stands in the plan for this quarter already."),
            ),
            models.CheckConstraint(
                condition=Q(heads__gt=0, minutes__gt=0, quarter__gte=1, quarter__lte=4),
                name="yearly_row_is_for_people_in_a_quarter",
                violation_error_message=_("A row is for one person at least, in a quarter from 1 to 4."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} · {self.quarter}"

    @property
    def planned_minutes(self) -> int:
        """Of training, of all people together."""
        return self.heads * self.minutes
