"""Sessions and enrolments."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.enums import EnrolmentState, SeatApproval, SessionKind, SessionState
from courses.models.modules import TrainingModule
from courses.models.spans import SpanAtPlace
from portal.enums import Audience

if TYPE_CHECKING:
    from courses.models.attendance import Attendance
    from courses.models.meetings import Meeting


class Session(SpanAtPlace):
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
    # Its own span is what holds for all meetings together: first start, last end, all breaks, first place. Lists and
    # bookings read it.
    meeting_count = models.PositiveSmallIntegerField(_("number of meetings"), default=1, editable=False)
    capacity = models.PositiveSmallIntegerField(_("seats"), default=12)
    machines = models.ManyToManyField(
        "portal.EquipmentUnit", blank=True, related_name="training_sessions", verbose_name=_("machines used")
    )
    note = models.TextField(_("note"), blank=True)
    approval = models.CharField(
        _("who approves seats"), max_length=10, choices=SeatApproval.choices, default=SeatApproval.NOBODY
    )
    book_until = models.DateTimeField(_("book until"), null=True, blank=True)
    cancel_until = models.DateTimeField(_("give back until"), null=True, blank=True)
    offer_hours = models.PositiveSmallIntegerField(
        _("hours an offered seat is held"),
        default=0,
        validators=[MaxValueValidator(336)],
        help_text=_("0: who waits gets a free seat at once, without being asked."),
    )
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)
    # iCalendar identity: the UID stays for ever, the sequence grows at each reschedule or cancellation.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    # When it was closed for the first time: from then on the days run in which attendance can be corrected.
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(SpanAtPlace.Meta):
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["trainer", "starts_at"]),
            models.Index(fields=["starts_at"]),
            *SpanAtPlace.Meta.indexes,
        ]
        constraints = [
            *SpanAtPlace.Meta.constraints,
            models.CheckConstraint(
                condition=Q(meeting_count__gt=0),
                name="session_has_a_meeting",
                violation_error_message=_("A session has at least one meeting."),
            ),
            models.CheckConstraint(
                condition=Q(capacity__gt=0),
                name="session_has_seats",
                violation_error_message=_("A session has at least one seat."),
            ),
            models.CheckConstraint(
                condition=Q(approval__in=SeatApproval.values),
                name="session_approval_known",
                violation_error_message=_("Choose one of those who may approve."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("courses:session", args=[self.pk])

    @property
    def planned_minutes(self) -> int:
        """Minutes of teaching in all meetings, without the breaks."""
        if self.meeting_count > 1:
            return sum(meeting.planned_minutes for meeting in self.meetings.all())
        return super().planned_minutes

    @property
    def shown_meeting(self) -> "Meeting":
        """The meeting that lists name: the one that runs or comes next, the last one when all are over."""
        meetings = list(self.meetings.all())
        return next((meeting for meeting in meetings if not meeting.is_over), meetings[-1])

    @property
    def has_several_meetings(self) -> bool:
        """Whether it is taught in more than one meeting."""
        return self.meeting_count > 1


class SessionModule(models.Model):
    """A module taught in a session and how much of it."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    module = models.ForeignKey(TrainingModule, on_delete=models.PROTECT, related_name="session_parts")
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "module"], name="module_once_a_session"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="session_part_takes_time",
                violation_error_message=_("Each part of a session takes at least one minute."),
            ),
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
    # How often the place changed since it was first booked: added to the session's sequence in this person's calendar.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # DTSTAMP of the last letter, in whole seconds; each letter has a later one.
    stamped_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The latest dropped meeting this person's calendar was told of, or that was gone before they came.
    last_drop_told = models.ForeignKey(
        "courses.DroppedMeeting", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Until when an offered seat is held.
    offer_until = models.DateTimeField(_("offered until"), null=True, blank=True)
    # Who approved or refused the seat.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Why it was given back, or not approved.
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    # The meeting a row of a roster is about; None where it is about all of them.
    meeting: "Meeting | None" = None

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["state", "place_in_line", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="enrolled_once_a_session"),
            models.CheckConstraint(
                condition=~Q(state=EnrolmentState.OFFERED) | Q(offer_until__isnull=False),
                name="offered_seat_has_a_term",
                violation_error_message=_("An offered seat is held until some moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.session}"

    @property
    def calendar_sequence(self) -> int:
        """SEQUENCE in the person's calendar: grows with each change of the session and of their place in it."""
        return self.session.sequence + self.sequence

    @property
    def is_seated(self) -> bool:
        """Whether the person has a seat."""
        return self.state == EnrolmentState.SEATED

    @property
    def is_waiting(self) -> bool:
        """Whether the person is on the waitlist."""
        return self.state == EnrolmentState.WAITLISTED

    @property
    def is_pending(self) -> bool:
        """Whether somebody has still to approve."""
        return self.state == EnrolmentState.PENDING

    @property
    def is_offered(self) -> bool:
        """Whether a seat is held for the person until they say whether they take it."""
        return self.state == EnrolmentState.OFFERED

    @property
    def is_tentative(self) -> bool:
        """Whether the person has a place, but no seat for sure."""
        return self.is_waiting or self.is_pending or self.is_offered

    @property
    def present(self) -> "Attendance | None":
        """The last attendance that was not struck; None for who did not come.

        The rows of a roster hold the attendance of one meeting alone, see ``courses.sessions.queries.roster_of``.
        """
        return next((found for found in reversed(self.recordings) if not found.is_void), None)

    @property
    def recorded(self) -> "Attendance | None":
        """The last attendance on record, whatever its corrections say."""
        return self.recordings[-1] if self.recordings else None

    @property
    def recordings(self) -> "list[Attendance]":
        """The attendance on record in the order of the meetings; ``attendances__meeting`` should be loaded."""
        found = list(self.attendances.all())
        return sorted(found, key=lambda each: each.meeting.number) if len(found) > 1 else found

    @property
    def meetings_attended(self) -> int:
        """How many meetings the person came to."""
        return sum(not found.is_void for found in self.recordings)

    @property
    def credited(self) -> "list[tuple[TrainingModule, int]]":
        """The minutes credited by module in all meetings; ``attendances__credits__module`` should be loaded."""
        minutes: dict[TrainingModule, int] = {}
        for found in self.recordings:
            for module, credited in found.credited:
                minutes[module] = minutes.get(module, 0) + credited
        return list(minutes.items())
