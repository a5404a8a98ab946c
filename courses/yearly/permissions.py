"""Who says what is needed, makes and approves plans, and reads them."""

from typing import Any

from django.db.models import QuerySet

from courses.models import OwnNeed, TrainingNeed, YearlyPlan
from courses.sessions.permissions import managed_organisations
from portal.access.sight import organisations_in_sight
from portal.enums import Role, Tier
from portal.models import Organisation, PortalSettings


def may_see_plans(person: Any) -> bool:
    """Whether yearly plans mean anything to ``person``: managers, administrators, auditors."""
    is_known = getattr(person, "is_authenticated", False) and person.is_active
    return is_known and person.has_role(Role.MANAGER, Role.ADMINISTRATOR, Role.AUDITOR)


def branches_to_plan(person: Any) -> QuerySet[Organisation]:
    """Return the branches ``person`` plans for, customers apart."""
    return managed_organisations(person).exclude(tier=Tier.CUSTOMER).order_by("path")


def _read(person: Any) -> QuerySet[Organisation]:
    if not may_see_plans(person):
        return Organisation.objects.none()
    if person.has_role(Role.ADMINISTRATOR, Role.AUDITOR):
        return organisations_in_sight(person)
    return managed_organisations(person)


def visible_plans(person: Any) -> QuerySet[YearlyPlan]:
    """Return the plans of the branches in sight."""
    places = _read(person).order_by().values("pk")
    return YearlyPlan.objects.filter(organisation__in=places).select_related("organisation", "approved_by")


def visible_needs(person: Any) -> QuerySet[TrainingNeed]:
    """Return the needs of the branches in sight."""
    places = _read(person).order_by().values("pk")
    return TrainingNeed.objects.filter(organisation__in=places).select_related("organisation", "module", "said_by")


def may_say_own_need(person: Any) -> bool:
    """Whether ``person`` may say what they need themselves: staff with a place of work, where that is asked for."""
    is_known = getattr(person, "is_authenticated", False) and person.is_active
    if not is_known or person.organisation is None or any(place.is_customer for place in person.places):
        return False
    return PortalSettings.load().people_say_needs


def visible_own_needs(person: Any) -> QuerySet[OwnNeed]:
    """Return what people of the branches in sight said for themselves."""
    places = _read(person).order_by().values("pk")
    found = OwnNeed.objects.filter(organisation__in=places, person__is_active=True)
    return found.select_related("organisation", "module", "person")


def can_plan(person: Any, organisation: Organisation) -> bool:
    """Whether ``person`` plans for a branch."""
    return branches_to_plan(person).filter(pk=organisation.pk).exists()
