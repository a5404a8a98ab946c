"""Add people, set their roles, assign them to positions."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.access.editing import change_fields
from portal.acting import acting
from portal.enums import Role
from portal.errors import DomainError
from portal.models import Assignment, Organisation, Person, Position


class StaffNumberTaken(DomainError):
    """Two people cannot share a staff number, whatever its letter case."""

    code = "staff_number_taken"
    message = _("The staff number “%(taken)s” belongs to another person.")


class AlreadyInPosition(DomainError):
    """The person holds this post in that time already."""

    code = "already_in_position"
    message = _("%(person)s holds the position “%(position)s” in this period already. End that assignment first.")


class EndsBeforeStart(DomainError):
    """An assignment cannot end before it starts."""

    code = "ends_before_start"
    status = 422
    message = _("The last day lies before the first one.")


@transaction.atomic
def add_person(
    staff_number: str,
    name: str,
    *,
    organisation: Organisation | None = None,
    roles: Iterable[str] = (),
    password: str | None = None,
    actor: Any = None,
    **facts: Any,
) -> Person:
    """Enter a person (一人一档); without a password they exist but cannot sign in.

    Raises:
        StaffNumberTaken: somebody has this number.
    """
    try:
        with transaction.atomic():
            person = Person.objects.create_user(staff_number, password, name=name, organisation=organisation, **facts)
    except IntegrityError as error:
        raise StaffNumberTaken(taken=staff_number) from error
    _put_into_groups(person, roles)
    audit.record("portal.person_added", person, actor=actor, staff_number=staff_number, changes=added(person))
    return person


@transaction.atomic
def set_roles(person: Person, roles: Iterable[str], *, actor: Any = None) -> Person:
    """Give ``person`` exactly these roles."""
    before = snapshot(person)
    _put_into_groups(person, roles)
    if changed := since(before, person):
        audit.record("portal.roles_changed", person, actor=actor, changes=changed)
    # A fresh instance: role_names is read once an instance.
    return Person.objects.get(pk=person.pk)


def _put_into_groups(person: Person, roles: Iterable[str]) -> None:
    names = [Role(role).value for role in roles]
    for name in names:
        Group.objects.get_or_create(name=name)
    kept = Group.objects.filter(name__in=names)
    others = person.groups.exclude(name__in=Role.values)
    person.groups.set([*kept, *others])


def change_person(person: Person, *, actor: Any = None, **facts: Any) -> Person:
    """Correct facts of a person's record, such as ``name``, ``mobile`` or ``organisation``."""
    return change_fields(person, "portal.person_changed", actor=actor, exclude=("password",), **facts)


def clashing_assignments(
    person: Person, position: Position, start: dt.date, end: dt.date | None
) -> QuerySet[Assignment]:
    """Return assignments of ``person`` to ``position`` that share a day with ``start`` to ``end``."""
    clash = person.assignments.filter(position=position).filter(Q(end__isnull=True) | Q(end__gte=start))
    return clash if end is None else clash.filter(start__lte=end)


@transaction.atomic
def assign_position(
    person: Person,
    position: Position,
    *,
    start: dt.date,
    end: dt.date | None = None,
    organisation: Organisation | None = None,
    actor: Any = None,
    recorded_at: dt.datetime | None = None,
) -> Assignment:
    """Put ``person`` into ``position`` from ``start`` to ``end`` (both included; open without an end).

    Args:
        organisation: where the work is done; the person's own organisation by default.
        recorded_at: since when it has been on record, for what is taken over from elsewhere; now by default.

    Raises:
        EndsBeforeStart: the period is empty.
        AlreadyInPosition: the same post in an overlapping period.
    """
    if end is not None and end < start:
        raise EndsBeforeStart
    Person.objects.select_for_update().get(pk=person.pk)
    if clashing_assignments(person, position, start, end).exists():
        raise AlreadyInPosition(person=person.name, position=position.title)
    place = organisation or person.organisation or position.organisation
    assignment = Assignment(person=person, position=position, organisation=place, start=start, end=end)
    assignment.save(recorded_at=recorded_at)
    audit.record(
        "portal.position_assigned",
        person,
        actor=actor,
        position=position.title,
        changes=added(assignment),
    )
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, on: dt.date, *, actor: Any = None) -> Assignment:
    """End an assignment with ``on`` as its last day.

    Raises:
        EndsBeforeStart: ``on`` lies before its first day.
    """
    locked = Assignment.objects.select_for_update().select_related("position").get(pk=assignment.pk)
    if on < locked.start:
        raise EndsBeforeStart
    before = snapshot(locked)
    locked.end = on
    with acting(actor):
        locked.save(update_fields=["end"])
    audit.record(
        "portal.assignment_ended",
        f"portal.person:{locked.person_id}",
        actor=actor,
        position=locked.position.title,
        changes=since(before, locked),
    )
    return locked
