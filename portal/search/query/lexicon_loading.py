"""Load the lexicon from the database and cache it in the process."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.db import transaction

from portal.models import EquipmentCategory, EquipmentModel
from portal.models.search import SynonymGroup, SynonymKind
from portal.registry.search import sources
from portal.search.query.lexicon import EquipmentNames, Lexicon, SynonymSet

#: Seconds after which another process's change of an alias or synonym is seen here.
LEXICON_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Kept:
    """A lexicon, when it was read (monotonic seconds), and the last change of this process it knows of."""

    lexicon: Lexicon
    read_at: float
    change: object


_reading = threading.Lock()
_kept: _Kept | None = None
_change = object()


def current_lexicon() -> Lexicon:
    """Return the lexicon, read again at most every `LEXICON_SECONDS` or after `forget_lexicon`.

    While one thread reads it again because it has grown old, the others answer from the old one. A change made in this
    process is waited for.
    """
    known = _kept
    if known is not None and known.change is _change:
        if time.monotonic() - known.read_at <= LEXICON_SECONDS:
            return known.lexicon
        if not _reading.acquire(blocking=False):
            return known.lexicon
    else:
        _reading.acquire()
    try:
        # Another thread may have read it while this one waited.
        return known.lexicon if (known := _fresh()) is not None else _read().lexicon
    finally:
        _reading.release()


def forget_lexicon() -> None:
    """Read the lexicon again at the next search, also where a reading under way began before this."""
    global _change
    _change = object()


def forget_once_committed(**kwargs: object) -> None:
    """Forget the lexicon when the change of a record can be seen by others; connected to equipment and synonyms."""
    transaction.on_commit(forget_lexicon)


def _fresh() -> _Kept | None:
    known = _kept
    if known is None or known.change is not _change or time.monotonic() - known.read_at > LEXICON_SECONDS:
        return None
    return known


def _read() -> _Kept:
    global _kept
    # Noted before reading: what changes meanwhile makes this one old at once.
    change = _change
    _kept = _Kept(load_lexicon(), time.monotonic(), change)
    return _kept


def load_lexicon() -> Lexicon:
    """Read equipment, categories, aliases and synonyms (four queries)."""
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
