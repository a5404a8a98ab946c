"""Append other times to an attendance, with the credits that follow from them."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from courses.enums import TimeSource
from courses.models import Attendance, AttendanceCorrection, HourCredit, Session
from courses.sessions.attendance.credits import settle
from courses.sessions.attendance.presence import check_present_nowhere_else, is_same_minute
from courses.sessions.errors.attendance import ClosedForGood
from portal.access import audit
from portal.models import Person

# Days after the first closing of a session in which it is opened again and its attendance corrected.
CORRECTABLE_DAYS = 30


def check_not_final(session: Session) -> None:
    """See that the attendance of ``session`` may still be corrected.

    Raises:
        ClosedForGood: it was closed too long ago.
    """
    closed = session.closed_at
    if closed is not None and timezone.now() > closed + dt.timedelta(days=CORRECTABLE_DAYS):
        raise ClosedForGood(days=CORRECTABLE_DAYS)


def replace_times(
    attendance: Attendance,
    came: dt.datetime,
    went: dt.datetime | None,
    *,
    by: Person,
    reason: str,
    source: TimeSource,
    is_void: bool = False,
) -> Attendance:
    """Append a correction of a locked attendance and return it as it stands then; what was recorded is kept.

    Args:
        went: None where the person is still there.
        is_void: the person was not there; the times are those that were wrong.

    Raises:
        ClosedForGood: the session was closed too long ago.
        PresentElsewhere: the person was in another session at that time.
        HoursCertified: hours would be taken back on which a certificate in force rests.
    """
    enrolment = attendance.enrolment
    session = enrolment.session
    check_not_final(session)
    came, went = _exact(came, attendance.came), _exact(went, attendance.went)
    if not is_void:
        now = max(came, min(timezone.now(), attendance.meeting.ends_at))
        check_present_nowhere_else(enrolment.person, session, came, went or now)
    before = _said(attendance)
    correction = AttendanceCorrection.objects.create(
        attendance=attendance,
        number=attendance.correction.number + 1 if attendance.correction else 1,
        came_at=came,
        went_at=went,
        is_void=is_void,
        source=source,
        reason=reason,
        corrected_by=by,
    )
    corrected = Attendance.objects.prefetch_related("corrections").get(pk=attendance.pk)
    corrected.enrolment, corrected.meeting = enrolment, attendance.meeting
    _record(before, corrected, settle(corrected, correction=correction), correction)
    return corrected


def _record(
    before: dict[str, Any], corrected: Attendance, credits: Sequence[HourCredit], correction: AttendanceCorrection
) -> None:
    """Write to the audit log what a correction changed, and what it credited."""
    label = corrected.meeting.label
    audit.record(
        "courses.attendance_corrected",
        corrected.enrolment.session,
        actor=correction.corrected_by,
        person=corrected.enrolment.person.staff_number,
        reason=correction.reason,
        **({"meeting": label} if label else {}),
        credited={credit.module.code: credit.minutes for credit in credits},
        changes=_changes(before, _said(corrected)),
    )


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    of = AttendanceCorrection._meta.label_lower
    changed = [name for name in after if before[name] != after[name]]
    return [{"field": name, "old": before[name], "new": after[name], "of": of} for name in changed]


def _exact(moment: dt.datetime | None, on_record: dt.datetime | None) -> dt.datetime | None:
    """Return the moment on record where the given one is of the same minute: forms know no seconds."""
    if moment is not None and on_record is not None and is_same_minute(moment, on_record):
        return on_record
    return moment


def _said(attendance: Attendance) -> dict[str, Any]:
    return {
        "came_at": attendance.came.isoformat(),
        "went_at": attendance.went.isoformat() if attendance.went else None,
        "is_void": attendance.is_void,
        "source": attendance.went_from or attendance.came_from,
    }
