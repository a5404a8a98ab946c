"""Sessions, enrolments, attendance and credited minutes."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import EnrolmentState, SessionKind, SessionState
from courses.models.modules import TrainingModule
from portal.enums import Audience


class Session(models.Model):
    """A date on which one module or several are taught."""

    title = models.CharField(_("title"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=SessionKind.choices, default=SessionKind.CLASS)
    state = models.CharField(_("state"), max_length=10, choices=SessionState.choices, default=SessionState.SCHEDULED)
    modules = models.ManyToManyField(TrainingModule, through="SessionModule", related_name="sessions")
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="sessions_taught",
        verbose_name=_("trainer"),
    )
    organisation = models.ForeignKey(
        "portal.Organisation",
        on_delete=models.PROTECT,
        related_name="sessions",
        verbose_name=_("held for"),
        help_text=_("People of this branch may book; a customer's session is for its people."),
    )
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.STAFF)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks"), default=0)
    place = models.CharField(_("training place"), max_length=160)
    capacity = models.PositiveSmallIntegerField(_("seats"), default=12)
    note = models.TextField(_("note"), blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    # iCalendar identity: the UID stays for ever, the sequence grows at each reschedule or cancellation.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["trainer", "starts_at"]), models.Index(fields=["starts_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_ends_after_start"),
            models.CheckConstraint(condition=Q(capacity__gt=0), name="session_has_seats"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:session", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether the planned end has passed."""
        return self.ends_at <= timezone.now()

    @property
    def planned_minutes(self) -> int:
        """Minutes of teaching: from start to end without the breaks."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.break_minutes


class SessionModule(models.Model):
    """A module taught in a session and how much of it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="session_parts")
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "module"], name="module_once_a_session"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="session_part_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.module} · {self.minutes}"


class Enrolment(models.Model):
    """A person's seat or place on the waitlist; one record a person and session, whatever happens to it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState.choices)
    # Order on the waitlist; grows within a session and is given anew at each booking.
    place_in_line = models.PositiveIntegerField(default=0, editable=False)
    booked_at = models.DateTimeField(_("booked at"), default=timezone.now)
    # When the seat was last given, taken or moved up: what calendars call LAST-MODIFIED.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["state", "place_in_line", "pk"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="enrolled_once_a_session")]

    def __str__(self) -> str:
        return f"{self.person} · {self.session}"

    @property
    def is_seated(self) -> bool:
        """Whether the person has a seat."""
        return self.state == EnrolmentState.SEATED

    @property
    def is_waiting(self) -> bool:
        """Whether the person is on the waitlist."""
        return self.state == EnrolmentState.WAITLISTED

    @property
    def present(self) -> "Attendance | None":
        """The attendance, if the person came."""
        return getattr(self, "attendance", None)


class Attendance(models.Model):
    """When somebody came and went, and who saw it."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    checked_in_at = models.DateTimeField(_("checked in"))
    checked_out_at = models.DateTimeField(_("checked out"), null=True, blank=True)
    checked_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_out_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_out_at__isnull=True) | Q(checked_out_at__gte=F("checked_in_at")),
                name="left_after_coming",
            )
        ]

    def __str__(self) -> str:
        return str(self.enrolment)

    @property
    def minutes_late(self) -> int:
        """Minutes after the start at which the person came; 0 for whoever was on time."""
        return _minutes_after(self.checked_in_at, self.enrolment.session.starts_at)

    @property
    def minutes_early(self) -> int:
        """Minutes before the end at which the person left; 0 for whoever stayed, or is still there."""
        if self.checked_out_at is None:
            return 0
        session = self.enrolment.session
        return _minutes_after(session.ends_at, max(self.checked_out_at, session.starts_at))


def _minutes_after(later: dt.datetime, sooner: dt.datetime) -> int:
    return max(0, int((later - sooner).total_seconds()) // 60)


class HourCredit(models.Model):
    """Minutes of one module credited to one person for one attendance: what schemes count."""

    attendance = models.ForeignKey(Attendance, on_delete=models.PROTECT, related_name="credits")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hour_credits")
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="hour_credits")
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    earned_on = models.DateField(_("earned on"))
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("credited time")
        verbose_name_plural = _("credited time")
        ordering = ["-earned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attendance", "module"], name="credited_once_an_attendance_and_module"),
        ]
        indexes = [models.Index(fields=["person", "module", "earned_on"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.module} · {self.minutes}"
