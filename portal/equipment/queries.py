"""Queries on equipment: units in sight, ancestors of categories."""

from typing import Any

from django.db.models import Q, QuerySet

from portal.access.sight import below
from portal.audiences import is_staff_member
from portal.enums import TokenPurpose
from portal.models import AccessToken, EquipmentCategory, EquipmentUnit, Organisation


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


def may_see_customer(person: Any, unit: EquipmentUnit) -> bool:
    """Whether ``person`` may read the customer and location of the unit."""
    return units_in_sight(person).filter(pk=unit.pk).exists()


def unit_of(secret: str) -> EquipmentUnit | None:
    """Return the machine a label's secret belongs to; None for a wrong or revoked one."""
    token = AccessToken.objects.find(TokenPurpose.UNIT, secret)
    if token is None:
        return None
    number = token.subject.removeprefix("unit:")
    return EquipmentUnit.objects.select_related("model__category", "customer").filter(pk=number).first()


def self_and_ancestor_paths(category: EquipmentCategory) -> list[str]:
    """Return the tree paths of a category and everything above it, the root first."""
    return [EquipmentCategory._get_basepath(category.path, depth) for depth in range(1, category.depth + 1)]
