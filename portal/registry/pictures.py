"""Registry of records that show images: an image they show is asked for through them, or seen by who may open one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

Readers = Callable[[Any, Iterable[Any]], bool]
#: Audience and whether it is published, of each record of some keys.
Audiences = Callable[[Iterable[Any]], Iterable[tuple[str, bool]]]

Linked = Callable[[Model], Iterable[Any]]


@dataclass(frozen=True)
class Showing:
    """A kind of record that shows images.

    Args:
        readers: whether a reader may open one of the records of some keys.
        audiences: for whom the records of some keys are, and whether each is published.
        linked: the keys of those that show an image by a relation to many, which the index of references leaves out.
    """

    readers: Readers
    audiences: Audiences
    linked: Linked | None = None


_showing: dict[str, Showing] = {}


def register_showing(model: type[Model], readers: Readers, audiences: Audiences, linked: Linked | None = None) -> None:
    """Register records of ``model``."""
    _showing[model._meta.label_lower] = Showing(readers, audiences, linked)


def showing(label: str) -> Showing | None:
    """Return what is known of records of the model ``label`` (``kb.faultarticle``), None when it is not registered."""
    return _showing.get(label)


def linked_to(image: Model) -> dict[str, list[str]]:
    """Return the keys of the records that show the image by a relation to many, by label of their model."""
    found = {label: [str(key) for key in known.linked(image)] for label, known in _showing.items() if known.linked}
    return {label: keys for label, keys in found.items() if keys}
