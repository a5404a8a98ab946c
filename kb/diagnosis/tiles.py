"""Tile of diagnosis guides on the pages of a unit and of its model."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils import translation

from kb.diagnosis.queries import guides_for, listed
from kb.translations.queries import title_in
from portal.models import EquipmentModel
from portal.registry.tiles import Tile

SHOWN = 6


def diagnosis_tile(request: HttpRequest, model: EquipmentModel) -> Tile | None:
    """Return the guides the reader may follow that name this model, or no model and its category or one above."""
    above = Q(equipment__isnull=True, category__in=model.category.get_ancestors()) | Q(
        equipment__isnull=True, category=model.category
    )
    guides = guides_for(request.user).filter(Q(equipment=model) | above).distinct()
    shown = list(listed(guides).order_by("number")[:SHOWN])
    title_in(shown, translation.get_language())
    return Tile("kb/diagnosis/tiles/unit_diagnosis.html", {"guides": shown, "model": model}) if shown else None
