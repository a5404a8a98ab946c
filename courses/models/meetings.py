"""Meetings of a session: the spans in which it is taught, each in its own room."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.sessions import Session
from courses.models.spans import SpanAtPlace


class Meeting(SpanAtPlace):
    """One span of a session with its room; every session has at least one.

    ``courses.sessions.meetings.domain`` alone writes them, and with them what the session says of its first start, last
    end, first place and all breaks.
    """

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="meetings")
    # The place among the meetings of the session in order of time, from 1.
    number = models.PositiveSmallIntegerField(_("no."), default=1)
    # iCalendar identity: stays with the meeting whatever its number becomes.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta(SpanAtPlace.Meta):
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["starts_at"], name="meeting_by_start"), *SpanAtPlace.Meta.indexes]
        constraints = [
            *SpanAtPlace.Meta.constraints,
            models.UniqueConstraint(
                fields=["session", "number"],
                name="meeting_once_a_number",
                violation_error_message=_("The session has a meeting of this number already."),
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0),
                name="meeting_has_a_number",
                violation_error_message=_("Meetings are numbered from one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session} · {self.label or self.number}"

    @property
    def label(self) -> str:
        """Which of how many it is, “2/3”; empty for the only one."""
        count = self.session.meeting_count
        return f"{self.number}/{count}" if count > 1 else ""


class DroppedMeeting(models.Model):
    """A meeting that was taken out of a session: calendars that show it are told to take it away."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="dropped_meetings")
    uid = models.UUIDField(unique=True, editable=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("training place"), max_length=160)
    place_record = models.ForeignKey(
        "courses.Place",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("place of training"),
    )
    dropped_at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    # Minutes of teaching that are still its share: what was credited for the other meetings before it went stays right.
    share_minutes = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("dropped meeting")
        verbose_name_plural = _("dropped meetings")
        ordering = ["starts_at", "pk"]

    def __str__(self) -> str:
        return f"{self.session} · {self.starts_at:%Y-%m-%d}"
