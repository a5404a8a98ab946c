"""Tile of fault articles on the pages of a unit and of its model."""

from django.http import HttpRequest
from django.utils import translation

from kb.faults.queries import faults_for, listed
from kb.translations.queries import title_in
from portal.models import EquipmentModel
from portal.registry.tiles import Tile

SHOWN = 6


def guides_tile(request: HttpRequest, model: EquipmentModel) -> Tile | None:
    """Return the fault articles about this model the reader may open, and how many more there are."""
    articles = faults_for(request.user).filter(equipment=model).distinct()
    shown = list(listed(articles).order_by("number")[:SHOWN])
    title_in(shown, translation.get_language())
    if not shown:
        return None
    more = max(articles.count() - SHOWN, 0) if len(shown) == SHOWN else 0
    return Tile("kb/faults/tiles/unit_guides.html", {"articles": shown, "more": more, "model": model})
