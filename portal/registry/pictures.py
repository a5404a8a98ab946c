"""Registry of records that show images: an image they show is asked for through them, or seen by who may open one."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model

Readers = Callable[[Any, Iterable[Any]], bool]

_showing: dict[str, Readers] = {}


def register_showing(model: type[Model], readers: Readers) -> None:
    """Register records of ``model``; ``readers`` says whether a reader may open one of the records of some keys."""
    _showing[model._meta.label_lower] = readers


def showing(label: str) -> Readers | None:
    """Return who may open records of the model ``label`` (``kb.faultarticle``), None when it is not registered."""
    return _showing.get(label)
