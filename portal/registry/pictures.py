"""Registry of records that show images: an image they show is asked for through them, or seen by who may open one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

Readers = Callable[[Any, Iterable[Any]], bool]
#: Audience and whether it is published, of each record of some keys.
Audiences = Callable[[Iterable[Any]], Iterable[tuple[str, bool]]]


@dataclass(frozen=True)
class Showing:
    """A kind of record that shows images.

    Args:
        readers: whether a reader may open one of the records of some keys.
        audiences: for whom the records of some keys are, and whether each is published.
    """

    readers: Readers
    audiences: Audiences


_showing: dict[str, Showing] = {}


def register_showing(model: type[Model], readers: Readers, audiences: Audiences) -> None:
    """Register records of ``model``."""
    _showing[model._meta.label_lower] = Showing(readers, audiences)


def showing(label: str) -> Showing | None:
    """Return what is known of records of the model ``label`` (``kb.faultarticle``), None when it is not registered."""
    return _showing.get(label)
