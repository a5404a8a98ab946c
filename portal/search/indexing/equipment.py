"""Dependencies of documents that name equipment: model, alias and category changes reindex them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

from portal.models import EquipmentAlias, EquipmentCategory, EquipmentModel


def naming_equipment(model: type[Model]) -> dict[type[Model], Callable[[Any], Iterable[Model]]]:
    """Return what `SearchSource.related` needs for records that name their equipment and its category.

    Args:
        model: has a relation `equipment` to many equipment models and a foreign key `category`.
    """
    records = model._default_manager
    return {
        EquipmentModel: lambda machine: records.filter(equipment=machine),
        EquipmentAlias: lambda alias: records.filter(equipment=alias.model_id),
        EquipmentCategory: lambda category: records.filter(category=category),
    }
