"""Categories above a category."""

from treebeard.mp_tree import MP_Node

from portal.models import EquipmentCategory


def self_and_ancestor_paths(category: EquipmentCategory) -> list[str]:
    """Return the tree paths of a category and everything above it, the root first."""
    step = MP_Node.steplen
    return [category.path[:length] for length in range(step, len(category.path) + 1, step)]
