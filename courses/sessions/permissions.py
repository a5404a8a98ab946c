"""Who may see, book and run a session; asked by pages, feeds, PDFs and search alike."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Enrolment, Session, TrainingModule
from courses.places.permissions import managed_organisations
from portal.access.sight import below, organisations_in_sight
from portal.audiences import audiences_of, can_open
from portal.enums import Role
from portal.models import Organisation, Person

# Roles that may put a session into the calendar.
SCHEDULING_ROLES = (Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR)


def branches_over(organisations: Iterable[Organisation]) -> list[str]:
    """Return the tree paths of ``organisations`` and of everything above them."""
    paths = {
        Organisation._get_basepath(organisation.path, depth)
        for organisation in organisations
        for depth in range(1, organisation.depth + 1)
    }
    return sorted(paths)


def held_for(person: Any) -> Q:
    """Return the filter of sessions held for ``person``: of their branch, or of their firm if they are a customer."""
    audiences = audiences_of(person)
    firms = [place.pk for place in person.places if place.is_customer]
    if firms:
        return Q(organisation__in=firms, audience__in=audiences)
    return Q(organisation__path__in=branches_over(person.places), audience__in=audiences)


def is_held_for(person: Any, session: Session) -> bool:
    """Whether ``session`` is held for people like ``person`` (the same rule as :func:`held_for`, for one)."""
    if not can_open(person, session.audience):
        return False
    firms = [place.pk for place in person.places if place.is_customer]
    if firms:
        return session.organisation_id in firms
    return any(place.path.startswith(session.organisation.path) for place in person.places)


def people_of_branch(organisation: Organisation) -> QuerySet[Person]:
    """Return who works in a branch today, the places below it included."""
    branch = Organisation.objects.filter(path__startswith=organisation.path)
    return Person.objects.belonging_to(branch, timezone.localdate())


def visible_sessions(person: Any) -> QuerySet[Session]:
    """Return the sessions ``person`` may see. Nobody sees any without signing in."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return Session.objects.none()
    if person.is_superuser:
        return Session.objects.all()
    mine = Enrolment.objects.filter(person=person).exclude(state=EnrolmentState.CANCELLED)
    in_sight = Q(organisation__in=organisations_in_sight(person).values("pk"), audience__in=audiences_of(person))
    return Session.objects.filter(held_for(person) | in_sight | Q(trainer=person) | Q(pk__in=mine.values("session")))


def can_see_session(person: Any, session: Session) -> bool:
    """Whether ``person`` may open ``session``."""
    return visible_sessions(person).filter(pk=session.pk).exists()


def can_run_session(person: Any, session: Session) -> bool:
    """Whether ``person`` may change the session, check people in and print its sheets."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return False
    if session.trainer_id == person.pk:
        return True
    return managed_organisations(person).filter(pk=session.organisation_id).exists()


def can_schedule(person: Any) -> bool:
    """Whether ``person`` may put any session into the calendar."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return False
    if any(place.is_customer for place in person.places):
        return False
    return person.has_role(*SCHEDULING_ROLES)


def organisations_to_schedule_for(person: Any) -> QuerySet[Organisation]:
    """Return whom ``person`` may hold sessions for.

    Trainers teach all over their own network and its customers, managers arrange for their branch, administrators for
    everybody in their sight.
    """
    if not can_schedule(person):
        return Organisation.objects.none()
    if person.has_role(Role.TRAINER) and person.places and not person.has_role(Role.ADMINISTRATOR):
        return _network_of(person)
    return managed_organisations(person)


def trainers_to_schedule(person: Any) -> QuerySet[Person]:
    """Return whose sessions ``person`` may arrange: a trainer their own, managers and administrators anybody's.

    Who is named as a trainer of no module could teach none, and is left out of the list to choose from: it stays short
    however many people have the role.
    """
    trainers = Person.objects.filter(is_active=True, groups__name=Role.TRAINER)
    if person.has_role(Role.MANAGER, Role.ADMINISTRATOR):
        named = TrainingModule.trainers.through.objects.values("person")
        trainers = trainers.filter(Q(pk__in=named) | Q(pk=person.pk))
    if person.has_role(Role.MANAGER, Role.ADMINISTRATOR):
        return trainers.belonging_to(_network_of(person), timezone.localdate()) if person.places else trainers
    return trainers.filter(pk=person.pk)


def _network_of(person: Person) -> QuerySet[Organisation]:
    return Organisation.objects.filter(below({place.path[: Organisation.steplen] for place in person.places}))


def can_schedule_for(person: Any, organisation: Organisation, trainer: Any) -> bool:
    """Whether ``person`` may arrange a session of ``trainer`` for ``organisation``."""
    if not can_schedule(person):
        return False
    if managed_organisations(person).filter(pk=organisation.pk).exists():
        return True
    return trainer.pk == person.pk and organisations_to_schedule_for(person).filter(pk=organisation.pk).exists()


def can_see_roster(person: Any, session: Session) -> bool:
    """Whether ``person`` may read who comes: whoever runs the session, and auditors with the branch in sight."""
    return can_run_session(person, session) or (
        person.has_role(Role.AUDITOR) and organisations_in_sight(person).filter(pk=session.organisation_id).exists()
    )


def held_for_branch(branches: QuerySet[Organisation], session: Session) -> QuerySet[Organisation]:
    """Narrow to the branches whose people ``session`` is held for, and to those above them."""
    path = session.organisation.path
    above = Q(path__in=branches_over([session.organisation]))
    return branches.filter(Q(path__startswith=path) | above)
