"""Whose records a person may see: the branch, the whole network, or only their own."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.enums import Role
from portal.models import Organisation, Person

# Roles that see the whole network, not only their own branch of it.
NETWORK_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR)
# Roles that see the branch below their own organisation.
BRANCH_ROLES = (Role.DISPATCHER, Role.MANAGER, Role.TRAINER, Role.ASSESSOR)


def organisations_in_sight(person: Any) -> QuerySet:
    """Return the organisations whose people and records ``person`` may see.

    Administrators and auditors see their whole network (the tree their organisation stands in; all trees without
    one), dispatchers, managers, trainers and assessors their own branch, everybody else nothing but themselves.
    """
    everything = Organisation.objects.all()
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return everything.none()
    if person.is_superuser:
        return everything
    home = person.organisation
    if person.has_role(*NETWORK_ROLES):
        return everything.filter(path__startswith=home.path[: Organisation.steplen]) if home else everything
    if home is not None and person.has_role(*BRANCH_ROLES):
        return everything.filter(path__startswith=home.path)
    return everything.none()


def people_in_sight(person: Any) -> QuerySet:
    """Return the people whose records ``person`` may see: those of organisations in sight, and themselves."""
    if not getattr(person, "is_authenticated", False):
        return Person.objects.none()
    return Person.objects.filter(Q(organisation__in=organisations_in_sight(person).values("pk")) | Q(pk=person.pk))


def can_see_person(asker: Any, subject: Any) -> bool:
    """Whether ``asker`` may see the record of ``subject``."""
    return people_in_sight(asker).filter(pk=subject.pk).exists()


# Who may ask the duty question about somebody else (about oneself: always).
DUTY_ROLES = (Role.DISPATCHER, Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR)


def can_ask_duty(asker: Any, subject: Any) -> bool:
    """Whether ``asker`` may ask "may this person do this, today?" about ``subject``."""
    if not getattr(asker, "is_authenticated", False) or not asker.is_active:
        return False
    return asker.pk == subject.pk or (asker.has_role(*DUTY_ROLES) and can_see_person(asker, subject))
