"""Managers enrol their people into a session, a branch at once; seats and waitlist as for everybody."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from courses.assignments.errors import NotYourBranch
from courses.enums import EnrolmentState
from courses.models import Enrolment, Session
from courses.sessions.permissions import managed_organisations
from courses.sessions.seats.domain import book_seat_for
from courses.sessions.states import locked
from portal.enums import Tier
from portal.errors import DomainError
from portal.models import Organisation, Person


@dataclass
class Enrolled:
    """What became of each: a seat, a place on the waitlist, there already, or why not."""

    seated: list[Person] = field(default_factory=list)
    waiting: list[Person] = field(default_factory=list)
    there: list[Person] = field(default_factory=list)
    refused: list[tuple[Person, DomainError]] = field(default_factory=list)


@transaction.atomic
def enrol_branch(session: Session, organisation: Organisation, *, by: Person, notify: bool = True) -> Enrolled:
    """Book everybody who works in a branch today, in the order of staff numbers; return what became of each.

    Who may not have a place is named with the reason; the others are booked all the same.

    Raises:
        NotYourBranch: ``by`` does not manage the branch.
    """
    if not managed_organisations(by).filter(pk=organisation.pk).exists():
        raise NotYourBranch(organisation=organisation.name)
    session = locked(session)
    branch = Organisation.objects.filter(path__startswith=organisation.path)
    if not organisation.is_customer:
        branch = branch.exclude(tier=Tier.CUSTOMER)
    day = timezone.localdate()
    people = Person.objects.filter(is_active=True).belonging_to(branch, day).with_posts(day).order_by("staff_number")
    places = Enrolment.objects.filter(session=session).exclude(state=EnrolmentState.CANCELLED)
    known = set(places.values_list("person", flat=True))
    result = Enrolled()
    for person in people:
        if person.pk in known:
            result.there.append(person)
            continue
        try:
            enrolment = book_seat_for(session, person, by=by, notify=notify)
        except DomainError as refusal:
            result.refused.append((person, refusal))
        else:
            (result.seated if enrolment.is_seated else result.waiting).append(person)
    return result
