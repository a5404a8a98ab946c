"""Book and cancel seats with a waitlist; the session's row is locked before seats are counted."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from courses.enums import EnrolmentState, Notice, SessionState
from courses.models import Enrolment, Session
from courses.sessions.errors import (
    AlreadyThere,
    NotHeldForYou,
    NotYourSession,
    PrerequisitesMissing,
    SessionCancelled,
    SessionFull,
    SessionStarted,
    TeachesThere,
    WrongState,
)
from courses.sessions.leavers import HAS_LEFT, has_left, with_day
from courses.sessions.notices import stamp, tell
from courses.sessions.permissions import can_run_session, is_held_for, managed_organisations
from courses.sessions.prerequisites import missing_prerequisites
from courses.sessions.states import locked
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.errors import DomainError
from portal.models import Person


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
    """
    session = locked(session)
    is_run = can_run_session(by, session)
    if by.pk != person.pk and not is_run:
        raise NotYourSession
    return _give_place(session, person, by=by, is_run=is_run and by.pk != person.pk, notify=notify)


@transaction.atomic
def book_seat_for(session: Session, person: Person, *, by: Person, notify: bool = True) -> Enrolment:
    """Give a place to one of the people ``by`` manages, under the rules that hold for the person themselves.

    Raises:
        NotYourSession: ``by`` does not manage where the person works.
        and what :func:`book_seat` raises.
    """
    places = [place.pk for place in person.places]
    if not managed_organisations(by).filter(pk__in=places).exists():
        raise NotYourSession
    return _give_place(locked(session), person, by=by, is_run=False, notify=notify)


def _give_place(session: Session, person: Person, *, by: Person, is_run: bool, notify: bool) -> Enrolment:
    """Give a seat or the next place on the waitlist of a locked session."""
    enrolment = Enrolment.objects.filter(session=session, person=person).first()
    if enrolment is not None and enrolment.state != EnrolmentState.CANCELLED:
        return enrolment
    refusal = why_not_bookable(session, person, is_run=is_run)
    if refusal is not None:
        raise refusal
    before = snapshot(enrolment) if enrolment else None
    enrolment = enrolment or Enrolment(session=session, person=person)
    enrolment.session = session
    enrolment.place_in_line = _end_of_line(session)
    enrolment.booked_at = timezone.now()
    enrolment.booked_by = by
    change_state(enrolment, EnrolmentState.SEATED if has_free_seat(session) else EnrolmentState.WAITLISTED)
    changed = since(before, enrolment)
    audit.record("courses.seat_booked", session, actor=by, person=person.staff_number, changes=changed)
    if notify:
        tell(enrolment, Notice.BOOKED if enrolment.is_seated else Notice.WAITLISTED)
    return enrolment


def seats_taken(session: Session) -> int:
    """Return how many seats of ``session`` are given; exact only while the session is locked."""
    return session.enrolments.filter(state=EnrolmentState.SEATED).count()


def has_free_seat(session: Session) -> bool:
    """Whether another person fits into a locked session; whoever waits already goes first."""
    waiting = session.enrolments.filter(state=EnrolmentState.WAITLISTED).count()
    return seats_taken(session) + waiting < session.capacity


def _end_of_line(session: Session) -> int:
    last = session.enrolments.aggregate(last=Max("place_in_line"))["last"]
    return (last or 0) + 1


@transaction.atomic
def cancel_seat(enrolment: Enrolment, *, by: Person, notify: bool = True) -> Enrolment:
    """Cancel a seat or a place on the waitlist; the first on the waitlist moves up. Idempotent.

    Args:
        by: the person themselves until the session begins, or whoever runs the session until it is closed.

    Raises:
        NotYourSession: ``by`` is neither of them.
        SessionStarted, WrongState: it is too late.
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
    if hasattr(enrolment, "attendance"):
        raise AlreadyThere(person=enrolment.person.name)
    before = snapshot(enrolment)
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
    enrolment.state = state
    enrolment.changed_at = timezone.now()
    stamp(enrolment)
    enrolment.save()


def move_up(session: Session, *, notify: bool = True) -> list[Enrolment]:
    """Give the free seats of a locked session to those who wait, first come first served; return who moved.

    Nobody moves up once the session has begun or was called off, nor who has left the network.
    """
    if session.starts_at <= timezone.now() or session.state not in (SessionState.SCHEDULED, SessionState.OPEN):
        return []
    free = session.capacity - seats_taken(session)
    waiting = with_day(session.enrolments.filter(state=EnrolmentState.WAITLISTED)).exclude(HAS_LEFT)
    moved = list(waiting.select_related("person").order_by("place_in_line", "pk")[: max(free, 0)])
    for enrolment in moved:
        enrolment.session = session
        before = snapshot(enrolment)
        change_state(enrolment, EnrolmentState.SEATED)
        changed = since(before, enrolment)
        audit.record("courses.seat_moved_up", session, person=enrolment.person.staff_number, changes=changed)
        if notify:
            tell(enrolment, Notice.MOVED_UP)
    return moved


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
        if enrolment.is_waiting:
            # The room is open: who stands in it goes before those who wait at home.
            before = snapshot(enrolment)
            change_state(enrolment, EnrolmentState.SEATED)
            changed = since(before, enrolment)
            number = person.staff_number
            audit.record("courses.seat_moved_up", locked_session, actor=by, person=number, changes=changed)
        return enrolment
