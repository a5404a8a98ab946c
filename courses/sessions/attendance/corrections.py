"""Correct attendance after check-out: other times, or that somebody was not there; what was recorded stays."""

import datetime as dt

from django.db import transaction

from courses.enums import TimeSource
from courses.models import Attendance, Enrolment, Meeting
from courses.sessions.attendance.domain import attendance_of, check_times, open_for
from courses.sessions.attendance.presence import is_same_minute
from courses.sessions.attendance.recording import replace_times
from courses.sessions.errors.attendance import CorrectionNeedsReason, NotCheckedIn, NothingCorrected, StillThere
from portal.models import Person


@transaction.atomic
def correct_attendance(
    enrolment: Enrolment,
    *,
    by: Person,
    came: dt.datetime,
    went: dt.datetime | None,
    reason: str,
    meeting: Meeting | None = None,
) -> Attendance:
    """Replace the times of one person at a meeting; hours and what is derived from them follow, the old ones are kept.

    Args:
        by: whoever runs the session, while it is open (again).
        came, went: aware moments; ``went`` is None only for somebody who has not left yet.
        reason: why, for everybody who reads the record later.
        meeting: which one; may be left out where the session has only one.

    Raises:
        NotYourSession, OwnAttendance, WrongState: ``by`` may not, or check-in is not open.
        NotCheckedIn: nothing is on record that could be corrected.
        CorrectionNeedsReason, NothingCorrected, ImpossibleTime: what is given makes no correction.
        StillThere: ``went`` is left out for somebody who has left.
        ClosedForGood: the session was closed too long ago.
        PresentElsewhere: the person was in another session at that time.
        HoursCertified: hours would be taken back on which a certificate in force rests.
    """
    attendance = _to_correct(enrolment, by, reason, meeting)
    check_times(attendance.meeting, came, went)
    if went is None and attendance.went is not None:
        raise StillThere(person=attendance.enrolment.person.name)
    if not attendance.is_void and is_same_minute(came, attendance.came) and _is_same(went, attendance.went):
        raise NothingCorrected
    return replace_times(attendance, came, went, by=by, reason=reason.strip(), source=TimeSource.CORRECTION)


@transaction.atomic
def strike_attendance(enrolment: Enrolment, *, by: Person, reason: str, meeting: Meeting | None = None) -> Attendance:
    """Say that somebody who is on record was not there; their hours are taken back.

    Raises:
        as :func:`correct_attendance`.
    """
    attendance = _to_correct(enrolment, by, reason, meeting)
    if attendance.is_void:
        raise NothingCorrected
    came, went = attendance.came, attendance.went
    return replace_times(
        attendance, came, went, by=by, reason=reason.strip(), source=TimeSource.CORRECTION, is_void=True
    )


def _to_correct(enrolment: Enrolment, by: Person, reason: str, meeting: Meeting | None) -> Attendance:
    enrolment = open_for(enrolment, by)
    attendance = attendance_of(enrolment, meeting)
    if attendance is None:
        raise NotCheckedIn(person=enrolment.person.name)
    if not reason.strip():
        raise CorrectionNeedsReason
    return attendance


def _is_same(went: dt.datetime | None, on_record: dt.datetime | None) -> bool:
    if went is None or on_record is None:
        return went is on_record
    return is_same_minute(went, on_record)
