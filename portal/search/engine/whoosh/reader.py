"""Answer queries from the open segments of a Whoosh index, with statistics over all of them."""

import heapq
from bisect import insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import ClassVar

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader

from portal.search.engine import expressions as ex
from portal.search.engine.base import Completion, EngineQuery, EngineResults, Filters, Hit
from portal.search.engine.content import unpacked
from portal.search.engine.fields import GROUP, KEY
from portal.search.engine.ranking import by_count, in_order, inverse_frequency, near_factors, rounded_mean, scored_terms
from portal.search.engine.whoosh.evaluate import Evaluator, Statistics
from portal.search.engine.whoosh.postings import ids_of
from portal.search.engine.whoosh.segment import Caches, Segment, segment_name

NO_FILTERS: Filters = {}
#: A score, the segment and the number of a document in it.
Found = tuple[float, Segment, int]


class OpenIndex:
    """One committed state of an index, answering queries. Not safe for threads: the engine holds its lock."""

    exclusive: ClassVar[bool] = True

    def __init__(self, directory: Path, caches: Caches, before: "OpenIndex | None" = None) -> None:
        self.index = FileIndex(FileStorage(str(directory), readonly=True))
        self.reader: IndexReader = self.index.reader()
        known = {segment.name: segment for segment in before.segments} if before else {}
        self.segments: list[Segment] = []
        self.offsets: list[int] = []
        for leaf, offset in self.reader.leaf_readers():
            if not leaf.doc_count_all():
                continue
            segment = known.get(segment_name(leaf))
            if segment is None:
                segment = Segment(leaf, caches)
            else:
                segment.reopen(leaf)
            self.segments.append(segment)
            self.offsets.append(offset)
        self.documents = sum(segment.live.bit_count() for segment in self.segments)
        self._means: dict[str, float] = {}

    def close(self) -> None:
        """Close the files."""
        if self.segments:
            self.reader.close()

    # Statistics over all segments

    def frequency(self, field: str, token: str, filters: Filters = NO_FILTERS) -> int:
        """Return how many of the admitted documents hold a term."""
        return sum(segment.frequency(field, token, _visible(segment, filters)) for segment in self.segments)

    def count(self, filters: Filters) -> int:
        """Return how many documents are admitted."""
        return sum(_visible(segment, filters).bit_count() for segment in self.segments)

    def _statistics(self) -> Statistics:
        """Return what the evaluators of the segments share for one query."""

        @cache
        def rarity(field: str, token: str) -> float:
            return inverse_frequency(self.documents, self.frequency(field, token))

        @cache
        def prefix_rarity(field: str, prefix: str) -> float:
            held = sum((segment.prefix_mask(field, prefix) & segment.live).bit_count() for segment in self.segments)
            return inverse_frequency(self.documents, held)

        return Statistics(rarity, prefix_rarity, self._mean_length, cache(self._near))

    def _mean_length(self, field: str) -> float:
        found = self._means.get(field)
        if found is None:
            is_text = field in self.reader.schema and self.reader.schema[field].scorable
            tokens = sum(segment.live_length(field) for segment in self.segments) if is_text else 0
            found = self._means[field] = rounded_mean(tokens, self.documents) if is_text else 0.0
        return found

    def _near(self, node: ex.Fuzzy) -> Mapping[str, float]:
        lexicon = chain.from_iterable(segment.lexicon(node.field) for segment in self.segments)
        return near_factors(node, lexicon, self.frequency)

    def complete(self, field: str, prefix: str, limit: int, filters: Filters) -> list[Completion]:
        """Return the most frequent terms with a prefix, counting only admitted documents.

        Terms are looked at by how many documents hold them whoever may see them; as soon as no further one can be more
        frequent among the admitted documents than those found, the rest need not be counted.
        """
        stored: Counter[str] = Counter()
        for segment in self.segments:
            for term in segment.terms_with(field, prefix):
                stored[term] += segment.stored_frequency(field, term)
        visible = [(segment, _visible(segment, filters)) for segment in self.segments]
        best: list[tuple[int, str]] = []
        for most, term in sorted((-count, term) for term, count in stored.items()):
            if len(best) >= limit and best[limit - 1] < (most, term):
                break
            count = sum(segment.frequency(field, term, mask) for segment, mask in visible)
            if count:
                insort(best, (-count, term))
        return [Completion(term, -count) for count, term in best[:limit]]

    # Queries

    def search(self, query: EngineQuery) -> EngineResults:
        """Answer a query."""
        statistics = self._statistics()
        total = 0
        facets: dict[str, Counter[str | None]] = {name: Counter() for name in query.facets}
        candidates: list[Found] = []
        wanted = query.offset + query.limit if query.limit else 0
        for segment in self.segments:
            evaluator = Evaluator(segment, statistics)
            result = evaluator.evaluate(query.expression)
            base = result.mask & segment.live
            if query.where is not None:
                base &= evaluator.mask(query.where)
            matches = base & _visible(segment, query.filters)
            total += matches.bit_count()
            for name, counter in facets.items():
                own = base & _visible(segment, query.filters, name) if name in query.filters else matches
                counter.update(segment.count_values(name, own))
            if not wanted or not matches:
                continue
            if query.order:
                first = islice(_among(segment.ordered(tuple(query.order)), matches), wanted)
                candidates += [(0.0, segment, number) for number in first]
            else:
                scores = evaluator.scores(result.streams)
                best = heapq.nlargest(wanted, ids_of(matches), key=scores.__getitem__)
                candidates += [(scores[number], segment, number) for number in best]
        # Both keep the order of the segments where documents are equal.
        if query.order:
            candidates = in_order(candidates, query.order, _value_of)
        else:
            candidates.sort(key=lambda found: -found[0])
        terms = scored_terms(query.expression, self._expand) if query.matched else []
        return EngineResults(
            total,
            _hits(candidates[query.offset : wanted], terms),
            {name: dict(sorted(counter.items(), key=by_count)) for name, counter in facets.items()},
        )

    def _expand(self, node: ex.Prefix | ex.Fuzzy) -> Iterable[str]:
        if isinstance(node, ex.Fuzzy):
            return self._near(node)
        return [found.term for found in self.complete(node.field, node.text, ex.MAX_EXPANSIONS, NO_FILTERS)]

    def numbers_of_keys(self, keys: Iterable[str]) -> list[int]:
        """Return the numbers, counted over all segments, of the documents with one of the keys or groups."""
        wanted = set(keys)
        return [
            offset + number
            for segment, offset in zip(self.segments, self.offsets, strict=True)
            for number in {*segment.numbers_of(KEY, wanted), *segment.numbers_of(GROUP, wanted)}
        ]


def _visible(segment: Segment, filters: Filters, leave_out: str | None = None) -> int:
    mask = segment.live
    for name, values in filters.items():
        if name != leave_out:
            mask &= segment.values_mask(name, values)
    return mask


def _among(numbers: Iterable[int], mask: int) -> Iterator[int]:
    """Yield those of the documents that are in a bit set."""
    bits = mask.to_bytes((mask.bit_length() + 7) >> 3, "little")
    stop = len(bits)
    return (number for number in numbers if number >> 3 < stop and bits[number >> 3] >> (number & 7) & 1)


def _hits(found: Sequence[Found], terms: Sequence[tuple[str, str]]) -> list[Hit]:
    read = unpacked(segment.kept(number) for _, segment, number in found)
    if not terms:
        return [Hit(key, score, stored) for (score, _, _), (key, stored) in zip(found, read, strict=True)]
    held: dict[str, list[tuple[tuple[str, str], bytes]]] = {}
    for _, segment, _ in found:
        if segment.name not in held:
            held[segment.name] = [(term, segment.posting(*term).bits) for term in terms]
    hits = []
    for (score, segment, number), (key, stored) in zip(found, read, strict=True):
        place, bit = number >> 3, 1 << (number & 7)
        matched = tuple(term for term, bits in held[segment.name] if place < len(bits) and bits[place] & bit)
        hits.append(Hit(key, score, stored, matched))
    return hits


def _value_of(field: str, found: Found) -> str:
    _, segment, number = found
    return segment.column(field)[number]
