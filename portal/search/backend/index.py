"""The index of a family of models and its rebuild."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.module_loading import import_string
from modelsearch.backends.base import BaseIndex
from modelsearch.index import class_is_indexed

from portal.search.backend.mapping import document_key, document_of, schema_of
from portal.search.engine import Engine, get_engine
from portal.search.engine.base import CatchUp, Rebuild


class EngineIndex(BaseIndex):
    """The index of all models that descend from `root`."""

    def __init__(self, backend: Any, root: type[Model]) -> None:
        super().__init__(backend)
        self.root = root
        self.name = f"{backend.index_name}-{root._meta.app_label}_{root._meta.model_name}"

    def __str__(self) -> str:
        return self.name

    @property
    def engine(self) -> Engine:
        """The engine that holds it."""
        return get_engine(self.name, schema_of(self.root))

    def get_key(self) -> str:
        """Return its name, unique in the process."""
        return self.name

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        """Write instances in one commit."""
        if class_is_indexed(model):
            self.engine.update([document_of(item) for item in items if class_is_indexed(type(item))])

    def delete_item(self, item: Model) -> None:
        """Delete an instance."""
        if class_is_indexed(type(item)):
            self.engine.update([], [document_key(item)])

    def reset(self) -> None:
        """Make it empty."""
        self.engine.rebuild([])


class RebuildingIndex(EngineIndex):
    """A new generation of an index: takes instances, is not searched yet."""

    def __init__(self, index: EngineIndex, rebuild: Rebuild) -> None:
        super().__init__(index.backend, index.root)
        self.rebuild = rebuild

    def add_items(self, model: type[Model], items: Iterable[Model]) -> None:
        """Write instances into the new generation."""
        if class_is_indexed(model):
            self.rebuild.add(document_of(item) for item in items if class_is_indexed(type(item)))


class EngineRebuilder:
    """Fills a new generation and swaps it in at the end; searches go on in the old one.

    Args:
        index: to be rebuilt.
    """

    def __init__(self, index: EngineIndex) -> None:
        self.index = index
        self._catch_up: CatchUp | None = None
        self._rebuild: Rebuild | None = None

    def start(self) -> RebuildingIndex:
        """Return the index to be filled."""
        if self.index.backend.catch_up:
            self._catch_up = import_string(self.index.backend.catch_up)(self.index)
        self._rebuild = self.index.engine.start_rebuild()
        return RebuildingIndex(self.index, self._rebuild)

    def finish(self) -> None:
        """Swap the new generation in."""
        if self._rebuild is not None:
            rebuild, self._rebuild = self._rebuild, None
            rebuild.commit(self._catch_up)

    def abort(self) -> None:
        """Throw the new generation away."""
        if self._rebuild is not None:
            rebuild, self._rebuild = self._rebuild, None
            rebuild.abort()

    def __del__(self) -> None:
        self.abort()
