"""A customer's project with its training plan: the tender's table and the schedule by service period."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.enums import PlanAnchor
from courses.models.modules import TrainingModule
from courses.models.sessions import Session


class PlanSlip(models.Model):
    """A slip of the pen that plans are known to contain, and what was meant (赏见 → 常见)."""

    wrong = models.CharField(_("as written"), max_length=40, unique=True)
    right = models.CharField(_("as meant"), max_length=40)

    class Meta:
        verbose_name = _("known slip")
        verbose_name_plural = _("known slips")
        ordering = ["wrong"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(wrong=F("right")) & ~Q(wrong=""),
                name="slip_changes_something",
                violation_error_message=_("The right spelling differs from the wrong one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.wrong} → {self.right}"


class Project(models.Model):
    """A customer's order: who is served by whom, from when, and what is trained."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=160)
    customer = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="projects", verbose_name=_("customer")
    )
    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="projects_served", verbose_name=_("served by")
    )
    starts_on = models.DateField(_("installation begins"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    plan_title = models.CharField(_("title of the plan"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("customer project")
        verbose_name_plural = _("customer projects")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(accepted_on__isnull=True) | Q(accepted_on__gte=F("starts_on")),
                name="project_accepted_after_start",
                violation_error_message=_("Acceptance comes after the start of the installation."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True)
                | Q(warranty_until__isnull=True)
                | Q(warranty_until__gte=F("accepted_on")),
                name="project_warranty_after_acceptance",
                violation_error_message=_("The warranty ends after acceptance."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("courses:project", args=[self.code])


class PlanRow(models.Model):
    """One row of the table: what is taught about which machines, by whom, where, to whom, for how long."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("no."))
    category = models.CharField(_("category"), max_length=120, blank=True)
    equipment = models.JSONField(_("equipment"), default=list, blank=True)
    is_open_ended = models.BooleanField(_("list goes on"), default=False)
    contents = models.JSONField(_("covering content"), default=list, blank=True)
    trainer_name = models.CharField(_("trainer as written"), max_length=60, blank=True)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="plan_rows",
        verbose_name=_("trainer"),
    )
    place_and_trainees = models.CharField(_("place, trainees"), max_length=160, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"), validators=[MinValueValidator(1), MaxValueValidator(200 * 60)])
    module = models.ForeignKey(
        TrainingModule,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="plan_rows",
        verbose_name=_("module"),
    )
    raw = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("row of a training plan")
        verbose_name_plural = _("rows of training plans")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="plan_row_once_a_number"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="plan_row_takes_time",
                violation_error_message=_("A row of the plan takes time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.category or '、'.join(self.equipment[:3])}"

    @property
    def hours(self) -> str:
        """Hours as the table writes them: 8, 1.5."""
        return format((Decimal(self.minutes) / 60).quantize(Decimal("0.01")).normalize(), "f")

    @property
    def equipment_text(self) -> str:
        """Category and machines as the table writes them."""
        names = "、".join(self.equipment) + ("等" if self.is_open_ended else "")
        return f"{self.category}：{names}" if self.category and self.category != names else names or self.category

    @property
    def contents_text(self) -> str:
        """The covering content in one cell."""
        return "；".join(self.contents)


class PlanPeriod(models.Model):
    """One row of the schedule: a service period, what is trained in it, and how its visits recur."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="periods")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    name = models.CharField(_("service period"), max_length=60)
    plan = models.TextField(_("training plan"))
    anchor = models.CharField(_("counted from"), max_length=12, choices=PlanAnchor.choices, blank=True)
    after_days = models.SmallIntegerField(_("days after"), default=0)
    days = models.PositiveSmallIntegerField(_("days it lasts"), null=True, blank=True)
    rule = models.CharField(
        _("recurrence"), max_length=120, blank=True, help_text=_("RRULE of RFC 5545, such as FREQ=MONTHLY;INTERVAL=2.")
    )

    class Meta:
        verbose_name = _("service period")
        verbose_name_plural = _("service periods")
        ordering = ["project", "order", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="period_once_a_project")]

    def __str__(self) -> str:
        return self.name


class PlannedSession(models.Model):
    """A session made from a row of a plan; a row has one as long as it is not called off."""

    row = models.ForeignKey(PlanRow, on_delete=models.PROTECT, related_name="planned")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="planned_by")

    class Meta:
        verbose_name = _("session of a plan")
        verbose_name_plural = _("sessions of plans")

    def __str__(self) -> str:
        return f"{self.row} · {self.session}"
