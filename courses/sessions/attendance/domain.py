"""Attendance of a meeting: who came and went, by button or from the signed sheet.

What is on record is never overwritten and never ignored: pressing the same button twice changes nothing, a sheet that
says something else replaces what a button recorded and leaves a correction behind, and a button pressed after the
sheet was entered is refused. Any other change is a correction (``courses.sessions.attendance.corrections``).
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from courses.enums import EnrolmentState, SessionState, TimeSource
from courses.models import Attendance, Enrolment, Meeting, Session
from courses.sessions.attendance.credits import settle
from courses.sessions.attendance.presence import check_in_no_other_meeting, check_present_nowhere_else, is_same_minute
from courses.sessions.attendance.recording import replace_times
from courses.sessions.errors.attendance import (
    AttendanceStruck,
    ImpossibleTime,
    NotCheckedIn,
    NotSeated,
    OwnAttendance,
    TimeOnRecord,
)
from courses.sessions.errors.states import WrongState
from courses.sessions.meetings.domain import current_meeting, meeting_of
from courses.sessions.states import CHECK_IN_LEAD, locked, require_runner
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person


def open_for(enrolment: Enrolment, by: Person) -> Enrolment:
    """Return the enrolment anew with its session locked, if ``by`` may record attendance now.

    Raises:
        NotYourSession, OwnAttendance, WrongState: ``by`` may not, or check-in is not open.
    """
    session = locked(enrolment.session)
    require_runner(by, session)
    if enrolment.person_id == by.pk:
        # A manager may run a session and learn in it; hours are evidence only if somebody else saw them.
        raise OwnAttendance
    if session.state != SessionState.OPEN:
        raise WrongState(state=session.get_state_display())
    enrolment = Enrolment.objects.select_related("person").get(pk=enrolment.pk)
    enrolment.session = session
    return enrolment


def attendance_of(enrolment: Enrolment, meeting: Meeting | None = None) -> Attendance | None:
    """Return the attendance of a meeting on record, struck ones included, with its corrections.

    Args:
        meeting: may be left out where the session has only one.
    """
    meeting = meeting_of(enrolment.session, meeting)
    found = Attendance.objects.filter(enrolment=enrolment, meeting=meeting).prefetch_related("corrections").first()
    if found is not None:
        found.enrolment, found.meeting = enrolment, meeting
    return found


def _still_inside(enrolment: Enrolment) -> Meeting | None:
    """Return the last meeting to which somebody came and from which they have not left."""
    inside = Attendance.objects.inside(enrolment.session).filter(enrolment=enrolment)
    found = inside.select_related("meeting").order_by("meeting__starts_at").last()
    return found.meeting if found else None


def check_times(meeting: Meeting, came: dt.datetime, went: dt.datetime | None = None) -> None:
    """See that somebody can have come to a meeting and gone at these moments.

    Raises:
        ImpossibleTime: in the future, after the end, long before the start, or leaving before coming.
    """
    if came > timezone.now() or came >= meeting.ends_at or came < meeting.starts_at - CHECK_IN_LEAD:
        raise _impossible(came)
    if went is not None:
        _check_leaving(came, went)


def _check_leaving(came: dt.datetime, went: dt.datetime) -> None:
    if went > timezone.now() or went < came:
        raise _impossible(went)


def _impossible(moment: dt.datetime) -> ImpossibleTime:
    return ImpossibleTime(time=formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT"))


def _on_record(attendance: Attendance) -> TimeOnRecord:
    came, went = timezone.localtime(attendance.came), attendance.went
    times = formats.time_format(came, "H:i") + "–"
    times += formats.time_format(timezone.localtime(went), "H:i") if went else ""
    source = TimeSource(attendance.went_from or attendance.came_from).label
    return TimeOnRecord(person=attendance.enrolment.person.name, times=times, source=source)


@transaction.atomic
def check_in(
    enrolment: Enrolment,
    *,
    by: Person,
    at: dt.datetime | None = None,
    source: TimeSource | None = None,
    meeting: Meeting | None = None,
) -> Attendance:
    """Record that somebody came. Pressing the button twice keeps the first time.

    Args:
        by: whoever runs the session.
        meeting: to which one they came; the one of that moment by default.
        at: when they came, if it is entered from paper; now by default.
        source: what says so; the signed sheet where ``at`` is given, else the button.

    Raises:
        NotYourSession, WrongState: ``by`` may not, or check-in is not open.
        OwnAttendance: ``by`` is the person.
        NotSeated: the person has no seat.
        ImpossibleTime: after the end of the session, long before it, or in the future.
        TimeOnRecord: something else than a press of the button is on record already.
        AttendanceStruck: it was corrected to say that the person was not there.
        PresentElsewhere: the person is in another session, or another meeting of this one, at that time.
    """
    enrolment = open_for(enrolment, by)
    came = at or timezone.now()
    meeting = meeting or current_meeting(enrolment.session, came)
    attendance = attendance_of(enrolment, meeting)
    if attendance is not None:
        return _known(attendance, at, attendance.came, attendance.came_from)
    said_by = source or (TimeSource.PAPER if at else TimeSource.BUTTON)
    attendance = _first(enrolment, meeting, came, by=by, source=said_by)
    now = min(timezone.now(), meeting.ends_at)
    check_present_nowhere_else(enrolment.person, enrolment.session, came, max(came, now))
    check_in_no_other_meeting(attendance)
    _save_first(attendance, by)
    return attendance


def _known(attendance: Attendance, at: dt.datetime | None, on_record: dt.datetime, source: str) -> Attendance:
    """Return what is on record already, if what is recorded again says the same."""
    if attendance.is_void:
        raise AttendanceStruck(person=attendance.enrolment.person.name)
    is_same = is_same_minute(at, on_record) if at is not None else source == TimeSource.BUTTON
    if not is_same:
        raise _on_record(attendance)
    return attendance


def _first(enrolment: Enrolment, meeting: Meeting, came: dt.datetime, *, by: Person, source: TimeSource) -> Attendance:
    if enrolment.state != EnrolmentState.SEATED:
        raise NotSeated(person=enrolment.person.name)
    check_times(meeting, came)
    facts = {"checked_in_at": came, "checked_in_from": source, "checked_in_by": by}
    return Attendance(enrolment=enrolment, meeting=meeting, **facts)


def _save_first(attendance: Attendance, by: Person) -> None:
    attendance.save()
    enrolment = attendance.enrolment
    facts = _of(attendance) | {"minutes_late": attendance.minutes_late}
    audit.record("courses.checked_in", enrolment.session, actor=by, changes=added(attendance), **facts)


def _of(attendance: Attendance) -> dict[str, Any]:
    """Return whose attendance it is, and where there are several, of which meeting, for the audit log."""
    label = attendance.meeting.label
    return {"person": attendance.enrolment.person.staff_number} | ({"meeting": label} if label else {})


@transaction.atomic
def check_out(
    enrolment: Enrolment,
    *,
    by: Person,
    at: dt.datetime | None = None,
    recorded_at: dt.datetime | None = None,
    source: TimeSource | None = None,
    meeting: Meeting | None = None,
) -> Attendance:
    """Record that somebody left and credit their time. Pressing the button twice keeps the first time, credited once.

    Args:
        by: whoever runs the session.
        at: when they left, if it is entered from paper; now by default.
        recorded_at: the moment the credit was on record, now by default; earlier ones are for imports and demo data.
        source: as for :func:`check_in`.
        meeting: from which one they left; the last one they are still in by default, else the one of that moment.

    A button says no later moment than the end of the meeting: who pressed it the day after had forgotten it.

    Raises:
        NotYourSession, WrongState: ``by`` may not, or check-in is not open.
        OwnAttendance: ``by`` is the person.
        NotCheckedIn: they never came.
        ImpossibleTime: before they came, or in the future.
        TimeOnRecord, AttendanceStruck, PresentElsewhere: as for :func:`check_in`.
    """
    enrolment = open_for(enrolment, by)
    meeting = meeting or _still_inside(enrolment) or current_meeting(enrolment.session, at)
    attendance = attendance_of(enrolment, meeting)
    if attendance is None:
        raise NotCheckedIn(person=enrolment.person.name)
    if attendance.is_void or attendance.went is not None:
        return _known(attendance, at, attendance.went or attendance.came, attendance.went_from)
    said_by = source or (TimeSource.PAPER if at else TimeSource.BUTTON)
    went = at or timezone.now()
    _check_leaving(attendance.came, went)
    if said_by == TimeSource.BUTTON:
        went = max(attendance.came, min(went, meeting.ends_at))
    check_present_nowhere_else(enrolment.person, enrolment.session, attendance.came, went)
    _leave(attendance, went, by=by, source=said_by, recorded_at=recorded_at)
    return attendance


def _leave(
    attendance: Attendance, went: dt.datetime, *, by: Person, source: TimeSource, recorded_at: dt.datetime | None
) -> None:
    before = snapshot(attendance)
    attendance.checked_out_at = max(went, attendance.checked_in_at)
    attendance.checked_out_by = by
    attendance.checked_out_from = source
    attendance.save(update_fields=["checked_out_at", "checked_out_by", "checked_out_from"])
    credits = settle(attendance, recorded_at=recorded_at)
    facts = _of(attendance) | {
        "minutes_early": attendance.minutes_early,
        "credited": {credit.module.code: credit.minutes for credit in credits},
    }
    session = attendance.enrolment.session
    audit.record("courses.checked_out", session, actor=by, changes=since(before, attendance), **facts)


@transaction.atomic
def check_out_everybody(session: Session, *, by: Person) -> list[Attendance]:
    """Check out all who are still in a meeting, now or at its end, but ``by``; return their attendance.

    Raises:
        NotYourSession, WrongState: as for one person.
    """
    require_runner(by, session)
    inside = Attendance.objects.inside(session).exclude(enrolment__person=by)
    found = inside.select_related("enrolment__session", "meeting").order_by("enrolment", "meeting__starts_at")
    return [check_out(one.enrolment, by=by, meeting=one.meeting) for one in found]


@transaction.atomic
def record_from_paper(
    enrolment: Enrolment,
    *,
    by: Person,
    came: dt.datetime,
    went: dt.datetime,
    reason: str = "",
    recorded_at: dt.datetime | None = None,
    meeting: Meeting | None = None,
) -> Attendance:
    """Enter both times of one person from the signed sheet; nothing is kept if one of them is impossible.

    Where something else is on record, the sheet replaces it by a correction; where the same is, nothing changes.

    Args:
        reason: kept with the correction; that the signed sheet says so by default.
        recorded_at: as for :func:`check_out`.
        meeting: of which one; that of the moment of coming by default.

    Raises:
        what :func:`check_in` and :func:`check_out` raise, but for ``TimeOnRecord``; and for a correction
        ClosedForGood, HoursCertified.
    """
    enrolment = open_for(enrolment, by)
    meeting = meeting or current_meeting(enrolment.session, came)
    attendance = attendance_of(enrolment, meeting)
    if attendance is None:
        attendance = _first(enrolment, meeting, came, by=by, source=TimeSource.PAPER)
        check_times(meeting, came, went)
        check_present_nowhere_else(enrolment.person, enrolment.session, came, went)
        _save_first(attendance, by)
        _leave(attendance, went, by=by, source=TimeSource.PAPER, recorded_at=recorded_at)
        return attendance
    check_times(meeting, came, went)
    if attendance.is_void:
        raise AttendanceStruck(person=enrolment.person.name)
    if is_same_minute(came, attendance.came):
        if attendance.went is None:
            at = max(went, attendance.came)
            return check_out(enrolment, by=by, at=at, recorded_at=recorded_at, meeting=meeting)
        if is_same_minute(went, attendance.went):
            return attendance
    with translation.override(settings.LANGUAGE_CODE):
        said = reason.strip() or _("As on the signed sheet")
    return replace_times(attendance, came, went, by=by, reason=said, source=TimeSource.PAPER)
