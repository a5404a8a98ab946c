"""Schedule, move, cancel, open and close sessions."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import ClashKind, EnrolmentState, Notice, SessionState
from courses.models import Attendance, Session, SessionModule
from courses.models.places import tidy_place
from courses.places.domain import settle_place
from courses.sessions.arrangement import SessionPlan, check_times, check_trainer
from courses.sessions.capacity import seats_taken
from courses.sessions.errors.attendance import AttendanceRecorded, StillInside, TooEarly
from courses.sessions.errors.scheduling import NothingTaught, StartsInThePast, TrainerIsBooked
from courses.sessions.errors.seats import FewerSeatsThanPeople
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.interests import tell_interested
from courses.sessions.notices import said_before, tell_everybody, tell_trainers
from courses.sessions.permissions import can_schedule_for
from courses.sessions.presence import check_trainer_is_free
from courses.sessions.recording import check_not_final
from courses.sessions.rules import check_clashes, clashes_to_look_for
from courses.sessions.seats import move_up
from courses.sessions.states import CHECK_IN_LEAD, locked, move, require_runner
from courses.signals import session_changed
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person

# What a calendar shows of a session: changing one of these is a reschedule, and the sequence grows.
SHOWN_IN_CALENDARS = ("title", "trainer", "starts_at", "ends_at", "place")

# What may change once check-in is open: seats can still be added on site.
CHANGEABLE_WHILE_OPEN = frozenset({"capacity", "note"})


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
        NothingTaught, EndsBeforeStart, StartsInThePast, TooLittleTime: the facts do not fit.
        TrainerNotQualified: for one of the modules.
        and what ``courses.sessions.rules.check_clashes`` refuses or asks about.
    """
    if not can_schedule_for(by, plan.organisation, plan.trainer):
        raise NotYourSession
    if not plan.modules:
        raise NothingTaught
    if plan.starts_at <= timezone.now() and not already_held:
        raise StartsInThePast
    session = plan.session()
    settle_place(session, by=by)
    check_times(session, sum(plan.modules.values()))
    check_trainer(session, list(plan.modules))
    # What was held on a holiday was held.
    kinds = frozenset(ClashKind) - ({ClashKind.HOLIDAY} if already_held else set())
    machines = [unit.pk for unit in plan.machines]
    check_clashes(session, list(plan.modules), machines=machines, kinds=kinds, confirmed=confirmed)
    session.save()
    session.machines.set(plan.machines)
    SessionModule.objects.bulk_create(
        SessionModule(session=session, module=module, minutes=minutes) for module, minutes in plan.modules.items()
    )
    audit.record("courses.session_scheduled", session, actor=by, changes=added(session))
    tell_interested(session)
    return session


@transaction.atomic
def reschedule_session(
    session: Session, *, by: Person, notify: bool = True, confirmed: Collection[str] | None = None, **changes: Any
) -> Session:
    """Change the facts of a session; what calendars show raises its sequence and is mailed.

    Args:
        confirmed: keys of the clashes somebody wants all the same; None where nobody can be asked.
        changes: any of title, trainer, starts_at, ends_at, place, capacity, break_minutes, kind, audience, machines,
            note.

    Raises:
        NotYourSession: ``by`` may not arrange this.
        WrongState: closed or cancelled, or check-in is open and more than seats and note would change.
        FewerSeatsThanPeople: the room would be too small for those who have a seat.
        TrainerIsBooked: the new trainer has a place in it.
        and the checks of :func:`schedule_session`.
    """
    session = locked(session)
    require_runner(by, session)
    changes = _real_changes(session, changes)
    _check_changeable(session, set(changes))
    before = {name: getattr(session, name) for name in SHOWN_IN_CALENDARS}
    said = snapshot(session)
    machines = changes.pop("machines", None)
    kinds = clashes_to_look_for({*changes, *(() if machines is None else ("machines",))})
    for name, value in changes.items():
        setattr(session, name, value)
    if not can_schedule_for(by, session.organisation, session.trainer):
        raise NotYourSession
    if "place" in changes:
        settle_place(session, by=by)
    if session.starts_at != before["starts_at"] and session.starts_at <= timezone.now():
        raise StartsInThePast
    _check_seats(session)
    parts = list(session.parts.select_related("module"))
    check_times(session, sum(part.minutes for part in parts))
    modules = [part.module for part in parts]
    check_trainer(session, modules)
    if kinds:
        units = None if machines is None else [unit.pk for unit in machines]
        check_clashes(session, modules, machines=units, kinds=kinds, confirmed=confirmed)
    is_moved = any(getattr(session, name) != value for name, value in before.items())
    if is_moved:
        session.sequence += 1
    session.changed_at = timezone.now()
    session.save()
    if machines is not None:
        session.machines.set(machines)
    audit.record("courses.session_rescheduled", session, actor=by, changes=since(said, session))
    if is_moved and notify:
        was = said_before(Session(**{**before, "pk": session.pk}), session)
        tell_everybody(session, Notice.RESCHEDULED, was)
        tell_trainers(session, Notice.RESCHEDULED, was, before["trainer"], by=by)
        session_changed.send(sender=Session, session=session, notice=Notice.RESCHEDULED, was=was)
    move_up(session, notify=notify)
    return session


def _real_changes(session: Session, typed: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed, tidied, where it differs from the session."""
    changes: dict[str, Any] = {
        name: value.strip() if isinstance(value, str) else value for name, value in typed.items()
    }
    if "place" in changes:
        changes["place"] = tidy_place(changes["place"])
    machines = changes.pop("machines", None)
    changes = {name: value for name, value in changes.items() if value != getattr(session, name)}
    if machines is not None and {unit.pk for unit in machines} != set(session.machines.values_list("pk", flat=True)):
        changes["machines"] = machines
    return changes


def _check_seats(session: Session) -> None:
    if session.enrolments.filter(person=session.trainer).exclude(state=EnrolmentState.CANCELLED).exists():
        raise TrainerIsBooked(trainer=session.trainer.name)
    taken = seats_taken(session)
    if session.capacity < taken:
        raise FewerSeatsThanPeople(taken=taken)


def _check_changeable(session: Session, names: set[str]) -> None:
    """Once check-in is open only the seats and the note may still change; afterwards nothing."""
    if session.state == SessionState.SCHEDULED or (
        session.state == SessionState.OPEN and names <= CHANGEABLE_WHILE_OPEN
    ):
        return
    raise WrongState(state=session.get_state_display())


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
        session_changed.send(sender=Session, session=session, notice=Notice.CANCELLED, was={})
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
        WrongState: check-in was never opened, or the session is cancelled.
    """
    session = locked(session)
    require_runner(by, session)
    if session.state == SessionState.CLOSED:
        return session
    names = list(Attendance.objects.inside(session).values_list("enrolment__person__name", flat=True))
    if names:
        raise StillInside(people="、".join(names))
    before = snapshot(session)
    move(session, SessionState.CLOSED)
    session.closed_at = session.closed_at or timezone.now()
    session.save(update_fields=["state", "closed_at"])
    came = Attendance.objects.filter(enrolment__session=session).count()
    audit.record("courses.session_closed", session, actor=by, came=came, changes=since(before, session))
    return session
