"""Take or decline a seat that is offered; a regular job asks the next where nobody answered."""

from django.db import transaction
from django.utils import timezone

from courses.enums import EnrolmentState, Notice
from courses.models import Enrolment, Session
from courses.sessions.errors.seats import NoOffer
from courses.sessions.letters.notices import tell
from courses.sessions.seats.domain import change_state, move_up
from courses.sessions.states import locked
from portal.access import audit
from portal.access.changes import since, snapshot


@transaction.atomic
def take_offer(enrolment: Enrolment, *, by_link: bool = False) -> Enrolment:
    """Take the seat offered to somebody; taken twice, nothing changes.

    Args:
        by_link: whether it is done with the link of the letter, without signing in.

    Raises:
        NoOffer: it has run out, was declined, or the session has begun.
    """
    found = _locked(enrolment)
    if found.is_seated:
        return found
    _check(found)
    before = snapshot(found)
    change_state(found, EnrolmentState.SEATED)
    _record("courses.offer_taken", found, before, by_link)
    tell(found, Notice.MOVED_UP)
    return found


@transaction.atomic
def decline_offer(enrolment: Enrolment, *, by_link: bool = False) -> Enrolment:
    """Decline the seat offered to somebody; the next in the line is asked. Declined twice, nothing changes.

    Raises:
        NoOffer: it has run out, was taken, or the session has begun.
    """
    found = _locked(enrolment)
    if found.state == EnrolmentState.CANCELLED:
        return found
    _check(found)
    before = snapshot(found)
    change_state(found, EnrolmentState.CANCELLED)
    _record("courses.offer_declined", found, before, by_link)
    tell(found, Notice.LEFT)
    move_up(found.session)
    return found


def lapse_offers() -> int:
    """End the offers that have run out and ask the next; return how many. A regular job."""
    over = Enrolment.objects.filter(state=EnrolmentState.OFFERED, offer_until__lte=timezone.now())
    lapsed = 0
    for session in Session.objects.filter(pk__in=over.order_by().values("session")).order_by("pk"):
        lapsed += _lapse_offers_of(session)
    return lapsed


@transaction.atomic
def _lapse_offers_of(session: Session) -> int:
    session = locked(session)
    over = session.enrolments.filter(state=EnrolmentState.OFFERED, offer_until__lte=timezone.now())
    lapsed = list(over.select_related("person").order_by("place_in_line", "pk"))
    for enrolment in lapsed:
        enrolment.session = session
        before = snapshot(enrolment)
        change_state(enrolment, EnrolmentState.CANCELLED)
        changed = since(before, enrolment)
        audit.record("courses.offer_lapsed", session, person=enrolment.person.staff_number, changes=changed)
        tell(enrolment, Notice.LAPSED)
    move_up(session)
    return len(lapsed)


def _locked(enrolment: Enrolment) -> Enrolment:
    session = locked(enrolment.session)
    found = Enrolment.objects.select_related("person").get(pk=enrolment.pk)
    found.session = session
    return found


def _check(enrolment: Enrolment) -> None:
    now = timezone.now()
    is_over = enrolment.offer_until is None or enrolment.offer_until <= now or enrolment.session.starts_at <= now
    if not enrolment.is_offered or is_over:
        raise NoOffer


def _record(act: str, enrolment: Enrolment, before: dict, by_link: bool) -> None:
    person, changed = enrolment.person, since(before, enrolment)
    actor = None if by_link else person
    audit.record(act, enrolment.session, actor=actor, by_link=by_link, person=person.staff_number, changes=changed)
