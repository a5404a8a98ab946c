"""Book and cancel seats with a waitlist; the session's row is locked before seats are counted."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.enums import EnrolmentState, Notice, SeatApproval, SessionState
from courses.models import Enrolment, Session
from courses.sessions.clashes.rules import check_learner
from courses.sessions.errors.attendance import AlreadyThere
from courses.sessions.errors.seats import (
    BookingOver,
    CancellingOver,
    NotHeldForYou,
    PrerequisitesMissing,
    SessionFull,
    TeachesThere,
)
from courses.sessions.errors.states import NotYourSession, SessionCancelled, SessionStarted, WrongState
from courses.sessions.letters.links import revoke_links
from courses.sessions.letters.notices import stamp, tell, tell_approvers
from courses.sessions.permissions import can_run_session, is_held_for, managed_organisations
from courses.sessions.seats.capacity import active_reservations, free_for, has_free_seat, in_line, seats_taken
from courses.sessions.seats.leavers import HAS_LEFT, has_left, with_day
from courses.sessions.seats.prerequisites import missing_prerequisites
from courses.sessions.states import locked
from courses.sessions.wording import written_moment
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.errors import DomainError
from portal.models import Person

#: What somebody is told who has just booked.
TOLD: dict[str, Notice] = {
    EnrolmentState.SEATED: Notice.BOOKED,
    EnrolmentState.WAITLISTED: Notice.WAITLISTED,
    EnrolmentState.PENDING: Notice.PENDING,
}


def why_not_bookable(session: Session, person: Person, *, is_run: bool = False) -> DomainError | None:
    """Return why ``person`` cannot have a place in ``session``, or None; the page shows it, the verb raises it.

    Args:
        is_run: whoever runs the session enters the person: possible until the session is closed.
    """
    if session.state == SessionState.CANCELLED:
        return SessionCancelled()
    if session.state == SessionState.CLOSED:
        return WrongState(state=session.get_state_display())
    if not is_run and (session.starts_at <= timezone.now() or session.state != SessionState.SCHEDULED):
        return SessionStarted()
    if not is_run and session.book_until is not None and session.book_until <= timezone.now():
        return BookingOver(until=written_moment(session.book_until))
    if session.trainer_id == person.pk:
        return TeachesThere(person=person.name)
    if has_left(person, session) or not is_held_for(person, session):
        return NotHeldForYou(organisation=session.organisation.name)
    # Whoever runs a session answers for letting somebody in without them.
    missing = {} if is_run else missing_prerequisites(session, [person])
    if missing:
        return PrerequisitesMissing(modules="、".join(module.title for module in missing[person.pk]))
    return None


@transaction.atomic
def book_seat(session: Session, person: Person, *, by: Person, notify: bool = True) -> Enrolment:
    """Give ``person`` a seat, or the next place on the waitlist when all are taken.

    Asking twice changes nothing: the place that exists is returned.

    Args:
        by: the person themselves, or whoever runs the session.
        notify: write to the person; imports and demo data leave it out.

    Raises:
        NotYourSession: ``by`` books for somebody else without running the session.
        SessionCancelled, SessionStarted, WrongState: it is too late.
        NotHeldForYou, TeachesThere: the session is not for this person.
        PrerequisitesMissing: what the session builds on is not credited; whoever runs it may let them in.
        LearnerBusy: the person has a place in another session at the time of a meeting, and that is refused.
    """
    session = locked(session)
    is_run = can_run_session(by, session)
    if by.pk != person.pk and not is_run:
        raise NotYourSession
    return _give_place(session, person, by=by, is_run=is_run and by.pk != person.pk, notify=notify)


@transaction.atomic
def book_seat_for(session: Session, person: Person, *, by: Person, notify: bool = True) -> Enrolment:
    """Give a place to one of the people ``by`` manages, under the rules that hold for the person themselves.

    Where the superior approves, the manager who books has approved.

    Raises:
        NotYourSession: ``by`` does not manage where the person works.
        and what :func:`book_seat` raises.
    """
    places = [place.pk for place in person.places]
    if not managed_organisations(by).filter(pk__in=places).exists():
        raise NotYourSession
    session = locked(session)
    is_approved = by.pk != person.pk and (session.approval == SeatApproval.SUPERIOR or can_run_session(by, session))
    return _give_place(session, person, by=by, is_run=False, notify=notify, is_approved=is_approved)


def _give_place(
    session: Session, person: Person, *, by: Person, is_run: bool, notify: bool, is_approved: bool = False
) -> Enrolment:
    """Give a seat, the next place on the waitlist, or one that awaits approval, of a locked session."""
    enrolment = Enrolment.objects.filter(session=session, person=person).first()
    if enrolment is not None and enrolment.state != EnrolmentState.CANCELLED:
        return enrolment
    refusal = why_not_bookable(session, person, is_run=is_run)
    if refusal is not None:
        raise refusal
    if not is_run:
        # Whoever runs a session answers for it: somebody may stand in the room.
        check_learner(session, person, by=by)
    before = snapshot(enrolment) if enrolment else None
    if enrolment is None:
        enrolment = Enrolment(person=person, last_drop_told=session.dropped_meetings.order_by("pk").last())
    enrolment.session = session
    enrolment.place_in_line = _end_of_line(session)
    enrolment.booked_at = timezone.now()
    enrolment.booked_by = by
    enrolment.decided_by = enrolment.decided_at = None
    enrolment.reason = ""
    if session.approval != SeatApproval.NOBODY and not is_run and not is_approved:
        change_state(enrolment, EnrolmentState.PENDING)
    else:
        change_state(enrolment, seat_or_line(session, person))
    changed = since(before, enrolment)
    audit.record("courses.seat_booked", session, actor=by, person=person.staff_number, changes=changed)
    if notify:
        tell(enrolment, TOLD[EnrolmentState(enrolment.state)])
        if enrolment.is_pending:
            tell_approvers(enrolment)
    return enrolment


def seat_or_line(session: Session, person: Person) -> EnrolmentState:
    """Return what ``person`` gets in a locked session: a seat, or a place on the waitlist."""
    return EnrolmentState.SEATED if has_free_seat(session, person) else EnrolmentState.WAITLISTED


def _end_of_line(session: Session) -> int:
    last = session.enrolments.aggregate(last=Max("place_in_line"))["last"]
    return (last or 0) + 1


@transaction.atomic
def cancel_seat(enrolment: Enrolment, *, by: Person, reason: str = "", notify: bool = True) -> Enrolment:
    """Cancel a seat or a place on the waitlist; the first on the waitlist moves up. Idempotent.

    Args:
        by: the person themselves until the session begins, or whoever runs the session until it is closed.
        reason: why; kept with the place.

    Raises:
        NotYourSession: ``by`` is neither of them.
        SessionStarted, WrongState, CancellingOver: it is too late.
        AlreadyThere: the person has been checked in.
    """
    session = locked(enrolment.session)
    enrolment = Enrolment.objects.select_related("person").get(pk=enrolment.pk)
    enrolment.session = session
    is_run = can_run_session(by, session)
    if by.pk != enrolment.person_id and not is_run:
        raise NotYourSession
    if enrolment.state == EnrolmentState.CANCELLED:
        return enrolment
    if session.state in (SessionState.CLOSED, SessionState.CANCELLED):
        raise WrongState(state=session.get_state_display())
    if not is_run and session.starts_at <= timezone.now():
        raise SessionStarted
    if not is_run and enrolment.is_seated and session.cancel_until and session.cancel_until <= timezone.now():
        raise CancellingOver(until=written_moment(session.cancel_until), trainer=session.trainer.name)
    if enrolment.attendances.exists():
        raise AlreadyThere(person=enrolment.person.name)
    before = snapshot(enrolment)
    enrolment.reason = reason.strip()[:200]
    change_state(enrolment, EnrolmentState.CANCELLED)
    changed = since(before, enrolment)
    audit.record("courses.seat_cancelled", session, actor=by, person=enrolment.person.staff_number, changes=changed)
    if notify:
        tell(enrolment, Notice.LEFT)
    move_up(session, notify=notify)
    return enrolment


def change_state(enrolment: Enrolment, state: str) -> None:
    """Save a place of a locked session in another state: calendars take the change for a newer one than the last."""
    if enrolment.pk is not None:
        enrolment.sequence += 1
        if enrolment.is_offered:
            revoke_links(enrolment)
    enrolment.state = state
    if state != EnrolmentState.OFFERED:
        enrolment.offer_until = None
    enrolment.changed_at = timezone.now()
    stamp(enrolment)
    enrolment.save()


def move_up(session: Session, *, notify: bool = True) -> list[Enrolment]:
    """Give the free seats of a locked session to those who wait, first come first served; return who was asked.

    Where the session holds offered seats for some hours, the person is asked and takes or declines the seat. Nobody
    moves up once the session has begun or was called off, nor who has left the network; seats kept for a branch are
    for its people.
    """
    if session.starts_at <= timezone.now() or session.state not in (SessionState.SCHEDULED, SessionState.OPEN):
        return []
    free = session.capacity - seats_taken(session)
    keeps = active_reservations(session).exists()
    waiting = with_day(in_line(session)).exclude(HAS_LEFT).select_related("person__organisation")
    moved: list[Enrolment] = []
    for enrolment in waiting if keeps else waiting[: max(free, 0)]:
        if len(moved) >= free:
            break
        if not keeps or free_for(session, enrolment.person) > 0:
            moved.append(_move_up(session, enrolment, notify))
    return moved


def _move_up(session: Session, enrolment: Enrolment, notify: bool) -> Enrolment:
    enrolment.session = session
    before = snapshot(enrolment)
    if session.offer_hours:
        held = timezone.now() + dt.timedelta(hours=session.offer_hours)
        enrolment.offer_until = min(held, session.starts_at)
    change_state(enrolment, EnrolmentState.OFFERED if session.offer_hours else EnrolmentState.SEATED)
    changed = since(before, enrolment)
    act = "courses.seat_offered" if enrolment.is_offered else "courses.seat_moved_up"
    audit.record(act, session, person=enrolment.person.staff_number, changes=changed)
    if notify:
        tell(enrolment, Notice.OFFERED if enrolment.is_offered else Notice.MOVED_UP)
    return enrolment


def seat_walk_in(session: Session, person: Person, *, by: Person) -> Enrolment:
    """Seat somebody who came without booking, or was waiting; only while a chair is free.

    Raises:
        NotYourSession: ``by`` does not run the session.
        SessionFull: no chair is left; nobody is added.
        and what :func:`book_seat` raises.
    """
    with transaction.atomic():
        locked_session = locked(session)
        if not can_run_session(by, locked_session):
            raise NotYourSession
        held = Enrolment.objects.filter(session=session, person=person, state=EnrolmentState.SEATED).first()
        if held is not None:
            return held
        if seats_taken(locked_session) >= locked_session.capacity:
            raise SessionFull(capacity=locked_session.capacity)
        enrolment = book_seat(session, person, by=by, notify=False)
        if not enrolment.is_seated:
            # The room is open: who stands in it goes before those who wait at home.
            before = snapshot(enrolment)
            change_state(enrolment, EnrolmentState.SEATED)
            changed = since(before, enrolment)
            number = person.staff_number
            audit.record("courses.seat_moved_up", locked_session, actor=by, person=number, changes=changed)
        return enrolment
