"""Queries on equipment: units in sight, ancestors of categories."""

from typing import Any

from portal.access.sight import units_in_sight
from portal.models import EquipmentCategory, EquipmentUnit


def may_see_customer(person: Any, unit: EquipmentUnit) -> bool:
    """Whether ``person`` may read the customer and location of the unit."""
    return units_in_sight(person).filter(pk=unit.pk).exists()


def self_and_ancestor_paths(category: EquipmentCategory) -> list[str]:
    """Return the tree paths of a category and everything above it, the root first; where it stood, if that is asked."""
    if category.stood_in is not None:
        return sorted(category.stood_in)
    return [EquipmentCategory._get_basepath(category.path, depth) for depth in range(1, category.depth + 1)]
