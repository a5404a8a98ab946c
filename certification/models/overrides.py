"""Overrides of the duty gate: named work allowed to a named person for a few days, and their withdrawal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.equipment import OfEquipment
from portal.enums import Task
from portal.models import AppendOnlyModel


class DutyOverride(OfEquipment):
    """Somebody answers with their name for work that the records do not allow, from one day to another."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="overrides", verbose_name=_("person")
    )
    # Names of ``portal.enums.Task``.
    tasks = models.JSONField(_("tasks"), default=list)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=300)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    # Made by the form; a second post of the same form finds the first one's record.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("override of the duty check")
        verbose_name_plural = _("overrides of the duty check")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            *OfEquipment.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(tasks=[]),
                name="override_names_tasks",
                violation_error_message=_("Name at least one task."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="override_has_a_reason",
                violation_error_message=_("Give the reason for the exception."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="override_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first one."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("approved_by")),
                name="override_is_not_for_oneself",
                violation_error_message=_("Nobody approves an exception for themselves."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.equipment_name} · {self.starts_on}"

    @property
    def task_names(self) -> list[str]:
        """The tasks in words."""
        return [str(Task(task).label) for task in self.tasks]

    @property
    def is_over(self) -> bool:
        """Whether its last day is past."""
        return self.ends_on < timezone.localdate()


class OverrideWithdrawal(AppendOnlyModel):
    """From a day on an override does not count; what it allowed before stays allowed."""

    override = models.OneToOneField(DutyOverride, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_on = models.DateField(_("withdrawn on"))
    reason = models.CharField(_("reason"), max_length=300)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("withdrawal of an override")
        verbose_name_plural = _("withdrawals of overrides")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="override_withdrawal_has_a_reason",
                violation_error_message=_("Give the reason for withdrawing it."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.override} · {self.withdrawn_on}"
