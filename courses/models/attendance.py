"""Attendance as it was first recorded, its corrections, and the minutes credited for it; all append-only."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import TimeSource
from courses.models.meetings import Meeting
from courses.models.modules import TrainingModule
from courses.models.sessions import Enrolment, Session


class AttendanceQuerySet(models.QuerySet):
    """Attendance by how it stands after its corrections."""

    def inside(self, session: Session) -> "AttendanceQuerySet":
        """Attendance of those who came to ``session`` and have not left, whatever recorded it."""
        settled = AttendanceCorrection.objects.filter(attendance=models.OuterRef("pk"))
        settled = settled.filter(Q(went_at__isnull=False) | Q(is_void=True))
        return self.filter(enrolment__session=session, checked_out_at__isnull=True).exclude(models.Exists(settled))


class Attendance(models.Model):
    """When somebody came to a meeting and went as it was first recorded, by whom and from what.

    What holds after corrections are :attr:`came` and :attr:`went`; ``corrections`` should be prefetched for lists.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendances")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("meeting")
    )
    checked_in_at = models.DateTimeField(_("checked in"))
    checked_in_from = models.CharField(
        _("checked in from"), max_length=10, choices=TimeSource.choices, default=TimeSource.BUTTON
    )
    checked_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_out_at = models.DateTimeField(_("checked out"), null=True, blank=True)
    checked_out_from = models.CharField(
        _("checked out from"), max_length=10, choices=TimeSource.choices, null=True, blank=True
    )
    checked_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "meeting"],
                name="attended_once_a_meeting",
                violation_error_message=_("The attendance of this meeting is on record already."),
            ),
            models.CheckConstraint(
                condition=Q(checked_out_at__isnull=True) | Q(checked_out_at__gte=F("checked_in_at")),
                name="left_after_coming",
                violation_error_message=_("The check-out must not be before the check-in."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.enrolment)

    @property
    def correction(self) -> "AttendanceCorrection | None":
        """The correction that holds; None while none was made."""
        return max(self.corrections.all(), key=lambda correction: correction.number, default=None)

    @property
    def is_void(self) -> bool:
        """Whether it was corrected to say that the person was not there."""
        return self.correction is not None and self.correction.is_void

    @property
    def came(self) -> dt.datetime:
        """When the person came."""
        return self.correction.came_at if self.correction else self.checked_in_at

    @property
    def went(self) -> dt.datetime | None:
        """When the person left; None while they are there."""
        if self.correction is not None and self.correction.went_at is not None:
            return self.correction.went_at
        return self.checked_out_at

    @property
    def came_from(self) -> str:
        """What says when the person came."""
        return self.correction.source if self.correction else self.checked_in_from

    @property
    def went_from(self) -> str:
        """What says when the person left; empty while they are there."""
        if self.correction is not None and self.correction.went_at is not None:
            return self.correction.source
        return self.checked_out_from or ""

    @property
    def minutes_late(self) -> int:
        """Minutes after the start at which the person came; 0 for whoever was on time."""
        return _minutes_after(self.came, self.meeting.starts_at)

    @property
    def minutes_early(self) -> int:
        """Minutes before the end at which the person left; 0 for whoever stayed, or is still there."""
        if self.went is None:
            return 0
        return _minutes_after(self.meeting.ends_at, max(self.went, self.meeting.starts_at))

    @property
    def credited(self) -> list[tuple[TrainingModule, int]]:
        """The minutes credited now by module, corrections counted in; ``credits__module`` should be prefetched."""
        minutes: dict[TrainingModule, int] = {}
        for credit in self.credits.all():
            minutes[credit.module] = minutes.get(credit.module, 0) + credit.minutes
        return [(module, total) for module, total in minutes.items() if total]


def _minutes_after(later: dt.datetime, sooner: dt.datetime) -> int:
    return max(0, int((later - sooner).total_seconds()) // 60)


class AttendanceCorrection(models.Model):
    """Other times than those on record, from the moment it was written: by whom, why, and from what.

    The last one holds; what it replaced stays readable in the one before and in the attendance.
    """

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    came_at = models.DateTimeField(_("came at"))
    went_at = models.DateTimeField(_("left at"), null=True, blank=True)
    is_void = models.BooleanField(_("was not there"), default=False)
    source = models.CharField(_("taken from"), max_length=10, choices=TimeSource.choices)
    reason = models.CharField(_("reason"), max_length=300)
    corrected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("correction of attendance")
        verbose_name_plural = _("corrections of attendance")
        ordering = ["attendance", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attendance", "number"], name="correction_once_a_number"),
            models.CheckConstraint(
                condition=Q(went_at__isnull=True) | Q(went_at__gte=F("came_at")),
                name="corrected_leaving_after_coming",
                violation_error_message=_("The check-out must not be before the check-in."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="correction_has_a_reason",
                violation_error_message=_("Say why the attendance is corrected."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attendance} · {self.number}"


class HourCredit(models.Model):
    """Minutes of one module credited to one person for one attendance: what schemes count.

    They add up: a correction of the attendance appends the difference, which may be negative.
    """

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="credits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_credits")
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="hour_credits")
    minutes = models.SmallIntegerField(_("minutes"))
    earned_on = models.DateField(_("earned on"))
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    # The number of the correction that made the difference; 0 for what was credited at the check-out.
    number = models.PositiveSmallIntegerField(default=0, editable=False)
    # The first credit of the same attendance and module: a difference counts in whatever round that one counts.
    corrects = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="differences")

    class Meta:
        verbose_name = _("credited time")
        verbose_name_plural = _("credited time")
        ordering = ["-earned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["attendance", "module", "number"], name="credited_once_an_attendance_module_and_correction"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0) | Q(number__gt=0),
                name="credit_adds_time",
                violation_error_message=_("Hours that are credited must be more than none."),
            ),
        ]
        indexes = [models.Index(fields=["person", "module", "earned_on"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.module} · {self.minutes}"
