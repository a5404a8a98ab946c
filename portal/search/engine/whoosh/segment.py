"""One immutable segment: terms, values and columns, decoded on first use and cached."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from sys import getsizeof
from typing import NamedTuple

from whoosh.columns import ColumnReader
from whoosh.reading import IndexReader, TermNotFound

from portal.search.engine.base import SortKey
from portal.search.engine.fields import STORE
from portal.search.engine.ranking import in_order
from portal.search.engine.whoosh.postings import BoundedCache, Posting, ids_of, mask_of, posting_of

#: BM25: how quickly repeats stop counting, and how much long documents are held back.
K1 = 1.2
B = 0.75
#: Bytes of decoded postings kept a process and index: all of 30,000 articles.
POSTINGS_BUDGET = 96_000_000
#: Bytes of sets and orders of documents.
SETS_BUDGET = 16_000_000
#: Values that are looked up one by one.
MANY_VALUES = 500
#: What a term is when a segment does not hold it: not kept, since anybody may ask for any word.
NOWHERE = Posting()


@dataclass
class Caches:
    """What is kept of all segments of an index; a segment's name is part of every key."""

    postings: BoundedCache[Posting] = field(default_factory=lambda: BoundedCache(POSTINGS_BUDGET))
    masks: BoundedCache[int] = field(default_factory=lambda: BoundedCache(SETS_BUDGET // 2))
    orders: BoundedCache[array[int]] = field(default_factory=lambda: BoundedCache(SETS_BUDGET // 2))

    def clear(self) -> None:
        """Forget everything."""
        for cache in (self.postings, self.masks, self.orders):
            cache.clear()


class Norms(NamedTuple):
    """What the length of each document does to a term's weight, for a mean length."""

    mean: float
    #: The part of BM25's denominator that depends on the length.
    length: list[float]
    #: The weight of a term that occurs once, by far the most frequent case.
    once: list[float]


class Segment:
    """Decoded views on a Whoosh segment. Deletions come from the reader, all else never changes."""

    def __init__(self, reader: IndexReader, caches: Caches) -> None:
        self.reader = reader
        self.name = segment_name(reader)
        self.size: int = reader.doc_count_all()
        self.everything = (1 << self.size) - 1
        self.live = self._live_mask()
        self._caches = caches
        self._lengths: dict[str, array[int]] = {}
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
        found = self._caches.postings.get(key)
        if found is None:
            found = self._read(field, token)
            if found is not NOWHERE:
                self._caches.postings.put(key, found, found.cost)
        return found

    def _read(self, field: str, token: str) -> Posting:
        try:
            return posting_of(self.reader.postings(field, token))
        except TermNotFound:
            return NOWHERE

    def frequency(self, field: str, token: str, visible: int) -> int:
        """Return how many of the visible documents hold a term; its postings are decoded only when some are hidden."""
        known = self._caches.postings.get((self.name, field, token))
        if known is None:
            stored = self.stored_frequency(field, token)
            if not stored or visible == self.everything:
                return stored
            known = self.posting(field, token)
        return len(known.ids) if visible == self.everything else (known.mask & visible).bit_count()

    def stored_frequency(self, field: str, token: str) -> int:
        """Return how many documents hold a term, hidden and deleted ones included."""
        try:
            return int(self.reader.doc_frequency(field, token))
        except TermNotFound:
            return 0

    def terms_from(self, field: str, start: str) -> Iterator[str]:
        """Yield the terms of a field from `start` on, in order."""
        try:
            for name, text in self.reader.terms_from(field, start.encode()):
                if name != field:
                    return
                yield text.decode()
        except TermNotFound:
            return

    def terms_with(self, field: str, prefix: str) -> Iterator[str]:
        """Yield the terms that begin with `prefix`."""
        return takewhile(lambda term: term.startswith(prefix), self.terms_from(field, prefix))

    def lexicon(self, field: str) -> list[str]:
        """Return every term of a field."""
        found = self._lexicons.get(field)
        if found is None:
            found = self._lexicons[field] = list(self.terms_from(field, ""))
        return found

    # Weights

    def lengths(self, field: str) -> array[int]:
        """Return the number of tokens of each document, as exactly as Whoosh keeps it."""
        found = self._lengths.get(field)
        if found is None:
            length_of = self.reader.doc_field_length
            found = array("I", (length_of(number, field, 0) or 0 for number in range(self.size)))
            self._lengths[field] = found
        return found

    def live_length(self, field: str) -> int:
        """Return the number of tokens of all documents that are not deleted."""
        lengths = self.lengths(field)
        return sum(lengths) - sum(map(lengths.__getitem__, ids_of(self.everything & ~self.live)))

    def weights(self, field: str, posting: Posting, mean: float) -> array[float]:
        """Return how much a term weighs in each of its documents, without its rarity.

        Args:
            field: a TEXT field.
            posting: of the term in it.
            mean: length of the field over all segments; rounded, so that it seldom changes.
        """
        if posting.weights is None or posting.mean != mean:
            norms = self._norms_of(field, mean)
            if isinstance(posting.counts, float):
                posting.weights = array("f", map(norms.once.__getitem__, posting.ids))
            else:
                pairs = zip(posting.counts, map(norms.length.__getitem__, posting.ids), strict=True)
                posting.weights = array("f", [count * (K1 + 1) / (count + norm) for count, norm in pairs])
            posting.mean = mean
        return posting.weights

    def _norms_of(self, field: str, mean: float) -> Norms:
        found = self._norms.get(field)
        if found is None or found.mean != mean:
            length = [K1 * (1 - B + B * tokens / mean) for tokens in self.lengths(field)]
            found = self._norms[field] = Norms(mean, length, [(K1 + 1) / (1 + norm) for norm in length])
        return found

    # Sets of documents

    def values_mask(self, field: str, values: Iterable[str]) -> int:
        """Return the documents that have one of the values in a KEYWORD field."""
        wanted = frozenset(values)
        if len(wanted) > MANY_VALUES:
            # A long list of keys comes once and is not kept: what the index holds is compared with it, not looked up.
            if self.reader.schema[field].column_type:
                return mask_of([number for number, value in enumerate(self.column(field)) if value in wanted])
            return self._holding(field, wanted.intersection(self.lexicon(field)))
        return self._mask((self.name, field, wanted), lambda: self._holding(field, wanted))

    def prefix_mask(self, field: str, prefix: str) -> int:
        """Return the documents with a term that begins with `prefix`."""
        return self._mask((self.name, field, prefix), lambda: self._holding(field, self.terms_with(field, prefix)))

    def range_mask(self, field: str, bounds: tuple[str | None, str | None, bool, bool]) -> int:
        """Return the documents whose value lies between two bounds (lower, upper, and whether each is part of it)."""
        in_column = field in self.reader.schema and self.reader.schema[field].column_type
        make = self._column_range if in_column else self._term_range
        return self._mask((self.name, field, bounds), lambda: make(field, bounds))

    def any_value_mask(self, field: str) -> int:
        """Return the documents that have any value in a KEYWORD field."""
        return self.range_mask(field, (None, None, True, True))

    def numbers_of(self, field: str, values: Iterable[str]) -> list[int]:
        """Return the documents with one of the values, ascending; nothing is kept of these look-ups."""
        return ids_of(self._holding(field, values) & self.live)

    def _mask(self, key: Hashable, make: Callable[[], int]) -> int:
        mask = self._caches.masks.get(key)
        if mask is None:
            mask = make()
            self._caches.masks.put(key, mask, getsizeof(mask))
        return mask

    def _holding(self, field: str, terms: Iterable[str]) -> int:
        """Return the documents that hold one of the terms, whose postings are not kept."""
        numbers = array("I")
        for term in terms:
            known = self._caches.postings.get((self.name, field, term))
            numbers.extend((known or self._read(field, term)).ids)
        return mask_of(numbers)

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
        terms = self.terms_from(field, lower or "")
        if upper is not None:
            terms = takewhile(lambda value: value < upper or (with_upper and value == upper), terms)
        return self._holding(field, (value for value in terms if with_lower or value != lower))

    # Columns

    def column(self, field: str) -> Sequence[str]:
        """Return the value results are ordered by, document by document; empty where there is none."""
        found = self._columns.get(field)
        if found is None:
            found = self._columns[field] = [str(value) for value in self.reader.column_reader(field)]
        return found

    def ordered(self, order: tuple[SortKey, ...]) -> array[int]:
        """Return all documents in the order of their values, deleted ones included."""
        key = (self.name, *order)
        found = self._caches.orders.get(key)
        if found is None:
            numbers = in_order(list(range(self.size)), order, lambda field, number: self.column(field)[number])
            found = array("I", numbers)
            self._caches.orders.put(key, found, getsizeof(found) + 100 * len(order))
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
