"""What engines that live in the portal's process have in common: one opened index, looked at again after a commit."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from .base import (
    Completion,
    EngineDocument,
    EngineError,
    EngineQuery,
    EngineResults,
    EngineUnavailable,
    Filters,
    Health,
    HealthState,
    Progress,
    Schema,
)
from .rebuilding import GenerationRebuild
from .store import Stamp, Store

#: Seconds an update waits for another writer.
WRITE_TIMEOUT = 30.0


class Opened(Protocol):
    """One committed state of an index."""

    stamp: Stamp
    documents: int

    def search(self, query: EngineQuery) -> EngineResults:
        """Answer a query."""

    def complete(self, field: str, prefix: str, limit: int, filters: Filters) -> list[Completion]:
        """See `Engine.complete`."""

    def similar(self, field: str, token: str, distance: int, limit: int) -> list[tuple[Completion, int]]:
        """See `Engine.similar`; each with its number of edits."""

    def frequency(self, field: str, token: str, filters: Filters) -> int:
        """See `Engine.frequency`."""

    def count(self, filters: Filters) -> int:
        """See `Engine.count`."""

    def close(self) -> None:
        """Close the files."""


State = TypeVar("State", bound=Opened)
Answer = TypeVar("Answer")


class EmbeddedEngine(ABC, Generic[State]):
    """See `portal.search.engine.base.Engine`."""

    def __init__(self, store: Store, schema: Schema) -> None:
        self.schema = schema
        self.store = store
        self._open: State | None = None
        # One thread at a time: readers seek in shared files, and the evaluation of a query holds the GIL anyway.
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.store.root}>"

    @abstractmethod
    def _load(self, directory: Path, stamp: Stamp, before: State | None) -> State:
        """Open a committed state; `before` is an older one of the same generation."""

    @abstractmethod
    def _write(self, directory: Path, documents: Collection[EngineDocument], keys: set[str]) -> None:
        """Delete keys and groups, add documents and commit; the write lock is held."""

    @abstractmethod
    def start_rebuild(self) -> GenerationRebuild:
        """See `Engine.start_rebuild`."""

    # Reading

    def _opened(self) -> State:
        """Return the newest committed state."""
        if self._open is not None and self.store.is_current(self._open.stamp):
            return self._open
        directory = self.store.current()
        stamp = self.store.stamp(directory)
        before = self._open if self._open is not None and self._open.stamp.generation == stamp.generation else None
        if before is None:
            self.store.verify(directory)
            self._forget()
        opened = self._load(directory, stamp, before)
        if self._open is not None:
            self._open.close()
        self._open = opened
        return opened

    def _read(self, question: Callable[[State], Answer]) -> Answer:
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

    def complete(self, field: str, prefix: str, limit: int = 10, filters: Filters | None = None) -> list[Completion]:
        """See `Engine.complete`."""
        return self._read(lambda opened: opened.complete(field, prefix, limit, filters or {}))

    def similar(self, field: str, token: str, distance: int = 1, limit: int = 10) -> list[Completion]:
        """See `Engine.similar`."""
        return self._read(lambda opened: [found for found, _ in opened.similar(field, token, distance, limit)])

    def frequency(self, field: str, token: str, filters: Filters | None = None) -> int:
        """See `Engine.frequency`."""
        return self._read(lambda opened: opened.frequency(field, token, filters or {}))

    def count(self, filters: Filters | None = None) -> int:
        """See `Engine.count`."""
        return self._read(lambda opened: opened.count(filters or {}))

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
            # What a killed process committed but did not announce is announced now, so that all see the same state.
            if not self.store.verify(directory):
                self.store.write_manifest(directory)
            try:
                self._write(directory, latest.values(), keys)
                self.store.write_manifest(directory)
            except OSError as error:
                raise EngineUnavailable(f"{directory} cannot be written: {error}") from error

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
        self._forget()

    def _forget(self) -> None:
        """Drop what was remembered of an older generation."""
