"""Row-level sight: the people and organisations whose records a person may see (branch, network or only their own)."""

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.audiences import is_staff_member
from portal.enums import Role, Tier
from portal.models import EquipmentUnit, Organisation, Person
from portal.models.people import belongs_to

# Roles that see the whole network, not only their own branch of it.
NETWORK_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR)
# Roles that see the branch below their own organisation.
BRANCH_ROLES = (Role.DISPATCHER, Role.MANAGER, Role.TRAINER, Role.ASSESSOR, Role.REGIONAL_ADMINISTRATOR)


def organisations_in_sight(person: Any) -> QuerySet:
    """Return the organisations whose people and records ``person`` may see.

    Administrators and auditors see their whole network (the tree they work in; all trees without a place), branch
    roles what stands below the places they work at today, everybody else nothing but themselves.
    """
    everything = Organisation.objects.all()
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return everything.none()
    if person.is_superuser:
        return everything
    if person.has_role(*NETWORK_ROLES):
        roots = {place.path[: Organisation.steplen] for place in person.places}
        return everything.filter(below(roots)) if roots else everything
    if person.has_role(*BRANCH_ROLES) and person.places:
        return everything.filter(below(place.path for place in person.places))
    return everything.none()


def below(paths: Iterable[str]) -> Q:
    """Return the filter of tree nodes at or below one of ``paths``; nothing for no path."""
    return reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk__in=()))


def people_in_sight(person: Any, day: dt.date | None = None) -> QuerySet:
    """Return the people whose records ``person`` may see: who works in their sight, and themselves.

    Args:
        day: of what is asked, so that everybody who sees a place counts the same people there; today by default.
            What ``person`` sees is always that of today.
    """
    if not getattr(person, "is_authenticated", False):
        return Person.objects.none()
    works_there = belongs_to(organisations_in_sight(person), day or timezone.localdate())
    return Person.objects.filter(works_there | Q(pk=person.pk))


def can_see_person(asker: Any, subject: Any) -> bool:
    """Whether ``asker`` may see the record of ``subject``."""
    return people_in_sight(asker).filter(pk=subject.pk).exists()


def people_of_network(person: Any) -> QuerySet:
    """Return the colleagues ``person`` may know to exist: who works in the same network, customers apart.

    Their names stand in lists that everybody of the network sees; their records are another matter.
    """
    if not is_staff_member(person):
        return Person.objects.none()
    network = Organisation.objects.filter(below({place.path[: Organisation.steplen] for place in person.places}))
    return Person.objects.belonging_to(network.exclude(tier=Tier.CUSTOMER), timezone.localdate())


def units_in_sight(person: Any) -> QuerySet[EquipmentUnit]:
    """Return the machines ``person`` may look up: staff those of their network, a customer its own.

    Anybody else reaches a machine by its label only.
    """
    units = EquipmentUnit.objects.select_related("model__category", "customer")
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return units.none()
    if person.is_superuser:
        return units
    if not is_staff_member(person):
        return units.filter(customer__in=[place.pk for place in person.places])
    network = Organisation.objects.filter(below({place.path[: Organisation.steplen] for place in person.places}))
    return units.filter(Q(customer__in=network.order_by().values("pk")) | Q(customer__isnull=True))


# Who may ask the duty question about somebody else (about oneself: always).
DUTY_ROLES = (Role.DISPATCHER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)


def can_ask_duty(asker: Any, subject: Any) -> bool:
    """Whether ``asker`` may ask "may this person do this, today?" about ``subject``."""
    if not getattr(asker, "is_authenticated", False) or not asker.is_active:
        return False
    return asker.pk == subject.pk or (asker.has_role(*DUTY_ROLES) and can_see_person(asker, subject))
