"""How many seats of a session are taken, offered, kept for a branch, or free for somebody."""

from django.db.models import QuerySet
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Enrolment, SeatReservation, Session
from courses.sessions.queries import takes_a_seat
from portal.models import Organisation, Person


def seats_taken(session: Session) -> int:
    """Return how many seats of ``session`` are given or offered; exact only while the session is locked."""
    return session.enrolments.filter(takes_a_seat()).count()


def active_reservations(session: Session) -> QuerySet[SeatReservation]:
    """Return what is kept for branches today."""
    return session.reservations.filter(until__gte=timezone.localdate()).select_related("organisation")


def seats_left_of(reservation: SeatReservation) -> int:
    """Return how many of the reserved seats the people of the branch have not taken."""
    return max(reservation.seats - taken_by(reservation.session, reservation.organisation), 0)


def taken_by(session: Session, organisation: Organisation) -> int:
    """Return how many seats the people of a branch have taken."""
    branch = Organisation.objects.filter(path__startswith=organisation.path)
    people = Person.objects.belonging_to(branch, timezone.localdate())
    return session.enrolments.filter(takes_a_seat(), person__in=people.order_by().values("pk")).count()


def free_for(session: Session, person: Person) -> int:
    """Return how many seats of a locked session are free for ``person``: not those kept for other branches."""
    free = session.capacity - seats_taken(session)
    for reservation in active_reservations(session):
        path = reservation.organisation.path
        if not any(place.path.startswith(path) for place in person.places):
            free -= seats_left_of(reservation)
    return free


def has_free_seat(session: Session, person: Person) -> bool:
    """Whether ``person`` fits into a locked session; whoever waits for such a seat already goes first."""
    waiting = session.enrolments.filter(state=EnrolmentState.WAITLISTED).exclude(person=person)
    if not active_reservations(session).exists():
        return seats_taken(session) + waiting.count() < session.capacity
    ahead = sum(free_for(session, one.person) > 0 for one in waiting.select_related("person__organisation"))
    return free_for(session, person) > ahead


def in_line(session: Session) -> QuerySet[Enrolment]:
    """Return who waits, the first to move up first."""
    return session.enrolments.filter(state=EnrolmentState.WAITLISTED).order_by("place_in_line", "pk")
