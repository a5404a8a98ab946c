"""Registry of what shows pictures: articles, guides, editions. Each asks its own predicate before one is served."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.http import HttpRequest

from kb.pictures import drafts
from kb.pictures.queries import Opened
from portal.registry import pictures


@dataclass(frozen=True)
class PictureSource:
    """A kind of record that shows pictures.

    Args:
        kind: part of the address.
        model: the record.
        opened: returns what a reader sees of the record of a name, None when they may not open it or there is none.
        readers: whether the reader may open one of the records of these keys: for copies asked for without a place.
        audiences: of the records of these keys, each with whether it is published; such copies carry the reader's
            name where all of them are restricted.
        linked: the keys of the records that show an image by a relation to many; None where none do.
    """

    kind: str
    model: type[Model]
    opened: Callable[[HttpRequest, str], Opened | None]
    readers: pictures.Readers
    audiences: pictures.Audiences
    linked: pictures.Linked | None = None


_sources: dict[str, PictureSource] = {}


def register_pictures(source: PictureSource) -> None:
    """Register a kind; registering it again replaces it."""
    _sources[source.kind] = source
    pictures.register_showing(source.model, source.readers, source.audiences, source.linked)


def opened_place(request: HttpRequest, kind: str, name: str) -> Opened | None:
    """Return what the reader sees of a record, None where there is nothing for them."""
    if kind == drafts.KIND:
        return drafts.opened(request, name)
    source = _sources.get(kind)
    return source.opened(request, name) if source else None
