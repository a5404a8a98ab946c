"""Base class of engines that run in the portal's process: one open index, reopened after a commit."""

import struct
import threading
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from pickle import UnpicklingError
from typing import ClassVar, Generic, Protocol, TypeVar

from portal.search.engine.base import (
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
from portal.search.engine.content import DamagedContentError
from portal.search.engine.fields import check_fields, check_query, check_text
from portal.search.engine.rebuilding import GenerationRebuild, fill
from portal.search.engine.store import Stamp, Store

#: Seconds an update waits for another writer.
WRITE_TIMEOUT = 30.0


class NotOpenedError(Exception):
    """Files of an index could not be opened."""


#: What reading raises when files went away, are short, or hold something else than was written: what is asked for is
#: checked to be text, so only what is read may fail to be any.
DAMAGE = (
    *(NotOpenedError, DamagedContentError, OSError, EOFError),
    *(struct.error, zlib.error, UnpicklingError, UnicodeError),
)


class Opened(Protocol):
    """One committed state of an index."""

    #: Whether one thread at a time may ask it.
    exclusive: ClassVar[bool]
    documents: int

    def search(self, query: EngineQuery) -> EngineResults:
        """Answer a query."""

    def complete(self, field: str, prefix: str, limit: int, filters: Filters) -> list[Completion]:
        """See `Engine.complete`."""

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
        self._open: tuple[Stamp, State] | None = None
        # Held while the opened state changes, and during a question to a state that is exclusive; never in a commit.
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.store.root}>"

    @abstractmethod
    def _load(self, directory: Path, before: State | None) -> State:
        """Open a committed state; `before` is an older one of the same generation."""

    @abstractmethod
    def _write(self, directory: Path, documents: Collection[EngineDocument], keys: set[str]) -> None:
        """Delete keys and groups, add documents and commit; the write lock is held."""

    @abstractmethod
    def start_rebuild(self) -> GenerationRebuild:
        """See `Engine.start_rebuild`."""

    # Reading

    def _opened(self) -> State:
        """Return the newest committed state; the lock is held."""
        if self._open is not None and self.store.is_current(self._open[0]):
            return self._open[1]
        stamp = self.store.stamp()
        before = self._open[1] if self._open is not None and self._open[0].generation == stamp.generation else None
        directory = self.store.root / stamp.generation
        if before is None:
            self.store.verify(directory, every_byte=True)
            self._forget()
        elif self._open is not None and self._open[0].manifest == stamp.manifest:
            # Nothing was committed, so somebody else wrote into the files.
            self.store.verify(directory)
        try:
            opened = self._load(directory, before)
        except Exception as error:
            # Whoosh unpickles its table of contents, and tantivy knows one error for all.
            raise NotOpenedError(repr(error)) from error
        if self._open is not None:
            self._open[1].close()
        self._open = stamp, opened
        return opened

    def _ask(self, question: Callable[[State], Answer]) -> Answer:
        with self._lock:
            opened = self._opened()
            if opened.exclusive:
                return question(opened)
        return question(opened)

    def _read(self, question: Callable[[State], Answer]) -> Answer:
        """Ask the opened index; once more with a fresh one when files went away under it."""
        try:
            return self._ask(question)
        except BaseException as error:
            self._pass_on(error)
        self.close()
        try:
            return self._ask(question)
        except BaseException as error:
            self._pass_on(error)
            self.close()
            if not isinstance(error, OSError) and not isinstance(error.__cause__, OSError):
                # Nothing took it away: what is written there is wrong, which the sizes of the files do not tell.
                self.store.distrust()
            raise EngineUnavailable(f"{self.store.root} cannot be read: {error!r}") from error

    def _pass_on(self, error: BaseException) -> None:
        """Let an error pass that says nothing of the files; return for one that means they are damaged."""
        if isinstance(error, EngineError) or not self._is_damage(error):
            raise error

    def _is_damage(self, error: BaseException) -> bool:
        """Return whether an error means that files are damaged; engines have further ones of their own."""
        return isinstance(error, DAMAGE)

    def search(self, query: EngineQuery) -> EngineResults:
        """See `Engine.search`."""
        check_query(self.schema, query)
        return self._read(lambda opened: opened.search(query))

    def complete(self, field: str, prefix: str, limit: int = 10, filters: Filters | None = None) -> list[Completion]:
        """See `Engine.complete`."""
        check_fields(self.schema, (field,), filters, (prefix,))
        return self._read(lambda opened: opened.complete(field, prefix, limit, filters or {}))

    def frequency(self, field: str, token: str, filters: Filters | None = None) -> int:
        """See `Engine.frequency`."""
        check_fields(self.schema, (field,), filters, (token,))
        return self._read(lambda opened: opened.frequency(field, token, filters or {}))

    def count(self, filters: Filters | None = None) -> int:
        """See `Engine.count`."""
        check_fields(self.schema, (), filters)
        return self._read(lambda opened: opened.count(filters or {}))

    def health(self) -> Health:
        """See `Engine.health`."""
        found = self.store.health()
        if not found.state.searchable:
            return found
        try:
            documents = self._read(lambda opened: opened.documents)
        except EngineError as error:
            return Health(HealthState.DAMAGED, str(error), generation=found.generation)
        return Health(found.state, found.detail, documents, found.generation)

    # Writing

    def update(self, documents: Iterable[EngineDocument], deletes: Iterable[str] = ()) -> None:
        """See `Engine.update`."""
        latest = {document.key: document for document in documents}
        keys = {*latest, *deletes}
        if not keys:
            return
        check_text(keys)
        with self.store.lock("WRITE", WRITE_TIMEOUT):
            directory = self.store.root / self.store.stamp().generation
            # What a killed process committed but did not announce is announced now, so that all see the same state.
            if not self.store.verify(directory):
                self.store.write_manifest(directory)
            try:
                self._write(directory, latest.values(), keys)
                self.store.write_manifest(directory)
            except BaseException as error:
                if not self._is_damage(error):
                    raise
                raise EngineUnavailable(f"{directory} cannot be written: {error!r}") from error

    def rebuild(self, documents: Iterable[EngineDocument], progress: Progress | None = None) -> str:
        """See `Engine.rebuild`."""
        return fill(self.start_rebuild(), documents, progress)

    def close(self) -> None:
        """See `Engine.close`."""
        with self._lock:
            if self._open is not None:
                (_, opened), self._open = self._open, None
                opened.close()
            self._forget()

    def _forget(self) -> None:
        """Drop what was remembered of an older generation."""
