"""The reader's filters, as the index takes them."""

from .answers import Filters
from .documents import BRAND, EQUIPMENT, KIND, PHONE_DOABLE, SEVERITY
from .understanding.lexicon import Lexicon


def engine_filters(filters: Filters, lexicon: Lexicon) -> dict[str, list[str]]:
    """Return the filters as accepted values by keyword field.

    An equipment filter is a model's code or any of its names; one that is unknown admits nothing.
    """
    chosen: dict[str, list[str]] = {}
    if filters.equipment:
        chosen[EQUIPMENT] = sorted(equipment_of(filters, lexicon))
    for field, value in ((KIND, filters.kind), (BRAND, filters.brand), (SEVERITY, filters.severity)):
        if value:
            chosen[field] = [value]
    if filters.phone:
        chosen[PHONE_DOABLE] = ["true"]
    return chosen


def equipment_of(filters: Filters, lexicon: Lexicon) -> frozenset[str]:
    """Return the model codes the equipment filter stands for; the text itself where it is no known name."""
    if not filters.equipment:
        return frozenset()
    return lexicon.equipment_codes(filters.equipment) or frozenset({filters.equipment})
