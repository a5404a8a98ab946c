"""Every index the portal keeps: its documents, and one for each family of models of Wagtail's search API.

The two hold different things for different readers. Wagtail's indexes answer `Model.objects.search()`, with filters
on model fields, mostly for editors. The index of documents answers people who look for help: chapters and records
of all kinds ranked against each other, with permission as a filter. They share the engine, the analyzer chain, the
outbox and the writer.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from django.apps import apps
from django.db.models import Model
from modelsearch.backends import get_search_backends
from modelsearch.backends.base import get_model_root
from modelsearch.index import class_is_indexed, get_indexed_instance

from portal.registry.search import SearchSource, sources, sources_for
from portal.search.backend import EngineSearchBackend
from portal.search.backend.index import EngineIndex
from portal.search.backend.mapping import document_of, models_of
from portal.search.engine import Engine, EngineDocument, get_engine
from portal.search.indexing.documents import DOCUMENT_SCHEMA, INDEX_NAME, to_engine

#: Records read from the database at once.
CHUNK = 200
#: Model label in lower case and primary keys of the records that changed.
Changed = dict[str, list[str]]
Changes = tuple[list[EngineDocument], list[str]]


class ManagedIndex(Protocol):
    """An index that can be filled from the database, wholly or for some records."""

    name: str

    @property
    def engine(self) -> Engine:
        """The engine that holds it."""

    def count(self) -> int:
        """Return how many records a rebuild reads."""

    def documents(self) -> Iterator[tuple[int, Sequence[EngineDocument]]]:
        """Yield every document, with the number of records each batch was made from."""

    def changes(self, changed: Changed) -> Changes:
        """Return the documents of the records and the keys or groups to be deleted before."""


def all_indexes() -> list[ManagedIndex]:
    """Return every index of this installation."""
    found: list[ManagedIndex] = [DocumentIndex()]
    for backend in get_search_backends():
        if isinstance(backend, EngineSearchBackend):
            found += [FamilyIndex(index) for index in backend.all_indexes()]
    return found


class DocumentIndex:
    """The portal's documents."""

    name = INDEX_NAME

    @property
    def engine(self) -> Engine:
        """See `ManagedIndex`."""
        return get_engine(self.name, DOCUMENT_SCHEMA)

    def count(self) -> int:
        """See `ManagedIndex`."""
        return sum(source.queryset().count() for source in sources())

    def documents(self) -> Iterator[tuple[int, Sequence[EngineDocument]]]:
        """See `ManagedIndex`."""
        for source in sources():
            for record in source.queryset().order_by("pk").iterator(chunk_size=CHUNK):
                yield 1, _documents_of(source, record)

    def changes(self, changed: Changed) -> Changes:
        """See `ManagedIndex`."""
        documents: list[EngineDocument] = []
        groups: list[str] = []
        for label, pks in changed.items():
            for source in sources_for(apps.get_model(label)):
                groups += [_group(source, pk) for pk in pks]
                for record in source.queryset().filter(pk__in=pks):
                    documents += _documents_of(source, record)
        return documents, groups


class FamilyIndex:
    """An index of Wagtail's search API: models with a common root."""

    def __init__(self, index: EngineIndex) -> None:
        self.index = index
        self.name = index.name

    @property
    def engine(self) -> Engine:
        """See `ManagedIndex`."""
        return self.index.engine

    def count(self) -> int:
        """See `ManagedIndex`."""
        return sum(model.get_indexed_objects().count() for model in models_of(self.index.root))

    def documents(self) -> Iterator[tuple[int, Sequence[EngineDocument]]]:
        """See `ManagedIndex`."""
        for model in models_of(self.index.root):
            for instance in model.get_indexed_objects().order_by("pk").iterator(chunk_size=CHUNK):
                yield 1, [document_of(instance)]

    def changes(self, changed: Changed) -> Changes:
        """See `ManagedIndex`."""
        documents: list[EngineDocument] = []
        keys: list[str] = []
        for label, pks in changed.items():
            model = apps.get_model(label)
            if not class_is_indexed(model) or get_model_root(model) is not self.index.root:
                continue
            keys += pks
            documents += [document_of(instance) for instance in _indexed_instances(model, pks)]
        return documents, keys


def _documents_of(source: SearchSource, record: Model) -> list[EngineDocument]:
    group = _group(source, record.pk)
    return [replace(to_engine(document), group=group) for document in source.documents(record)]


def _group(source: SearchSource, pk: object) -> str:
    """Return what all documents of one record are deleted by; no key of a document looks like it."""
    return f"{source.kind}@{source.model._meta.label_lower}#{pk}"


def _indexed_instances(model: type[Model], pks: Iterable[str]) -> Iterator[Model]:
    for instance in model._default_manager.filter(pk__in=list(pks)):
        indexed = get_indexed_instance(instance)
        if indexed is not None:
            yield indexed


def by_model(rows: Iterable[tuple[str, str]]) -> Changed:
    """Return changed records by model, each once."""
    changed: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for label, pk in rows:
        changed[label][pk] = None
    return {label: list(pks) for label, pks in changed.items()}
