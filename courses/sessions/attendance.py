"""Attendance: who came and went, and the time that is credited for it.

The rule of credit: whoever was there for at least 90 % of the time between start and end is credited every module of
the session in full; whoever was there for less is credited that part of each module, rounded down to whole minutes.
Time before the start and after the end does not count; breaks count as presence for those who were there around them.
When somebody came and went is kept, so lateness and early leaving can always be read from the record.
"""

import datetime as dt

from django.db import transaction
from django.utils import formats, timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Attendance, Enrolment, HourCredit, Session
from courses.sessions.errors import ImpossibleTime, NotCheckedIn, NotSeated, OwnAttendance, WrongState
from courses.sessions.states import locked, require_runner
from courses.signals import hours_credited
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person

# Per cent of a session one must be there for to be credited all of it.
WHOLE_FROM_PERCENT = 90


def credited_minutes(session: Session, came: dt.datetime, went: dt.datetime, minutes: int) -> int:
    """Return what part of ``minutes`` is credited to somebody who was there from ``came`` to ``went``.

    Args:
        came, went: aware moments, in this order.
        minutes: the time of one module in this session.
    """
    planned = (session.ends_at - session.starts_at) // dt.timedelta(seconds=1)
    stayed = (min(went, session.ends_at) - max(came, session.starts_at)) // dt.timedelta(seconds=1)
    present = max(0, stayed)
    if present * 100 >= planned * WHOLE_FROM_PERCENT:
        return minutes
    return minutes * present // planned


def _open_for(enrolment: Enrolment, by: Person) -> Enrolment:
    """Return the enrolment anew with its session locked, if ``by`` may record attendance now."""
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


def _impossible(moment: dt.datetime) -> ImpossibleTime:
    return ImpossibleTime(time=formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT"))


@transaction.atomic
def check_in(enrolment: Enrolment, *, by: Person, at: dt.datetime | None = None) -> Attendance:
    """Record that somebody came. Checking in twice keeps the first time.

    Args:
        by: whoever runs the session.
        at: when they came, if it is entered from paper; now by default.

    Raises:
        NotYourSession, WrongState: ``by`` may not, or check-in is not open.
        OwnAttendance: ``by`` is the person.
        NotSeated: the person has no seat.
        ImpossibleTime: after the end of the session, or in the future.
    """
    enrolment = _open_for(enrolment, by)
    present = Attendance.objects.filter(enrolment=enrolment).first()
    if present is not None:
        return present
    if enrolment.state != EnrolmentState.SEATED:
        raise NotSeated(person=enrolment.person.name)
    came = at or timezone.now()
    if came > timezone.now() or came >= enrolment.session.ends_at:
        raise _impossible(came)
    attendance = Attendance.objects.create(enrolment=enrolment, checked_in_at=came, checked_in_by=by)
    audit.record(
        "courses.checked_in",
        enrolment.session,
        actor=by,
        person=enrolment.person.staff_number,
        minutes_late=attendance.minutes_late,
        changes=added(attendance),
    )
    return attendance


@transaction.atomic
def check_out(
    enrolment: Enrolment, *, by: Person, at: dt.datetime | None = None, recorded_at: dt.datetime | None = None
) -> Attendance:
    """Record that somebody left and credit their time. Checking out twice keeps the first time and credits once.

    Args:
        by: whoever runs the session.
        at: when they left, if it is entered from paper; now by default.
        recorded_at: the moment the credit was on record, now by default; earlier ones are for imports and demo data.

    Raises:
        NotYourSession, WrongState: ``by`` may not, or check-in is not open.
        OwnAttendance: ``by`` is the person.
        NotCheckedIn: they never came.
        ImpossibleTime: before they came, or in the future.
    """
    enrolment = _open_for(enrolment, by)
    attendance = Attendance.objects.filter(enrolment=enrolment).first()
    if attendance is None:
        raise NotCheckedIn(person=enrolment.person.name)
    attendance.enrolment = enrolment
    if attendance.checked_out_at is not None:
        return attendance
    went = at or timezone.now()
    if went > timezone.now() or went < attendance.checked_in_at:
        raise _impossible(went)
    before = snapshot(attendance)
    attendance.checked_out_at = went
    attendance.checked_out_by = by
    attendance.save(update_fields=["checked_out_at", "checked_out_by"])
    credits = _credit(attendance, went, recorded_at or timezone.now())
    if credits:
        hours_credited.send(sender=HourCredit, person=enrolment.person, credits=credits)
    audit.record(
        "courses.checked_out",
        enrolment.session,
        actor=by,
        person=enrolment.person.staff_number,
        changes=since(before, attendance),
        minutes_early=attendance.minutes_early,
        credited={credit.module.code: credit.minutes for credit in credits},
    )
    return attendance


def _credit(attendance: Attendance, went: dt.datetime, recorded_at: dt.datetime) -> list[HourCredit]:
    """Credit each module of the session by the rule above; a module of which nothing was heard gives no record."""
    session = attendance.enrolment.session
    credits = [
        HourCredit(
            attendance=attendance,
            person=attendance.enrolment.person,
            module=part.module,
            minutes=credited_minutes(session, attendance.checked_in_at, went, part.minutes),
            earned_on=timezone.localdate(session.ends_at),
            recorded_at=recorded_at,
        )
        for part in session.parts.select_related("module")
    ]
    return HourCredit.objects.bulk_create(credit for credit in credits if credit.minutes)


@transaction.atomic
def check_out_everybody(session: Session, *, by: Person) -> list[Attendance]:
    """Check out all who are still there, now, but ``by``; return their attendance.

    Raises:
        NotYourSession, WrongState: as for one person.
    """
    require_runner(by, session)
    inside = Enrolment.objects.filter(
        session=session, attendance__isnull=False, attendance__checked_out_at__isnull=True
    ).select_related("session")
    return [check_out(enrolment, by=by) for enrolment in inside.exclude(person=by)]


@transaction.atomic
def record_from_paper(
    enrolment: Enrolment,
    *,
    by: Person,
    came: dt.datetime,
    went: dt.datetime,
    recorded_at: dt.datetime | None = None,
) -> Attendance:
    """Enter both times of one person from the signed sheet; nothing is kept if one of them is impossible.

    Args:
        recorded_at: as for :func:`check_out`.

    Raises:
        what :func:`check_in` and :func:`check_out` raise.
    """
    check_in(enrolment, by=by, at=came)
    return check_out(enrolment, by=by, at=went, recorded_at=recorded_at)
