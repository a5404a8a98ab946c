"""What the knowledge base shows on the page a machine's label opens."""

from django.db.models import Q
from django.http import HttpRequest

from kb.queries import faults_for, listed, listed_manuals, manuals_for
from portal.models import EquipmentUnit
from portal.registry.tiles import Tile

SHOWN = 6


def guides_panel(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return the fault articles about this model the reader may open, and how many more there are."""
    articles = faults_for(request.user).filter(equipment=unit.model).distinct()
    shown = list(listed(articles).order_by("number")[:SHOWN])
    if not shown:
        return None
    more = max(articles.count() - SHOWN, 0) if len(shown) == SHOWN else 0
    return Tile("kb/parts/unit_guides.html", {"articles": shown, "more": more, "model": unit.model})


def manuals_panel(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return the manuals of this model, or of its category, the reader may open."""
    fitting = Q(equipment=unit.model) | Q(equipment=None, category=unit.model.category)
    manuals = list(listed_manuals(manuals_for(request.user).filter(fitting).distinct())[:SHOWN])
    return Tile("kb/parts/unit_manuals.html", {"manuals": manuals}) if manuals else None
