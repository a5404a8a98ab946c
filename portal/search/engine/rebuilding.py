"""Build a new generation beside the one in use; common to all embedded engines."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Self

from portal.search.engine.base import CatchUp, EngineDocument, Progress, Rebuild, Schema
from portal.search.engine.store import Store

logger = logging.getLogger(__name__)

#: Seconds the swap waits for a writer to finish its commit.
SWAP_TIMEOUT = 60.0


def fill(new: Rebuild, documents: Iterable[EngineDocument], progress: Progress | None = None) -> str:
    """Write all documents into a new generation, swap it in and return its name; see `Engine.rebuild`."""
    with new:
        for document in documents:
            new.add((document,))
            if progress is not None:
                progress(new.written)
        return new.commit()


class GenerationRebuild(ABC):
    """See `portal.search.engine.base.Rebuild`."""

    def __init__(self, store: Store, schema: Schema) -> None:
        self.store = store
        self.schema = schema
        self.written = 0
        self._ended = False
        self._lock = ExitStack()
        self._lock.enter_context(store.lock("REBUILD", timeout=0))
        try:
            # Under the rebuild lock every generation but the one in use is left over from a killed rebuild.
            store.sweep(keep={store.current_name()})
            self.directory = store.new_generation()
            self._create()
        except BaseException:
            # A disk that filled up while the directory was made; still under the lock.
            self._sweep()
            self._lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.abort()

    @abstractmethod
    def _create(self) -> None:
        """Make an empty index in the new directory."""

    @abstractmethod
    def _write(self, document: EngineDocument) -> None:
        """Add a document."""

    @abstractmethod
    def _flush(self) -> None:
        """Commit what was added."""

    @abstractmethod
    def _cancel(self) -> None:
        """Let go of what was added since the last commit; nothing may be open any more."""

    @abstractmethod
    def _apply(self, documents: Sequence[EngineDocument], keys: set[str]) -> None:
        """Delete keys and groups, add documents and commit."""

    def add(self, documents: Iterable[EngineDocument]) -> None:
        """Write further documents."""
        for document in documents:
            self._write(document)
            self.written += 1

    def commit(self, catch_up: CatchUp | None = None) -> str:
        """Swap the new generation in; see `Rebuild.commit`."""
        try:
            self._flush()
            with self.store.lock("WRITE", timeout=SWAP_TIMEOUT):
                documents, deletes = catch_up() if catch_up is not None else ((), ())
                if documents or deletes:
                    self._apply(documents, {*deletes, *(document.key for document in documents)})
                self.store.write_manifest(self.directory)
                self.store.swap(self.directory)
        except BaseException:
            self.abort()
            raise
        self._ended = True
        self._lock.close()
        return self.directory.name

    def abort(self) -> None:
        """See `Rebuild.abort`: the lock is held until then, so what is swept is this rebuild's own."""
        if self._ended:
            return
        self._ended = True
        try:
            self._cancel()
        except Exception:
            # Letting go of a writer may write, which a full disk refuses; its files are swept all the same.
            logger.warning("The writer of generation %s could not be closed", self.directory, exc_info=True)
        finally:
            self._sweep()
            self._lock.close()

    def _sweep(self) -> None:
        """Remove what this rebuild wrote; the rebuild lock is held."""
        try:
            self.store.sweep(keep={self.store.current_name()})
        except Exception:
            logger.warning("A generation is left over in %s", self.store.root, exc_info=True)
