"""Free the seats of people who leave the network; the next on the waitlist moves up."""

from typing import Any

from django.db import transaction

from courses.enums import EnrolmentState, Notice
from courses.models import Enrolment
from courses.sessions.letters.notices import tell
from courses.sessions.seats.domain import change_state, move_up
from courses.sessions.seats.leavers import seats_of_leavers
from courses.sessions.states import locked
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.models import Assignment, Person


@transaction.atomic
def free_seats(person: Person | None = None) -> list[Enrolment]:
    """Cancel the coming seats and places on waitlists of who has left by the day of the session; return them.

    Regular job; also done as soon as somebody is deactivated or a post ends (see :func:`person_saved`).

    Args:
        person: only theirs; everybody's by default.
    """
    wanted = seats_of_leavers()
    if person is not None:
        wanted = wanted.filter(person=person)
    freed = []
    for found in wanted.select_related("session"):
        session = locked(found.session)
        enrolment = seats_of_leavers().select_related("person").filter(pk=found.pk).first()
        if enrolment is None:
            continue
        enrolment.session = session
        before = snapshot(enrolment)
        change_state(enrolment, EnrolmentState.CANCELLED)
        changed = since(before, enrolment)
        audit.record("courses.seat_freed", session, person=enrolment.person.staff_number, changes=changed)
        tell(enrolment, Notice.LEFT)
        move_up(session)
        freed.append(enrolment)
    return freed


def person_saved(instance: Person, **kwargs: Any) -> None:
    """Receiver of ``post_save``: a person who is not active any more frees their seats."""
    if not instance.is_active:
        free_seats(instance)


def assignment_changed(instance: Assignment, **kwargs: Any) -> None:
    """Receiver of ``post_save`` and ``post_delete``: whose last post ends or goes frees the seats after it."""
    free_seats(Person(pk=instance.person_id))
