"""Who asks for training, who arranges it, and who reads whom a customer named."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import TrainingRequest
from courses.sessions.permissions import SCHEDULING_ROLES, branches_over, can_schedule, organisations_to_schedule_for
from portal.access.sight import organisations_in_sight
from portal.enums import Role, Tier
from portal.models import Organisation, Person


def firms_to_ask_for(person: Any) -> QuerySet[Organisation]:
    """Return the customers for which ``person`` may ask: a contact their own, who schedules those of the network."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return Organisation.objects.none()
    own = [place.pk for place in person.places if place.is_customer] if person.has_role(Role.CUSTOMER_CONTACT) else []
    if own:
        return Organisation.objects.filter(pk__in=own)
    return organisations_to_schedule_for(person).filter(tier=Tier.CUSTOMER)


def requests_for(person: Any) -> QuerySet[TrainingRequest]:
    """Return the requests ``person`` may read: of their own firm, those they may arrange, and in an auditor's sight."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return TrainingRequest.objects.none()
    seen = Q(organisation__in=firms_to_ask_for(person).order_by().values("pk"))
    if person.has_role(Role.AUDITOR):
        seen |= Q(organisation__in=organisations_in_sight(person).order_by().values("pk"))
    return TrainingRequest.objects.filter(seen)


def can_arrange(person: Any, request: TrainingRequest) -> bool:
    """Whether ``person`` may give the link, plan the session, decline it and match its people."""
    return can_schedule(person) and firms_to_ask_for(person).filter(pk=request.organisation_id).exists()


def arrangers_of(request: TrainingRequest) -> list[Person]:
    """Return who hears of a request: the managers of the branches above the customer; without any, administrators."""
    above = Organisation.objects.filter(path__in=branches_over([request.organisation])).exclude(tier=Tier.CUSTOMER)
    staff = Person.objects.belonging_to(above, timezone.localdate()).filter(is_active=True)
    managers = list(staff.filter(groups__name=Role.MANAGER).distinct())
    return managers or list(staff.filter(groups__name=Role.ADMINISTRATOR).distinct())


def is_of_the_firm(person: Any, request: TrainingRequest) -> bool:
    """Whether ``person`` is a contact of the customer and may change the list of names themselves."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return False
    return person.has_role(Role.CUSTOMER_CONTACT) and any(
        place.pk == request.organisation_id for place in person.places
    )


def may_use_requests(person: Any) -> bool:
    """Whether the list of requests means anything to ``person``."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return False
    return person.has_role(*SCHEDULING_ROLES, Role.CUSTOMER_CONTACT, Role.AUDITOR)
