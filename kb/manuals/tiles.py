"""Tile of manuals on the pages of a unit and of its model."""

from django.db.models import Q
from django.http import HttpRequest
from django.utils import translation

from kb.manuals.queries import listed_manuals, manuals_for
from kb.translations.queries import title_in
from portal.models import EquipmentModel
from portal.registry.tiles import Tile

SHOWN = 6


def manuals_tile(request: HttpRequest, model: EquipmentModel) -> Tile | None:
    """Return the manuals of this model, or of its category, the reader may open."""
    fitting = Q(equipment=model) | Q(equipment=None, category=model.category)
    manuals = list(listed_manuals(manuals_for(request.user).filter(fitting).distinct())[:SHOWN])
    title_in(manuals, translation.get_language(), "summary")
    return Tile("kb/manuals/tiles/unit_manuals.html", {"manuals": manuals}) if manuals else None
