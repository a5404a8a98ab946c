"""Write a Whoosh index: one commit for a batch of changes, a new generation for a rebuild."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from portal.search.engine.base import EngineDocument, Schema
from portal.search.engine.content import packed
from portal.search.engine.fields import GROUP, KEY, STORE, values_of
from portal.search.engine.rebuilding import GenerationRebuild
from portal.search.engine.whoosh.fields import whoosh_schema
from portal.search.engine.whoosh.pool import TermPool
from portal.search.engine.whoosh.reader import OpenIndex
from portal.search.engine.whoosh.segment import Caches

#: A segment is merged with smaller ones when there are this many of about its size, so that few remain and little
#: is rewritten.
FAN_IN = 6
#: A new generation is written in segments of this many documents, which bounds the memory a rebuild takes.
SEGMENT_DOCUMENTS = 30_000


#: Whoosh names the table of contents of a commit so.
_CONTENTS = re.compile(r"_MAIN_(\d+)\.toc$")


def newest_commit(generation: Path) -> int:
    """Return the number of the newest commit of a Whoosh index.

    Raises:
        FileNotFoundError: there is none.
    """
    found = [int(match.group(1)) for path in generation.iterdir() if (match := _CONTENTS.match(path.name))]
    if not found:
        raise FileNotFoundError(f"no commit in {generation}")
    return max(found)


def create(directory: Path, schema: Schema) -> FileIndex:
    """Make an empty Whoosh index in an existing directory."""
    return FileIndex.create(FileStorage(str(directory)), whoosh_schema(schema))


def open_writer(index: FileIndex) -> SegmentWriter:
    """Return a writer of plain files: a compound file is held in memory as a whole by every reader."""
    writer = SegmentWriter(index, compound=False)
    writer.pool = TermPool()
    return writer


def apply(index: FileIndex, schema: Schema, documents: Iterable[EngineDocument], numbers: Iterable[int]) -> None:
    """Delete documents by number and add others, in one commit. The caller holds the write lock.

    Args:
        index: opened by the caller.
        schema: what the documents follow.
        documents: to be added.
        numbers: of documents to be deleted, counted over all segments as they are now.
    """
    writer = open_writer(index)
    try:
        for number in numbers:
            writer.delete_document(number)
        for document in documents:
            writer.add_document(**_values(schema, document))
    except BaseException:
        writer.cancel()
        raise
    writer.commit(mergetype=merge_tiers)


def merge_tiers(writer: SegmentWriter, segments: list[Any]) -> list[Any]:
    """Whoosh merge policy: join the smallest segments when `FAN_IN` of about one size have gathered.

    A document is rewritten once for each power of `FAN_IN` the index has grown by, and a commit of one document usually
    rewrites none.
    """
    segments = [segment for segment in segments if segment.doc_count()]
    ordered = sorted(segments, key=lambda segment: segment.doc_count())
    ceiling = FAN_IN
    count = 0
    while True:
        tier = [segment for segment in ordered if segment.doc_count() < ceiling]
        if len(tier) - count < FAN_IN - 1:
            break
        count = len(tier)
        ceiling *= FAN_IN
    for segment in ordered[:count]:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    kept = ordered[count:]
    return [segment for segment in segments if segment in kept]


class WhooshRebuild(GenerationRebuild):
    """A new Whoosh index, in segments of `SEGMENT_DOCUMENTS`."""

    def _create(self) -> None:
        self.index = create(self.directory, self.schema)
        self._writer: SegmentWriter | None = None

    def _write(self, document: EngineDocument) -> None:
        if self._writer is None:
            self._writer = open_writer(self.index)
        self._writer.add_document(**_values(self.schema, document))
        if self._writer.doc_count() >= SEGMENT_DOCUMENTS:
            self._flush()

    def _flush(self) -> None:
        if self._writer is not None:
            self._writer.commit(merge=False)
            self._writer = None

    def _cancel(self) -> None:
        if self._writer is not None:
            self._writer.cancel()
            self._writer = None

    def _apply(self, documents: Sequence[EngineDocument], keys: set[str]) -> None:
        opened = OpenIndex(self.directory, Caches())
        numbers = opened.numbers_of_keys(keys)
        opened.close()
        apply(self.index, self.schema, documents, numbers)


def _values(schema: Schema, document: EngineDocument) -> dict[str, Any]:
    values: dict[str, Any] = {spec.name: held for spec, held in values_of(schema, document)}
    values[KEY] = [document.key]
    if document.group and document.group != document.key:
        values[GROUP] = [document.group]
    values[STORE] = packed(document)
    return values
