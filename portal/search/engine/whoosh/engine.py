"""Whoosh engine: opening, writing, rebuilding."""

from collections.abc import Collection
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from portal.search.engine.base import EngineDocument, Schema
from portal.search.engine.embedded import EmbeddedEngine
from portal.search.engine.store import Store
from portal.search.engine.whoosh.reader import OpenIndex
from portal.search.engine.whoosh.segment import Caches
from portal.search.engine.whoosh.writer import WhooshRebuild, apply, newest_commit


class WhooshEngine(EmbeddedEngine[OpenIndex]):
    """See `portal.search.engine.base.Engine`."""

    def __init__(self, directory: Path, schema: Schema) -> None:
        super().__init__(Store(directory, schema, "whoosh", newest_commit), schema)
        self._caches = Caches()

    def start_rebuild(self) -> WhooshRebuild:
        """See `Engine.start_rebuild`."""
        return WhooshRebuild(self.store, self.schema)

    def _load(self, directory: Path, before: OpenIndex | None) -> OpenIndex:
        return OpenIndex(directory, self._caches, before)

    def _write(self, directory: Path, documents: Collection[EngineDocument], keys: set[str]) -> None:
        with self._lock:
            numbers = self._opened().numbers_of_keys(keys)
        apply(FileIndex(FileStorage(str(directory))), self.schema, documents, numbers)

    def _forget(self) -> None:
        self._caches.clear()

    def _is_damage(self, error: BaseException) -> bool:
        # Whooshes differ in the names of their errors, not in where these are defined; older ones raise a bare one.
        known = type(error) is Exception or type(error).__module__.startswith("whoosh.")
        return known or super()._is_damage(error)
