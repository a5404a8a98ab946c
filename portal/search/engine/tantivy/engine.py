"""Tantivy engine: opening, writing, rebuilding."""

import json
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from tantivy import Index, IndexWriter

from portal.search.engine.base import EngineDocument, Schema
from portal.search.engine.embedded import EmbeddedEngine
from portal.search.engine.fields import GROUP, KEY
from portal.search.engine.rebuilding import GenerationRebuild
from portal.search.engine.store import Store
from portal.search.engine.tantivy.reader import OpenTantivy
from portal.search.engine.tantivy.schema import native_document, native_schema, prepared

#: Bytes a writer may gather before it writes a segment: small for updates, large for a rebuild.
UPDATE_HEAP = 20_000_000
REBUILD_HEAP = 256_000_000
#: How tantivy's errors about files begin: it raises ValueError for everything, a faulty question included.
FILE_ERRORS = ("An IO error occurred", "Data corrupted", "Failed to open")


def newest_commit(generation: Path) -> int:
    """Return the number of the newest commit of a tantivy index."""
    return int(json.loads((generation / "meta.json").read_bytes())["opstamp"])


def change(index: Index, schema: Schema, documents: Iterable[EngineDocument], keys: Iterable[str]) -> None:
    """Delete keys and groups, add documents and commit."""
    writer: IndexWriter = index.writer(heap_size=UPDATE_HEAP, num_threads=1)
    try:
        for key in keys:
            writer.delete_documents_by_term(KEY, key)
            writer.delete_documents_by_term(GROUP, key)
        for document in documents:
            writer.add_document(native_document(schema, document))
        commit(writer)
    except BaseException:
        writer.rollback()
        raise
    finally:
        writer.wait_merging_threads()


def commit(writer: IndexWriter) -> None:
    """Commit; merging of segments goes on.

    A function of its own, since nothing of Rust's can be replaced where a process is to be killed at this point.
    """
    writer.commit()


class TantivyEngine(EmbeddedEngine[OpenTantivy]):
    """See `portal.search.engine.base.Engine`."""

    def __init__(self, directory: Path, schema: Schema) -> None:
        super().__init__(Store(directory, schema, "tantivy", newest_commit), schema)

    def start_rebuild(self) -> "TantivyRebuild":
        """See `Engine.start_rebuild`."""
        return TantivyRebuild(self.store, self.schema)

    def _load(self, directory: Path, before: OpenTantivy | None) -> OpenTantivy:
        return OpenTantivy(directory, self.schema)

    def _write(self, directory: Path, documents: Collection[EngineDocument], keys: set[str]) -> None:
        change(prepared(Index.open(str(directory))), self.schema, documents, keys)

    def _is_damage(self, error: BaseException) -> bool:
        # Where tantivy trusts a file, Rust panics; the exception stands in no module that could be imported.
        panicked = type(error).__name__ == "PanicException"
        said = type(error) is ValueError and str(error).startswith(FILE_ERRORS)
        return super()._is_damage(error) or panicked or said


class TantivyRebuild(GenerationRebuild):
    """A new tantivy index."""

    def _create(self) -> None:
        self.index = prepared(Index(native_schema(self.schema), path=str(self.directory)))
        self._writer: IndexWriter | None = None

    def _write(self, document: EngineDocument) -> None:
        if self._writer is None:
            self._writer = self.index.writer(heap_size=REBUILD_HEAP)
        self._writer.add_document(native_document(self.schema, document))

    def _flush(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            commit(writer)
            writer.wait_merging_threads()

    def _cancel(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.rollback()
            writer.wait_merging_threads()

    def _apply(self, documents: Sequence[EngineDocument], keys: set[str]) -> None:
        change(self.index, self.schema, documents, keys)
