"""The engine by default."""

from collections.abc import Collection
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from ..base import EngineDocument, Schema
from ..embedded import EmbeddedEngine
from ..store import Stamp, Store
from .postings import BoundedCache, Posting
from .reader import OpenIndex
from .writer import WhooshRebuild, apply, newest_commit

#: Bytes of decoded postings kept a process and index: all of 30,000 articles.
POSTINGS_BUDGET = 96_000_000


class WhooshEngine(EmbeddedEngine[OpenIndex]):
    """See `portal.search.engine.base.Engine`."""

    def __init__(self, directory: Path, schema: Schema) -> None:
        super().__init__(Store(directory, schema, "whoosh", newest_commit), schema)
        self._postings: BoundedCache[Posting] = BoundedCache(POSTINGS_BUDGET)

    def start_rebuild(self) -> WhooshRebuild:
        """See `Engine.start_rebuild`."""
        return WhooshRebuild(self.store, self.schema)

    def _load(self, directory: Path, stamp: Stamp, before: OpenIndex | None) -> OpenIndex:
        return OpenIndex(directory, stamp, self._postings, before)

    def _write(self, directory: Path, documents: Collection[EngineDocument], keys: set[str]) -> None:
        numbers = self._opened().numbers_of_keys(keys)
        apply(FileIndex(FileStorage(str(directory))), self.schema, documents, numbers)

    def _forget(self) -> None:
        self._postings.clear()
