"""Who scanned, and which named person somebody is."""

from typing import Any

from django.db.models import Q, QuerySet

from courses.checkins.errors import NotNamedHere
from courses.enums import EnrolmentState
from courses.models import Arrival, Enrolment, Nominee, Session, SheetScan
from portal.typed import plain


def arrivals_to_decide(session: Session) -> list[Any]:
    """Return the scans that wait for the trainer, with ``is_walk_in`` for those without a seat."""
    open_ones = Q(decided_at__isnull=True) | Q(is_refused=False, left_at__isnull=False, left_confirmed_at__isnull=True)
    found = Arrival.objects.filter(open_ones, session=session).select_related(
        "person", "nominee__request__organisation", "meeting"
    )
    seated = set(
        Enrolment.objects.filter(session=session, state=EnrolmentState.SEATED).values_list("person_id", flat=True)
    )
    arrivals: list[Any] = list(found)
    for arrival in arrivals:
        arrival.session = arrival.meeting.session = session
        arrival.is_walk_in = arrival.person_id is not None and arrival.person_id not in seated
    return arrivals


def named_people_inside(session: Session) -> QuerySet[Arrival]:
    """Return the scans of named people who were confirmed and have not left; not of who was taken off the list."""
    return Arrival.objects.filter(
        session=session,
        nominee__isnull=False,
        nominee__withdrawn_at=None,
        decided_at__isnull=False,
        is_refused=False,
        left_confirmed_at=None,
    )


def named_inside(session: Session) -> int:
    """Return how many named people were confirmed and have not left."""
    return named_people_inside(session).count()


def nominee_called(session: Session, name: str, tail: str) -> Nominee:
    """Return the named person of this name; the last four digits of the number tell where the list has one.

    Raises:
        NotNamedHere: nobody, or several whom the digits do not tell apart.
    """
    wanted = plain(name)
    found = [nominee for nominee in Nominee.objects.of_session(session) if plain(nominee.name) == wanted]
    found = [nominee for nominee in found if not nominee.mobile or nominee.mobile[-4:] == tail.strip()]
    if not wanted or len(found) != 1:
        raise NotNamedHere(trainer=session.trainer.name)
    return found[0]


def scans_of(session: Session) -> QuerySet[SheetScan]:
    """Return the scans of the signed sheet with who brought them."""
    return session.sheet_scans.select_related("added_by", "document")
