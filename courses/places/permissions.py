"""Who keeps the list of places, and whose training somebody arranges by office."""

from typing import Any

from django.db.models import QuerySet

from courses.models import Place
from portal.access.sight import below, organisations_in_sight
from portal.enums import Role
from portal.models import Organisation


def managed_organisations(person: Any) -> QuerySet[Organisation]:
    """Return whose sessions ``person`` runs by office: a manager's branch, an administrator's network."""
    if not getattr(person, "is_authenticated", False) or not person.is_active:
        return Organisation.objects.none()
    if person.has_role(Role.ADMINISTRATOR):
        return organisations_in_sight(person)
    if not person.has_role(Role.MANAGER):
        return Organisation.objects.none()
    return Organisation.objects.filter(below(place.path for place in person.places if not place.is_customer))


def may_see_places(person: Any) -> bool:
    """Whether ``person`` opens the list of places: whoever arranges training."""
    return person.has_role(Role.TRAINER, Role.MANAGER, Role.ADMINISTRATOR) and not any(
        place.is_customer for place in person.places
    )


def may_keep_place(person: Any, organisation: Organisation | None) -> bool:
    """Whether ``person`` adds and changes places of ``organisation``; those of nobody are the administrators'."""
    if organisation is None:
        return bool(person.is_active and person.has_role(Role.ADMINISTRATOR))
    return managed_organisations(person).filter(pk=organisation.pk).exists()


def places_to_keep(person: Any) -> QuerySet[Place]:
    """Return the places ``person`` may change."""
    kept = Place.objects.filter(organisation__in=managed_organisations(person).order_by().values("pk"))
    return kept | Place.objects.filter(organisation__isnull=True) if may_keep_place(person, None) else kept
