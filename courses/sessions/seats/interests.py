"""Who wants a module that has no date: said, counted, told of the session that comes, enrolled by who runs it."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Enrolment, ModuleInterest, Session, TrainingModule
from courses.modules.permissions import can_see_module
from courses.sessions.errors.seats import NotHeldForYou
from courses.sessions.permissions import can_schedule, is_held_for, managed_organisations
from courses.sessions.seats.domain import book_seat
from courses.sessions.states import require_runner
from courses.sessions.tasks import send_interest_notice
from portal.access import audit
from portal.access.sight import organisations_in_sight
from portal.errors import DomainError
from portal.models import Person


@transaction.atomic
def say_interest(module: TrainingModule, person: Person) -> ModuleInterest:
    """Note that somebody wants a module; said twice, the first time stands.

    Raises:
        NotHeldForYou: they may not see the module.
    """
    if not can_see_module(person, module):
        raise NotHeldForYou(organisation=module.title)
    interest, is_new = ModuleInterest.objects.get_or_create(module=module, person=person)
    if is_new:
        audit.record("courses.interest_said", module, actor=person)
    return interest


@transaction.atomic
def take_interest_back(module: TrainingModule, person: Person) -> None:
    """Want a module no longer."""
    deleted, _rows = ModuleInterest.objects.filter(module=module, person=person).delete()
    if deleted:
        audit.record("courses.interest_taken_back", module, actor=person)


def open_interests() -> QuerySet[ModuleInterest]:
    """Return what active people want and have no place for in a coming session."""
    coming = Enrolment.objects.filter(
        person=OuterRef("person"), session__parts__module=OuterRef("module"), session__ends_at__gt=timezone.now()
    ).exclude(state=EnrolmentState.CANCELLED)
    return ModuleInterest.objects.filter(~Exists(coming), person__is_active=True)


def interests_in_sight(reader: Any) -> QuerySet[ModuleInterest]:
    """Return the open interests of the people whose training ``reader`` arranges."""
    if not can_schedule(reader):
        return ModuleInterest.objects.none()
    places = organisations_in_sight(reader) | managed_organisations(reader)
    people = Person.objects.belonging_to(places, timezone.localdate()).order_by().values("pk")
    return open_interests().filter(person__in=people)


def interested_in(session: Session) -> list[Person]:
    """Return who wants one of the modules of a session that is held for them, and has no place in it."""
    known = session.enrolments.exclude(state=EnrolmentState.CANCELLED).values("person")
    modules = session.parts.values("module")
    people = Person.objects.filter(module_interests__module__in=modules, is_active=True).exclude(pk__in=known)
    found = people.exclude(pk=session.trainer_id).with_posts(timezone.localdate()).distinct()
    return [person for person in found.order_by("staff_number") if is_held_for(person, session)]


def tell_interested(session: Session) -> int:
    """Tell those who want what a new session teaches, once each; return how many."""
    if session.starts_at <= timezone.now():
        return 0
    people = {person.pk for person in interested_in(session)}
    wanted = ModuleInterest.objects.filter(
        module__in=session.parts.values("module"), person__in=people, told_at__isnull=True
    )
    keys = set(wanted.values_list("person", flat=True))
    wanted.update(told_at=timezone.now(), told_of=session)
    for key in sorted(keys):
        letter = uuid.uuid4().hex
        transaction.on_commit(lambda key=key, letter=letter: send_interest_notice.enqueue(session.pk, key, letter))
    return len(keys)


@dataclass
class Enrolled:
    """What became of each."""

    booked: list[Enrolment] = field(default_factory=list)
    refused: list[tuple[Person, DomainError]] = field(default_factory=list)


@transaction.atomic
def enrol_interested(session: Session, *, by: Person) -> Enrolled:
    """Book everybody who wants what a session teaches, in the order in which they said so.

    Raises:
        NotYourSession: ``by`` does not run the session.
    """
    require_runner(by, session)
    result, people = Enrolled(), {person.pk: person for person in interested_in(session)}
    said = ModuleInterest.objects.filter(module__in=session.parts.values("module"), person__in=people)
    for key in dict.fromkeys(said.order_by("said_at", "pk").values_list("person", flat=True)):
        try:
            result.booked.append(book_seat(session, people[key], by=by))
        except DomainError as refusal:
            result.refused.append((people[key], refusal))
    return result


def interest_facts(module: TrainingModule, reader: Any) -> dict[str, Any]:
    """Return whether the reader wants a module, and how many do among those the reader arranges for."""
    if not reader.is_authenticated:
        return {}
    return {
        "is_wanted": ModuleInterest.objects.filter(module=module, person=reader).exists(),
        "wanted_by": interests_in_sight(reader).filter(module=module).count() if can_schedule(reader) else 0,
    }
