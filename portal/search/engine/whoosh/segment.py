"""One immutable segment of the index: its terms, values and columns, decoded when first asked for and kept."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat, takewhile
from typing import NamedTuple

from whoosh.columns import ColumnReader
from whoosh.reading import IndexReader, TermNotFound

from .fields import STORE
from .postings import BoundedCache, Posting, blocks_of, ids_of, mask_of

#: BM25: how quickly repeats stop counting, and how much long documents are held back.
K1 = 1.2
B = 0.75
#: Bytes of sets of documents kept a segment.
MASKS_BUDGET = 8_000_000


class Norms(NamedTuple):
    """What the length of each document does to a term's weight."""

    #: The part of BM25's denominator that depends on the length.
    length: list[float]
    #: The weight of a term that occurs once, by far the most frequent case.
    once: list[float]


class Segment:
    """Decoded views on a Whoosh segment. Deletions come from the reader, all else never changes."""

    def __init__(self, reader: IndexReader, postings: BoundedCache[Posting]) -> None:
        self.reader = reader
        self.name = segment_name(reader)
        self.size: int = reader.doc_count_all()
        self.everything = (1 << self.size) - 1
        self.live = self._live_mask()
        self._postings = postings
        self._masks: BoundedCache[int] = BoundedCache(MASKS_BUDGET)
        self._norms: dict[str, Norms] = {}
        self._columns: dict[str, list[str]] = {}
        self._ranked: dict[str, tuple[list[str], list[int]]] = {}
        self._lexicons: dict[str, list[str]] = {}
        self._kept: ColumnReader | None = None

    def reopen(self, reader: IndexReader) -> None:
        """Go on with a newer reader of the same segment: only deletions can have changed."""
        self.reader = reader
        self.live = self._live_mask()
        self._kept = None

    def _live_mask(self) -> int:
        if not self.reader.has_deletions():
            return self.everything
        return mask_of(self.reader.all_doc_ids())

    # Terms

    def posting(self, field: str, token: str) -> Posting:
        """Return the postings of a term, empty when the segment does not hold it."""
        key = (self.name, field, token)
        found = self._postings.get(key)
        if found is None:
            found = self._read(field, token)
            self._postings.put(key, found, found.cost)
        return found

    def frequency(self, field: str, token: str, visible: int) -> int:
        """Return how many of the visible documents hold a term; its postings are decoded only when some are hidden."""
        known = self._postings.get((self.name, field, token))
        if known is None:
            try:
                stored = int(self.reader.doc_frequency(field, token))
            except TermNotFound:
                return 0
            if visible == self.everything:
                return stored
            known = self.posting(field, token)
        return len(known.ids) if visible == self.everything else (known.mask & visible).bit_count()

    def _read(self, field: str, token: str) -> Posting:
        try:
            blocks = blocks_of(self.reader.postings(field, token))
        except TermNotFound:
            return Posting()
        norms = self._norms_of(field) if self.reader.schema[field].scorable else None
        ids, weights = array("I"), array("f")
        for numbers, counts in blocks:
            ids.extend(numbers)
            if norms is None:
                weights.extend([1.0] * len(numbers))
            elif counts == 1.0:
                weights.extend(map(norms.once.__getitem__, numbers))
            else:
                given = repeat(counts) if isinstance(counts, float) else counts
                by_length = map(norms.length.__getitem__, numbers)
                weights.extend(
                    [count * (K1 + 1) / (count + norm) for norm, count in zip(by_length, given, strict=False)]
                )
        return Posting(ids, weights)

    def _norms_of(self, field: str) -> Norms:
        found = self._norms.get(field)
        if found is None:
            reader = self.reader
            average = (reader.field_length(field) / self.size) or 1.0
            lengths = (reader.doc_field_length(number, field, 0) or 0 for number in range(self.size))
            length = [K1 * (1 - B + B * tokens / average) for tokens in lengths]
            found = self._norms[field] = Norms(length, [(K1 + 1) / (1 + norm) for norm in length])
        return found

    def terms_from(self, field: str, start: str) -> Iterator[str]:
        """Yield the terms of a field from `start` on, in order."""
        try:
            for name, text in self.reader.terms_from(field, start.encode()):
                if name != field:
                    return
                yield text.decode()
        except TermNotFound:
            return

    def expand(self, field: str, prefix: str, limit: int) -> list[str]:
        """Return the first `limit` terms that begin with `prefix`."""
        return list(islice(takewhile(lambda term: term.startswith(prefix), self.terms_from(field, prefix)), limit))

    def lexicon(self, field: str) -> list[str]:
        """Return every term of a field."""
        found = self._lexicons.get(field)
        if found is None:
            found = self._lexicons[field] = list(self.terms_from(field, ""))
        return found

    # Sets of documents

    def values_mask(self, field: str, values: Iterable[str]) -> int:
        """Return the documents that have one of the values in a KEYWORD field."""
        wanted = frozenset(values)
        key = (field, wanted)
        mask = self._masks.get(key)
        if mask is None:
            mask = 0
            for value in wanted:
                mask |= self.posting(field, value).mask
            self._masks.put(key, mask, 64 + self.size // 8)
        return mask

    def range_mask(self, field: str, bounds: tuple[str | None, str | None, bool, bool]) -> int:
        """Return the documents whose value lies between two bounds (lower, upper, and whether each is part of it)."""
        key = (field, bounds)
        mask = self._masks.get(key)
        if mask is None:
            in_column = field in self.reader.schema and self.reader.schema[field].column_type
            mask = self._column_range(field, bounds) if in_column else self._term_range(field, bounds)
            self._masks.put(key, mask, 64 + self.size // 8)
        return mask

    def _column_range(self, field: str, bounds: tuple[str | None, str | None, bool, bool]) -> int:
        lower, upper, with_lower, with_upper = bounds
        if field not in self._ranked:
            ranked = sorted((value, number) for number, value in enumerate(self.column(field)) if value)
            self._ranked[field] = ([value for value, _ in ranked], [number for _, number in ranked])
        values, numbers = self._ranked[field]
        start = 0 if lower is None else (bisect_left if with_lower else bisect_right)(values, lower)
        stop = len(values) if upper is None else (bisect_right if with_upper else bisect_left)(values, upper)
        return mask_of(numbers[start:stop])

    def _term_range(self, field: str, bounds: tuple[str | None, str | None, bool, bool]) -> int:
        lower, upper, with_lower, with_upper = bounds
        mask = 0
        for value in self.terms_from(field, lower or ""):
            if upper is not None and (value > upper or (value == upper and not with_upper)):
                break
            if with_lower or value != lower:
                mask |= self.posting(field, value).mask
        return mask

    def any_value_mask(self, field: str) -> int:
        """Return the documents that have any value in a KEYWORD field."""
        return self.range_mask(field, (None, None, True, True))

    # Columns

    def column(self, field: str) -> Sequence[str]:
        """Return the value results are ordered by, document by document; empty where there is none."""
        found = self._columns.get(field)
        if found is None:
            found = self._columns[field] = [str(value) for value in self.reader.column_reader(field)]
        return found

    def count_values(self, field: str, matches: int) -> dict[str | None, int]:
        """Return how many of the matching documents have each value; None counts those without one."""
        counts: dict[str | None, int] = {}
        members: frozenset[int] | None = None
        for value in self.lexicon(field):
            posting = self.posting(field, value)
            if len(posting.ids) > 64:
                count = (posting.mask & matches).bit_count()
            else:
                if members is None:
                    members = frozenset(ids_of(matches))
                count = sum(number in members for number in posting.ids)
            if count:
                counts[value] = count
        without = (matches & ~self.any_value_mask(field)).bit_count()
        if without:
            counts[None] = without
        return counts

    def kept(self, number: int) -> bytes:
        """Return what is kept of a document; see `portal.search.engine.content`."""
        if self._kept is None:
            self._kept = self.reader.column_reader(STORE, translate=False)
        return bytes(self._kept[number])


def segment_name(reader: IndexReader) -> str:
    """Return what Whoosh calls a segment; its content never changes, save for deletions."""
    segment = reader.segment()
    assert segment is not None
    return str(segment.segment_id())
