"""Field cases (疑难问题): what nobody could solve on site, worked by outlet, region and headquarters in turn."""

import uuid

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kb.enums import CaseAct, CaseKind, CaseState, Severity
from portal.enums import Tier

#: States in which somebody of the network has to act, and by when.
WAITING = frozenset({CaseState.OPEN, CaseState.TAKEN})
ENDED = frozenset({CaseState.CLOSED, CaseState.MERGED})


class FieldCase(models.Model):
    """One report from the field.

    The token is made where the form was opened, so that a report sent twice is one case.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind.choices, default=CaseKind.FAULT)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices, default=Severity.STOP)
    state = models.CharField(_("state"), max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    title = models.CharField(_("in a few words"), max_length=160)
    symptom = models.TextField(
        _("what happens"), max_length=4000, help_text=_("As seen and heard on site, in your own words.")
    )
    tried = models.TextField(_("what was tried"), max_length=4000, blank=True)
    equipment = models.ForeignKey(
        "portal.EquipmentModel",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("equipment model"),
    )
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reported_cases", verbose_name=_("reporter")
    )
    organisation = models.ForeignKey(
        "portal.Organisation", on_delete=models.PROTECT, related_name="cases", verbose_name=_("reported by")
    )
    held_by = models.ForeignKey(
        "portal.Organisation",
        on_delete=models.PROTECT,
        related_name="held_cases",
        verbose_name=_("worked on by"),
        help_text=_("The outlet, region or headquarters whose turn it is."),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="taken_cases",
        verbose_name=_("in the hands of"),
    )
    complains_about = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("complains about"),
        help_text=_("Whoever is named here neither sees nor works on the case."),
    )
    due_at = models.DateTimeField(_("due"))
    answer = models.TextField(_("answer"), blank=True)
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    run = models.ForeignKey(
        "kb.DiagnosisRun",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
        verbose_name=_("diagnosis run"),
    )
    about = models.ForeignKey(
        "kb.FaultArticle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases_about",
        verbose_name=_("article that did not help"),
    )
    article = models.ForeignKey(
        "kb.FaultArticle",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="cases",
        verbose_name=_("article made of it"),
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", verbose_name=_("merged into")
    )
    reported_at = models.DateTimeField(_("reported"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("field case")
        verbose_name_plural = _("field cases")
        ordering = ["-reported_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="case_due_idx"),
            models.Index(fields=["held_by", "state", "due_at"], name="case_held_idx"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=CaseKind.values),
                name="case_kind_known",
                violation_error_message=_("Choose one of the kinds offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=CaseState.values),
                name="case_state_known",
                violation_error_message=_("Choose one of the states offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=Severity.values),
                name="case_severity_known",
                violation_error_message=_("Choose one of the severities offered."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[CaseState.ANSWERED, CaseState.CLOSED]) | ~models.Q(answer=""),
                name="case_answered_with_words",
                violation_error_message=_("Write the answer before the case is answered or closed."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=CaseState.MERGED, merged_into__isnull=False)
                | (~models.Q(state=CaseState.MERGED) & models.Q(merged_into__isnull=True)),
                name="case_merged_into_one",
                violation_error_message=_(
                    "A merged case must name the case it was merged into, and only a merged one names it."
                ),
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("pk")),
                name="case_not_merged_into_itself",
                violation_error_message=_("A case cannot be merged into itself. Choose another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("kb:case", args=[self.pk])

    @property
    def number(self) -> str:
        """Return the number people say on the phone, e.g. ``FC-000123``."""
        return f"FC-{self.pk:06}"

    @property
    def is_ended(self) -> bool:
        """Whether nothing is expected of anybody any more."""
        return self.state in ENDED

    @property
    def is_overdue(self) -> bool:
        """Whether somebody should have acted by now."""
        return self.state in WAITING and self.due_at < timezone.now()


class CaseEntry(models.Model):
    """One thing that was done or said; never changed."""

    case = models.ForeignKey(FieldCase, on_delete=models.PROTECT, related_name="entries", verbose_name=_("field case"))
    act = models.CharField(_("act"), max_length=10, choices=CaseAct.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("text"), max_length=4000, blank=True)
    place = models.ForeignKey(
        "portal.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("passed to"),
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("entry of a case")
        verbose_name_plural = _("entries of cases")
        ordering = ["case", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(act__in=CaseAct.values),
                name="case_act_known",
                violation_error_message=_("Choose one of the acts offered."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.text[:40]}".strip()


class CasePhoto(models.Model):
    """A photo of the machine, scaled down and without the place it was taken at."""

    case = models.ForeignKey(FieldCase, on_delete=models.CASCADE, related_name="photos", verbose_name=_("field case"))
    document = models.ForeignKey("portal.PortalDocument", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("photo of a case")
        verbose_name_plural = _("photos of cases")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case} {self.pk}"


class CaseTerm(models.Model):
    """Within how many hours a tier has to act on a case of a severity."""

    severity = models.CharField(_("severity"), max_length=10, choices=Severity.choices)
    tier = models.CharField(_("tier"), max_length=10, choices=[(tier.value, tier.label) for tier in list(Tier)[:3]])
    hours = models.PositiveSmallIntegerField(_("hours"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("term of field cases")
        verbose_name_plural = _("terms of field cases")
        ordering = ["severity", "tier"]
        constraints = [
            models.UniqueConstraint(
                fields=["severity", "tier"],
                name="case_term_once",
                violation_error_message=_("This tier has a term for this severity already."),
            ),
            models.CheckConstraint(
                condition=models.Q(hours__gte=1),
                name="case_term_some_hours",
                violation_error_message=_("A term is at least one hour."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_severity_display()} · {self.get_tier_display()}: {self.hours} h"
