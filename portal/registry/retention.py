"""Registry of the kinds of record: how long each is kept, and what of it nothing rests on."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise


def for_ever() -> dt.timedelta | None:
    """Return the term of what is kept without end."""
    return None


@dataclass(frozen=True)
class KindOfRecord:
    """A kind of record and how it is cleared.

    Args:
        key: stable, as it stands in the database.
        moment: field from which a record's term counts.
        term: how long it is kept as long as nobody approved another term; None is for ever.
        person: path to whose record it is, where the term can count from the day that person left.
        is_fixed: kept for ever whatever anybody says; ``why`` says on what ground.
        spare: narrows records to those nothing rests on; all of them by default.
        remove: deletes records by their keys, with what hangs on them; the records alone by default.
        least: no shorter term is approved: so long the records keep something from happening twice.
        kept: models whose rows the database itself keeps, and which go when the term is over.
    """

    key: str
    label: str | Promise
    model: type[Model]
    moment: str
    term: Callable[[], dt.timedelta | None] = for_ever
    person: str = ""
    is_fixed: bool = False
    why: str | Promise = ""
    spare: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    remove: Callable[[Collection[int]], object] | None = None
    least: dt.timedelta | None = None
    kept: tuple[type[Model], ...] = ()


_kinds: dict[str, KindOfRecord] = {}


def register_kind_of_record(kind: KindOfRecord) -> None:
    """Have a kind of record kept by its term; call this from ``AppConfig.ready``.

    Raises:
        ValueError: a kind that is kept for ever has a term.
    """
    if kind.is_fixed and kind.term() is not None:
        raise ValueError(f"{kind.key} is kept for ever and has a term.")
    _kinds[kind.key] = kind


def kinds_of_record() -> dict[str, KindOfRecord]:
    """Return the registered kinds by key: those that end first, then those kept for ever."""
    return dict(sorted(_kinds.items(), key=lambda item: (item[1].is_fixed, item[0])))
