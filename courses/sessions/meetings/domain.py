"""Meetings of a session: arrange them, see that they fit, and keep what the session says of all of them together."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import F
from django.utils import timezone

from courses.enums import SessionState
from courses.models import DroppedMeeting, Meeting, Session
from courses.models.places import tidy_place
from courses.places.domain import settle_place
from courses.sessions.clashes.domain import LONGEST, LONGEST_COURSE
from courses.sessions.errors.meetings import (
    MeetingHeld,
    MeetingsOverlap,
    NoSuchMeeting,
    NothingButBreaks,
    TooManyMeetings,
)
from courses.sessions.errors.scheduling import EndsBeforeStart, SessionTooLong, TooLittleTime
from courses.sessions.states import CHECK_IN_LEAD
from portal.models import Person

# So many meetings has a session at most.
MOST = 60


@dataclass(frozen=True, kw_only=True)
class MeetingPlan:
    """A meeting as somebody wants it held.

    Args:
        starts_at, ends_at: aware moments; ``break_minutes`` lie between them and are not taught.
        key: primary key of the meeting of the session that becomes this one; None for a new one.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    break_minutes: int = 0
    key: int | None = None

    def moved(self, by: dt.timedelta, **facts: Any) -> "MeetingPlan":
        """Return a new meeting so much later, otherwise the same."""
        given: dict[str, Any] = {"place": self.place, "break_minutes": self.break_minutes} | facts
        return MeetingPlan(starts_at=self.starts_at + by, ends_at=self.ends_at + by, **given)


def plan_of(meeting: Meeting) -> MeetingPlan:
    """Return a meeting as it is held."""
    return MeetingPlan(
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        place=meeting.place,
        break_minutes=meeting.break_minutes,
        key=meeting.pk,
    )


def current_meeting(session: Session, moment: dt.datetime | None = None) -> Meeting:
    """Return the meeting that pressing a button is about, now unless told otherwise.

    The first one that is running or that people come to already; else the last that has begun; else the first.
    """
    moment, meetings = moment or timezone.now(), list(session.meetings.all())
    for meeting in meetings:
        if is_open_at(meeting, moment):
            return meeting
    begun = [meeting for meeting in meetings if meeting.starts_at <= moment]
    return begun[-1] if begun else meetings[0]


def is_open_at(meeting: Meeting, moment: dt.datetime | None = None) -> bool:
    """Whether people come to a meeting at a moment, now unless told otherwise: from hours before it to its end."""
    return meeting.starts_at - CHECK_IN_LEAD <= (moment or timezone.now()) < meeting.ends_at


def meeting_of(session: Session, meeting: Meeting | None) -> Meeting:
    """Return ``meeting`` of a session, or its only one.

    Raises:
        NoSuchMeeting: it is that of another session, or nothing says which of several.
    """
    if meeting is None and not session.has_several_meetings:
        meeting = session.meetings.get()
    if meeting is None or meeting.session_id != session.pk:
        raise NoSuchMeeting
    meeting.session = session
    return meeting


def arranged(session: Session, plans: Sequence[MeetingPlan], *, by: Person) -> list[Meeting]:
    """Return the meetings of ``session`` as planned, in order of time, not saved; the session follows them.

    Raises:
        MeetingsOverlap, TooManyMeetings: they do not fit together.
    """
    known = {meeting.pk: meeting for meeting in session.meetings.all()} if session.pk else {}
    if len(plans) > MOST:
        raise TooManyMeetings(most=MOST)
    meetings = []
    for number, plan in enumerate(sorted(plans, key=lambda plan: plan.starts_at), start=1):
        # The first meeting of a new session is known to calendars as the session.
        uid = {"uid": session.uid} if number == 1 and not known else {}
        meeting = (known.get(plan.key) if plan.key else None) or Meeting(**uid)
        meeting.session, meeting.number = session, number
        meeting.starts_at, meeting.ends_at, meeting.break_minutes = plan.starts_at, plan.ends_at, plan.break_minutes
        place = tidy_place(plan.place)
        if place != meeting.place:
            meeting.place = place
            settle_place(meeting, organisation=session.organisation, by=by)
        meetings.append(meeting)
    for before, after in pairwise(meetings):
        if after.starts_at < before.ends_at:
            raise MeetingsOverlap(first=before.number, second=after.number)
    _follow(session, meetings)
    return meetings


def _follow(session: Session, meetings: Sequence[Meeting]) -> None:
    """Make the session say what holds for all its meetings together."""
    first = meetings[0]
    session.starts_at, session.ends_at = first.starts_at, meetings[-1].ends_at
    session.place, session.place_record = first.place, first.place_record
    session.break_minutes = sum(meeting.break_minutes for meeting in meetings)
    session.meeting_count = len(meetings)


def check_times(meetings: Sequence[Meeting], needed: int, *, dropped: int = 0) -> None:
    """See that ``needed`` minutes of teaching fit into the meetings, and that in each something is taught.

    Args:
        dropped: minutes of teaching that were planned in meetings dropped since check-in was open.

    Raises:
        EndsBeforeStart, SessionTooLong, NothingButBreaks, TooLittleTime: they do not.
    """
    for meeting in meetings:
        if meeting.ends_at <= meeting.starts_at:
            raise EndsBeforeStart
        if meeting.ends_at - meeting.starts_at > LONGEST:
            raise SessionTooLong(days=LONGEST.days)
        if len(meetings) > 1 and meeting.planned_minutes <= 0:
            raise NothingButBreaks(number=meeting.number)
    if meetings[-1].ends_at - meetings[0].starts_at > LONGEST_COURSE:
        raise SessionTooLong(days=LONGEST_COURSE.days)
    planned = sum(meeting.planned_minutes for meeting in meetings) + dropped
    if needed > planned:
        raise TooLittleTime(needed=needed, planned=max(planned, 0))


def save_meetings(session: Session, meetings: Sequence[Meeting], *, drop_reason: str = "") -> list[DroppedMeeting]:
    """Save the meetings of a saved session; return those that are dropped, which calendars take away.

    Args:
        drop_reason: why; once check-in was open, what is dropped keeps its share of the teaching.

    Raises:
        MeetingHeld: somebody came to one that would be dropped.
    """
    kept = [meeting.pk for meeting in meetings if meeting.pk]
    gone = list(session.meetings.exclude(pk__in=kept))
    for meeting in gone:
        if is_recorded(meeting):
            raise MeetingHeld(number=meeting.number)
    is_under_way = session.state == SessionState.OPEN
    dropped = DroppedMeeting.objects.bulk_create(
        DroppedMeeting(
            session=session,
            uid=meeting.uid,
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            place=meeting.place,
            place_record=meeting.place_record,
            dropped_at=session.changed_at,
            reason=drop_reason,
            share_minutes=max(meeting.planned_minutes, 0) if is_under_way else 0,
        )
        for meeting in gone
    )
    session.meetings.filter(pk__in=[meeting.pk for meeting in gone]).delete()
    # Out of the way of each other, whatever number each gets.
    session.meetings.update(number=F("number") + 2 * MOST)
    for meeting in meetings:
        meeting.session = session
        meeting.save()
    # What was prefetched says how it was before.
    for name in ("meetings", "dropped_meetings"):
        getattr(session, "_prefetched_objects_cache", {}).pop(name, None)
    return dropped


def is_recorded(meeting: Meeting) -> bool:
    """Whether it is on record that somebody came, or said so, to ``meeting``."""
    return meeting.attendances.exists() or meeting.named_times.exists() or meeting.arrivals.exists()


def stays(meeting: Meeting) -> bool:
    """Whether a meeting stays when it is: it has begun, or somebody came to it before its start."""
    return meeting.has_begun or is_recorded(meeting)


def share_dropped(session: Session) -> int:
    """Return the minutes of teaching of meetings dropped since check-in was open."""
    return sum(session.dropped_meetings.values_list("share_minutes", flat=True)) if session.pk else 0


def said(meetings: Sequence[Meeting]) -> list[str]:
    """Return what the audit log keeps of meetings."""
    return [f"{one.starts_at.isoformat()}/{one.ends_at.isoformat()} {one.place}" for one in meetings]
