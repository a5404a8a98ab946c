"""The predicates every door asks: page, search, API, feed, document, PDF, QR.

Two questions: may this reader open something of this audience, and which organisations are in this person's sight.
Nothing else in the project compares roles to decide who may see what.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse

from portal.enums import Audience, Role

# Roles that see the whole network, not only their own branch of it.
NETWORK_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR)
# Roles that see the branch below their own organisation.
BRANCH_ROLES = (Role.DISPATCHER, Role.MANAGER, Role.TRAINER, Role.ASSESSOR)
# Roles that may open restricted knowledge (accident files, answer keys' explanations in drafts).
RESTRICTED_ROLES = (Role.ADMINISTRATOR, Role.AUDITOR, Role.EDITOR, Role.TRAINER, Role.MANAGER)


def audiences_of(reader: Any) -> frozenset[str]:
    """Return the audiences whose content ``reader`` may open.

    Args:
        reader: a Person or AnonymousUser. People of a customer see what customers see, whatever their role.
    """
    if not getattr(reader, "is_authenticated", False) or not reader.is_active:
        return frozenset({Audience.PUBLIC})
    if reader.is_superuser:
        return frozenset(Audience.values)
    if reader.organisation is None or reader.organisation.is_customer:
        return frozenset({Audience.PUBLIC, Audience.CUSTOMERS})
    seen = {Audience.PUBLIC, Audience.CUSTOMERS, Audience.STAFF}
    if reader.has_role(*RESTRICTED_ROLES):
        seen.add(Audience.RESTRICTED)
    return frozenset(seen)


def can_open(reader: Any, audience: str) -> bool:
    """Whether ``reader`` may open something of ``audience``."""
    return audience in audiences_of(reader)


def readable(queryset: QuerySet, reader: Any) -> QuerySet:
    """Narrow a queryset of records with an ``audience`` field to what ``reader`` may open."""
    return queryset.filter(audience__in=audiences_of(reader))


def refuse_reader(request: HttpRequest) -> HttpResponse:
    """Ask an anonymous reader to sign in; tell a signed-in one no (403).

    Raises:
        PermissionDenied: for a signed-in reader.
    """
    # Imported late: it needs the auth user model, and the page models here are loaded before it.
    from django.contrib.auth.views import redirect_to_login

    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    raise PermissionDenied


def is_staff_member(person: Any) -> bool:
    """Whether the person belongs to the service network (not to a customer) and is active."""
    return Audience.STAFF in audiences_of(person)


def organisations_in_sight(person: Any) -> QuerySet:
    """Return the organisations whose people and records ``person`` may see.

    Administrators and auditors see their whole network (the tree their organisation stands in; all trees without
    one), dispatchers, managers, trainers and assessors their own branch, everybody else nothing but themselves.
    """
    from portal.models import Organisation

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
    from portal.models import Person

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
