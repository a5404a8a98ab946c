"""What was done on one machine: rows of its file, appended and never changed."""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.enums import Task
from portal.models import AppendOnlyModel


class HandlingRecord(AppendOnlyModel):
    """One visit: what was found and done, by whom, and what the gate said of them for that day.

    A correction is one more row that names the row it takes the place of.
    """

    unit = models.ForeignKey(
        "portal.EquipmentUnit", on_delete=models.PROTECT, related_name="handlings", verbose_name=_("machine")
    )
    day = models.DateField(_("day of the work"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handlings", verbose_name=_("done by")
    )
    task = models.CharField(_("work"), max_length=12, choices=Task.choices, default=Task.REPAIR)
    found = models.TextField(_("what was found"), max_length=2000)
    done = models.TextField(_("what was done"), max_length=2000)
    article = models.ForeignKey(
        "kb.FaultArticle",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handlings",
        verbose_name=_("fault article"),
    )
    case = models.ForeignKey(
        "kb.FieldCase",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="handlings",
        verbose_name=_("field case"),
    )
    parts = models.CharField(_("parts used"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    # What the gate answered for the person, the machine, the work and that day, when the row was written.
    was_allowed = models.BooleanField(_("allowed on duty"))
    # One of portal.registry.duty.STATES; empty in rows of before it was kept.
    state = models.CharField(max_length=10, blank=True, default="", editable=False)
    guide = models.CharField(max_length=150, blank=True, default="", editable=False, help_text="Under whom alone.")
    gate = models.JSONField(default=list, blank=True, help_text="Reasons as {code, message, met, limit}.")
    corrects = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="correction",
        verbose_name=_("corrects"),
    )
    reason = models.CharField(_("why it is corrected"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    # Made with the form, so that a form sent twice is one row.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        verbose_name = _("handling record")
        verbose_name_plural = _("handling records")
        ordering = ["-day", "-recorded_at", "-pk"]
        indexes = [models.Index(fields=["unit", "-day"], name="handling_of_unit_idx")]
        constraints = [
            models.CheckConstraint(
                condition=Q(task__in=Task.values),
                name="handling_task_known",
                violation_error_message=_("Choose one of the tasks offered."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="handling_takes_time",
                violation_error_message=_("The work took at least one minute."),
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reason="") | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="handling_corrected_with_reason",
                violation_error_message=_("Say why it is corrected; only a correction has such a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.serial} · {self.day} · {self.get_task_display()}"

    @property
    def gate_state(self) -> str:
        """What the gate's lamp showed; of older rows as far as their reasons say."""
        if self.state or not self.was_allowed:
            return self.state or "refused"
        if any(reason["code"] == "under_guidance" for reason in self.gate):
            return "under"
        return "allowed" if all(reason["met"] for reason in self.gate) else "override"

    @property
    def has_limit(self) -> bool:
        """Whether a limit in words stood with the answer."""
        return any(reason.get("limit") for reason in self.gate)

    def as_fields(self) -> dict[str, Any]:
        """Return what a correction begins with."""
        names = ("day", "task", "found", "done", "article", "case", "parts", "minutes")
        return {name: getattr(self, name) for name in names}
