"""Context of the knowledge base's start page: categories with counts of their content."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from kb.faults.queries import count_by, faults_for
from kb.manuals.queries import manuals_for
from portal.models import EquipmentCategory


@dataclass
class CategoryCard:
    """A category with what the reader may open in it."""

    category: EquipmentCategory
    faults: int = 0
    manuals: int = 0


def category_cards(reader: Any) -> list[CategoryCard]:
    """Return the categories that hold articles or manuals for ``reader``, in the order of the tree."""
    faults = count_by(faults_for(reader), "category")
    manuals = dict(manuals_for(reader).order_by().values_list("category").annotate(Count("pk")))
    categories = EquipmentCategory.objects.filter(pk__in={*faults, *manuals}).order_by("path")
    return [CategoryCard(category, faults.get(category.pk, 0), manuals.get(category.pk, 0)) for category in categories]
