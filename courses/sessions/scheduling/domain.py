"""Schedule, move, cancel, open and close sessions."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import ClashKind, Notice, SessionState
from courses.models import Attendance, DroppedMeeting, Session, SessionModule
from courses.sessions.attendance.presence import check_trainer_is_free
from courses.sessions.attendance.recording import check_not_final
from courses.sessions.clashes.rules import check_clashes
from courses.sessions.errors.attendance import AttendanceRecorded, StillInside, TooEarly
from courses.sessions.errors.meetings import MeetingsAhead
from courses.sessions.errors.scheduling import NothingTaught, StartsInThePast
from courses.sessions.errors.states import NotYourSession
from courses.sessions.letters.notices import Said, tell_everybody, tell_trainers
from courses.sessions.meetings.domain import arranged, check_times, said, save_meetings
from courses.sessions.permissions import can_schedule_for
from courses.sessions.scheduling.arrangement import SessionPlan, check_trainer
from courses.sessions.scheduling.changes import Change, check_changeable, check_fits
from courses.sessions.seats.domain import move_up
from courses.sessions.seats.interests import tell_interested
from courses.sessions.states import CHECK_IN_LEAD, locked, move, require_runner
from courses.sessions.wording import written_span
from courses.signals import session_changed
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person


@transaction.atomic
def schedule_session(
    plan: SessionPlan, *, by: Person, already_held: bool = False, confirmed: Collection[str] | None = None
) -> Session:
    """Put a session into the calendar.

    Args:
        confirmed: keys of the clashes somebody wants all the same; None where nobody can be asked.
        by: the trainer themselves, the manager of the branch or an administrator.
        already_held: training that took place is being recorded afterwards.

    Raises:
        NotYourSession: ``by`` may not arrange this.
        NothingTaught, EndsBeforeStart, StartsInThePast, TooLittleTime, MeetingsOverlap, TooManyMeetings: the facts do
            not fit.
        TrainerNotQualified: for one of the modules.
        and what ``courses.sessions.clashes.rules.check_clashes`` refuses or asks about.
    """
    if not can_schedule_for(by, plan.organisation, plan.trainer):
        raise NotYourSession
    if not plan.modules:
        raise NothingTaught
    if min(meeting.starts_at for meeting in plan.meetings()) <= timezone.now() and not already_held:
        raise StartsInThePast
    session = plan.session()
    meetings = arranged(session, plan.meetings(), by=by)
    check_times(meetings, sum(plan.modules.values()))
    check_trainer(session, list(plan.modules), meetings)
    # What was held on a holiday was held.
    kinds = frozenset(ClashKind) - ({ClashKind.HOLIDAY} if already_held else set())
    machines = [unit.pk for unit in plan.machines]
    modules = list(plan.modules)
    check_clashes(session, modules, meetings=meetings, machines=machines, kinds=kinds, confirmed=confirmed)
    session.save()
    save_meetings(session, meetings)
    session.machines.set(plan.machines)
    SessionModule.objects.bulk_create(
        SessionModule(session=session, module=module, minutes=minutes) for module, minutes in plan.modules.items()
    )
    told = {"meetings": said(meetings)} if session.has_several_meetings else {}
    audit.record("courses.session_scheduled", session, actor=by, changes=added(session), **told)
    tell_interested(session)
    return session


@transaction.atomic
def reschedule_session(
    session: Session,
    *,
    by: Person,
    notify: bool = True,
    confirmed: Collection[str] | None = None,
    why_dropped: str = "",
    **changes: Any,
) -> Session:
    """Change the facts of a session; what calendars show raises its sequence and is mailed.

    Args:
        confirmed: keys of the clashes somebody wants all the same; None where nobody can be asked.
        why_dropped: why meetings are taken out, for the letter; needed once check-in was open.
        changes: any of title, trainer, meetings, capacity, kind, audience, machines, note, and what concerns seats.
            ``meetings`` are all it is to have, as ``MeetingPlan``; starts_at, ends_at, place and break_minutes stand
            for those of the first one.

    Raises:
        NotYourSession: ``by`` may not arrange this.
        WrongState: closed or cancelled, or check-in is open and more than seats, note and meetings would change.
        OnlyComingMeetings: check-in is open and what has begun would change.
        DropNeedsReason: check-in is open and a meeting is taken out without a reason.
        FewerSeatsThanPeople: the room would be too small for those who have a seat.
        TrainerIsBooked: the new trainer has a place in it.
        MeetingHeld: somebody came to a meeting that would be dropped.
        and the checks of :func:`schedule_session`.
    """
    session = locked(session)
    require_runner(by, session)
    change = Change.wanted(session, changes, why_dropped)
    check_changeable(change)
    old, letters = snapshot(session), Said.of(session)
    change.apply()
    if not can_schedule_for(by, session.organisation, session.trainer):
        raise NotYourSession
    meetings = arranged(session, change.plans, by=by)
    check_fits(change, meetings, confirmed)
    is_moved = change.is_shown(meetings)
    dropped = change.save(meetings)
    why = {"reason": change.why_dropped} if dropped and change.why_dropped else {}
    told = since(old, session) + change.said_of_meetings(meetings)
    audit.record("courses.session_rescheduled", session, actor=by, changes=told, **why)
    if is_moved and notify:
        _tell(change, letters.beside(session, dropped), by, dropped)
    move_up(session, notify=notify)
    return session


def _tell(change: Change, was: dict[str, Any], by: Person, dropped: Sequence[DroppedMeeting]) -> None:
    """Tell everybody of a change, also where nothing but dropped meetings was still to come."""
    session = change.session
    ends_at = max([session.ends_at, *(meeting.ends_at for meeting in dropped)])
    tell_everybody(session, Notice.RESCHEDULED, was, ends_at=ends_at)
    tell_trainers(session, Notice.RESCHEDULED, was, change.trainer_before, by=by, ends_at=ends_at)
    facts = {"session": session, "notice": Notice.RESCHEDULED, "was": was, "ends_at": ends_at}
    session_changed.send(sender=Session, **facts)


@transaction.atomic
def cancel_session(session: Session, *, by: Person, reason: str = "", notify: bool = True) -> Session:
    """Call a session off; it stays in calendars as cancelled, and everybody booked is written to.

    Cancelling twice changes nothing.

    Raises:
        NotYourSession: ``by`` does not run the session.
        AttendanceRecorded: somebody has been checked in.
        WrongState: the session is closed.
    """
    session = locked(session)
    require_runner(by, session)
    if session.state == SessionState.CANCELLED:
        return session
    if Attendance.objects.filter(enrolment__session=session).exists():
        raise AttendanceRecorded
    before = snapshot(session)
    move(session, SessionState.CANCELLED)
    session.cancel_reason = reason.strip()
    session.sequence += 1
    session.changed_at = timezone.now()
    session.save(update_fields=["state", "cancel_reason", "sequence", "changed_at"])
    audit.record("courses.session_cancelled", session, actor=by, changes=since(before, session))
    if notify:
        tell_everybody(session, Notice.CANCELLED)
        tell_trainers(session, Notice.CANCELLED, {}, session.trainer, by=by)
        session_changed.send(sender=Session, session=session, notice=Notice.CANCELLED, was={}, ends_at=session.ends_at)
    return session


@transaction.atomic
def open_check_in(session: Session, *, by: Person) -> Session:
    """Open check-in, from four hours before the start; a closed session is opened again to correct it.

    Opening an open session changes nothing.

    Raises:
        NotYourSession: ``by`` does not run the session.
        TooEarly: the start is further away.
        WrongState: the session is cancelled.
        ClosedForGood: it was closed too long ago.
        PresentElsewhere: the trainer is checked in in another session at that time.
    """
    session = locked(session)
    require_runner(by, session)
    if session.state == SessionState.OPEN:
        return session
    if session.state == SessionState.SCHEDULED and timezone.now() < session.starts_at - CHECK_IN_LEAD:
        raise TooEarly(hours=int(CHECK_IN_LEAD.total_seconds()) // 3600)
    check_not_final(session)
    before = snapshot(session)
    was_closed = session.state == SessionState.CLOSED
    move(session, SessionState.OPEN)
    if not was_closed:
        check_trainer_is_free(session)
    session.save(update_fields=["state"])
    audit.record("courses.check_in_opened", session, actor=by, changes=since(before, session))
    return session


@transaction.atomic
def close_session(session: Session, *, by: Person) -> Session:
    """Close a session when everybody has left. Closing a closed session changes nothing.

    Raises:
        NotYourSession: ``by`` does not run the session.
        StillInside: somebody is checked in and not out.
        MeetingsAhead: it has several meetings, and the last one has not begun.
        WrongState: check-in was never opened, or the session is cancelled.
    """
    session = locked(session)
    require_runner(by, session)
    if session.state == SessionState.CLOSED:
        return session
    last = session.meetings.all()[session.meeting_count - 1]
    if session.has_several_meetings and not last.has_begun:
        raise MeetingsAhead(label=last.label, when=written_span(last))
    names = list(Attendance.objects.inside(session).values_list("enrolment__person__name", flat=True))
    if names:
        raise StillInside(people="、".join(names))
    before = snapshot(session)
    move(session, SessionState.CLOSED)
    session.closed_at = session.closed_at or timezone.now()
    session.save(update_fields=["state", "closed_at"])
    came = Attendance.objects.filter(enrolment__session=session).values("enrolment").distinct().count()
    audit.record("courses.session_closed", session, actor=by, came=came, changes=since(before, session))
    return session
