"""Keep seats of a session for the people of a branch until a day, and give them back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from courses.models import SeatReservation, Session
from courses.sessions.errors.seats import NotOfTheSessionsBranch, TooManyReserved
from courses.sessions.seats.capacity import active_reservations, seats_left_of, seats_taken
from courses.sessions.seats.domain import move_up
from courses.sessions.states import locked, require_runner
from portal.access import audit
from portal.access.changes import added
from portal.models import Organisation, Person


@transaction.atomic
def reserve_seats(
    session: Session, organisation: Organisation, *, seats: int, until: dt.date, by: Person
) -> SeatReservation:
    """Keep seats for the people of a branch until the end of a day; those they have already count among them.

    Raises:
        NotYourSession: ``by`` does not run the session.
        NotOfTheSessionsBranch: the session is for others, or the day is past.
        TooManyReserved: more than are free.
        ValidationError: seats are kept for this branch already.
    """
    session = locked(session)
    require_runner(by, session)
    if not organisation.path.startswith(session.organisation.path) or until < timezone.localdate():
        raise NotOfTheSessionsBranch(organisation=organisation.name)
    reservation = SeatReservation(session=session, organisation=organisation, seats=seats, until=until, reserved_by=by)
    reservation.full_clean()
    kept = sum(seats_left_of(other) for other in active_reservations(session))
    free = session.capacity - seats_taken(session) - kept
    if seats_left_of(reservation) > free:
        raise TooManyReserved(free=max(free, 0))
    reservation.save()
    audit.record("courses.seats_reserved", session, actor=by, changes=added(reservation))
    return reservation


@transaction.atomic
def release_seats(reservation: SeatReservation, *, by: Person) -> None:
    """Keep seats no longer; who waits moves up.

    Raises:
        NotYourSession: ``by`` does not run the session.
    """
    session = locked(reservation.session)
    require_runner(by, session)
    facts = {"organisation": reservation.organisation.name, "seats": reservation.seats}
    reservation.delete()
    audit.record("courses.seats_released", session, actor=by, **facts)
    move_up(session)


def give_lapsed_seats() -> int:
    """Offer the seats whose reservation ended to who waits; return to how many. A regular job."""
    today, asked = timezone.localdate(), 0
    coming = Session.objects.filter(starts_at__gt=timezone.now(), reservations__until__lt=today).distinct()
    for session in coming.filter(enrolments__state="waitlisted").order_by("pk"):
        with transaction.atomic():
            asked += len(move_up(locked(session)))
    return asked
