"""Tile of diagnosis guides on the page of a unit."""

from django.db.models import Q
from django.http import HttpRequest

from kb.diagnosis.queries import guides_for, listed
from portal.models import EquipmentUnit
from portal.registry.tiles import Tile

SHOWN = 6


def diagnosis_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return the guides the reader may follow that name this model, or no model and its category or one above."""
    above = Q(equipment__isnull=True, category__in=unit.model.category.get_ancestors()) | Q(
        equipment__isnull=True, category=unit.model.category
    )
    guides = guides_for(request.user).filter(Q(equipment=unit.model) | above).distinct()
    shown = list(listed(guides).order_by("number")[:SHOWN])
    return Tile("kb/diagnosis/tiles/unit_diagnosis.html", {"guides": shown, "model": unit.model}) if shown else None
