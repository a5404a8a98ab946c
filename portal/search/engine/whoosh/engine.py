"""The embedded engine: one opened index a process, looked at again when something was committed."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from ..base import (
    Completion,
    EngineDocument,
    EngineError,
    EngineQuery,
    EngineResults,
    EngineUnavailable,
    Health,
    HealthState,
    Progress,
    Schema,
)
from .postings import BoundedCache, Posting
from .reader import OpenIndex
from .store import Store
from .writer import WhooshRebuild, apply

Answer = TypeVar("Answer")

#: Bytes of decoded postings kept a process and index: all of 30,000 articles.
POSTINGS_BUDGET = 96_000_000
#: Seconds an update waits for another writer.
WRITE_TIMEOUT = 30.0


class WhooshEngine:
    """See `portal.search.engine.base.Engine`."""

    def __init__(self, directory: Path, schema: Schema) -> None:
        self.schema = schema
        self.store = Store(directory, schema)
        self._postings: BoundedCache[Posting] = BoundedCache(POSTINGS_BUDGET)
        self._open: OpenIndex | None = None
        # Whoosh's readers seek in shared files, so one thread at a time; evaluation holds the GIL anyway.
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"<WhooshEngine {self.store.root}>"

    # Reading

    def _opened(self) -> OpenIndex:
        """Return the newest committed state."""
        if self._open is not None and self.store.is_current(self._open.stamp):
            return self._open
        directory = self.store.current()
        stamp = self.store.stamp(directory)
        fresh = self._open is None or self._open.stamp.generation != stamp.generation
        if fresh:
            self.store.verify(directory)
            self._postings.clear()
        before = None if fresh else self._open
        opened = OpenIndex(directory, stamp, self._postings, before)
        if self._open is not None:
            self._open.close()
        self._open = opened
        return opened

    def _read(self, question: Callable[[OpenIndex], Answer]) -> Answer:
        """Ask the opened index; once more with a fresh one when files went away under it."""
        with self._lock:
            try:
                return question(self._opened())
            except (EngineError, RecursionError):
                raise
            except Exception:
                self._let_go()
            try:
                return question(self._opened())
            except EngineError:
                raise
            except (OSError, EOFError, ValueError) as error:
                self._let_go()
                raise EngineUnavailable(f"{self.store.root} cannot be read: {error}") from error

    def search(self, query: EngineQuery) -> EngineResults:
        """See `Engine.search`."""
        return self._read(lambda opened: opened.search(query))

    def complete(
        self, field: str, prefix: str, limit: int = 10, filters: Mapping[str, Collection[str]] | None = None
    ) -> list[Completion]:
        """See `Engine.complete`."""
        return self._read(lambda opened: opened.complete(field, prefix, limit, filters or {}))

    def similar(self, field: str, token: str, distance: int = 1, limit: int = 10) -> list[Completion]:
        """See `Engine.similar`."""
        return self._read(lambda opened: [found for found, _ in opened.similar(field, token, distance, limit)])

    def frequency(self, field: str, token: str) -> int:
        """See `Engine.frequency`."""
        return self._read(lambda opened: opened.frequency(field, token))

    def health(self) -> Health:
        """See `Engine.health`."""
        found = self.store.health()
        if not found.state.searchable:
            return found
        try:
            documents = self._read(lambda opened: opened.documents)
        except Exception as error:
            return Health(HealthState.DAMAGED, str(error), generation=found.generation)
        return Health(found.state, found.detail, documents, found.generation)

    # Writing

    def update(self, documents: Iterable[EngineDocument], deletes: Iterable[str] = ()) -> None:
        """See `Engine.update`."""
        latest = {document.key: document for document in documents}
        keys = {*latest, *deletes}
        if not keys:
            return
        with self.store.lock("WRITE", WRITE_TIMEOUT), self._lock:
            directory = self.store.current()
            try:
                numbers = self._newest(directory).numbers_of_keys(keys)
                index = FileIndex(FileStorage(str(directory)))
                apply(index, self.schema, latest.values(), numbers)
                self.store.write_manifest(directory)
            except OSError as error:
                raise EngineUnavailable(f"{directory} cannot be written: {error}") from error

    def _newest(self, directory: Path) -> OpenIndex:
        """Return the state of the last commit, which a killed process may have left unannounced."""
        if not self.store.verify(directory):
            self.store.write_manifest(directory)
        return self._opened()

    def start_rebuild(self) -> WhooshRebuild:
        """See `Engine.start_rebuild`."""
        return WhooshRebuild(self.store, self.schema)

    def rebuild(self, documents: Iterable[EngineDocument], progress: Progress | None = None) -> str:
        """See `Engine.rebuild`."""
        started = self.start_rebuild()
        try:
            for document in documents:
                started.add((document,))
                if progress is not None:
                    progress(started.written)
        except BaseException:
            started.abort()
            raise
        return started.commit()

    def close(self) -> None:
        """See `Engine.close`."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._open is not None:
            opened, self._open = self._open, None
            opened.close()
        self._postings.clear()
