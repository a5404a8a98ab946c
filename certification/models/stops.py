"""Stops of work on equipment after an accident or a recall, and their lifting; both are kept as they were ordered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.models.equipment import OfEquipment
from portal.models import AppendOnlyModel, Organisation


class WorkStop(OfEquipment):
    """From a day on nobody of a region works on this equipment; without a region, nobody of the network."""

    starts_on = models.DateField(_("from"))
    region = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("region")
    )
    reason = models.CharField(_("reason"), max_length=300)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    # Made by the form; a second post of the same form finds the first one's record.
    form_key = models.UUIDField(unique=True)

    class Meta:
        verbose_name = _("work stop")
        verbose_name_plural = _("work stops")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            *OfEquipment.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="work_stop_has_a_reason",
                violation_error_message=_("Give the reason for the stop."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_name} · {self.starts_on}"


class WorkStopLift(AppendOnlyModel):
    """From a day on work is allowed again; what was refused before stays refused."""

    stop = models.OneToOneField(WorkStop, on_delete=models.PROTECT, related_name="lift")
    resumes_on = models.DateField(_("work resumes on"))
    reason = models.CharField(_("reason"), max_length=300)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("lift of a work stop")
        verbose_name_plural = _("lifts of work stops")
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="work_stop_lift_has_a_reason",
                violation_error_message=_("Give the reason for lifting the stop."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.stop} · {self.resumes_on}"
