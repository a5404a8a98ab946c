"""Runs through diagnosis guides: the path taken, how it ended, how long it took."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kb.enums import RunResult
from kb.models.diagnosis import DiagnosisGuide
from kb.tree import LONGEST_PATH


class DiagnosisRun(models.Model):
    """One time somebody followed a guide.

    The token is made where the run starts, so that a run sent twice is one run.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    guide = models.ForeignKey(DiagnosisGuide, on_delete=models.CASCADE, related_name="runs", verbose_name=_("guide"))
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("revision"),
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="diagnosis_runs",
        verbose_name=_("person"),
    )
    equipment = models.ForeignKey(
        "portal.EquipmentModel",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("equipment model"),
    )
    path = models.CharField(_("answers"), max_length=LONGEST_PATH, blank=True)
    last_key = models.CharField(_("last step"), max_length=10)
    result = models.CharField(_("result"), max_length=10, choices=RunResult.choices, default=RunResult.OPEN)
    reason = models.CharField(_("what did not help"), max_length=500, blank=True)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("diagnosis run")
        verbose_name_plural = _("diagnosis runs")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["guide", "-started_at"], name="run_of_guide_idx")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(result__in=RunResult.values),
                name="run_result_known",
                violation_error_message=_("Choose one of the results offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(result=RunResult.OPEN, ended_at__isnull=True)
                | (~models.Q(result=RunResult.OPEN) & models.Q(ended_at__isnull=False)),
                name="run_ended_with_result",
                violation_error_message=_("A diagnosis that has ended must have a result, an open one has none."),
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="run_ends_after_start",
                violation_error_message=_("A diagnosis must not end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guide.number} {self.path or '·'}"

    @property
    def minutes(self) -> int | None:
        """Whole minutes from start to end; None while it goes on."""
        return round((self.ended_at - self.started_at).total_seconds() / 60) if self.ended_at else None


class DiagnosisAnswer(models.Model):
    """An answer of a run, as it stands after going back and forth; counted by step and answer."""

    run = models.ForeignKey(DiagnosisRun, on_delete=models.CASCADE, related_name="answers")
    position = models.PositiveSmallIntegerField(_("position"))
    key = models.CharField(_("step"), max_length=10)
    answer = models.CharField(_("answer"), max_length=1)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="run_answer_once_a_position"),
            models.CheckConstraint(
                condition=models.Q(answer__in=["y", "n"]),
                name="run_answer_yes_or_no",
                violation_error_message=_("Answer yes or no."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}{self.answer}"
