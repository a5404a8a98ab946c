"""The lexicon of this process, read from the records editors and administrators maintain."""

from __future__ import annotations

import threading
import time

from portal.search.sources import sources

from .lexicon import EquipmentNames, Lexicon, SynonymSet

#: Seconds after which another process's change of an alias or synonym is seen here.
LEXICON_SECONDS = 30.0

_lock = threading.Lock()
_current: tuple[float, Lexicon] | None = None


def current_lexicon() -> Lexicon:
    """Return the lexicon, read again at most every `LEXICON_SECONDS` or after `forget_lexicon`."""
    global _current
    known = _current
    if known is None or time.monotonic() - known[0] > LEXICON_SECONDS:
        with _lock:
            known = _current
            if known is None or time.monotonic() - known[0] > LEXICON_SECONDS:
                known = _current = (time.monotonic(), load_lexicon())
    return known[1]


def forget_lexicon(**kwargs: object) -> None:
    """Read the lexicon again at the next search; connected to changes of equipment and synonyms."""
    global _current
    _current = None


def load_lexicon() -> Lexicon:
    """Read equipment, categories, aliases and synonyms (four queries)."""
    from portal.models import EquipmentCategory, EquipmentModel
    from portal.models.search import SynonymGroup, SynonymKind

    equipment: list[EquipmentNames] = []
    for model in EquipmentModel.objects.select_related("category").prefetch_related("aliases"):
        names = (model.name, model.name_en, model.family, *(alias.name for alias in model.aliases.all()))
        equipment.append(EquipmentNames(model.code, names, category=model.category.code, brand=model.brand))
    for category in EquipmentCategory.objects.all():
        names = (category.name, category.name_en, *category.aliases)
        equipment.append(EquipmentNames(category.code, names, is_category=True))
    synonyms = [
        SynonymSet(tuple(group.terms), group.kind == SynonymKind.ONE_WAY)
        for group in SynonymGroup.objects.filter(is_active=True)
    ]
    kinds = [(source.kind, (str(source.label), *source.words)) for source in sources()]
    return Lexicon(equipment, synonyms, kinds)
