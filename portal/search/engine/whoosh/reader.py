"""The opened state of an index: its segments, and what is known over all of them."""

import heapq
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.reading import IndexReader

from .. import expressions as ex
from ..base import Completion, EngineQuery, EngineResults, Filters, Hit
from ..content import unpacked
from ..ranking import by_count, in_order, inverse_frequency, near_terms, scored_terms
from ..store import Stamp
from .evaluate import Evaluator, Statistics
from .fields import GROUP, KEY
from .postings import BoundedCache, Posting, ids_of
from .segment import Segment, segment_name

#: Terms looked at to complete a prefix or to find those near a misspelt one.
MAX_COMPLETIONS = 400
NO_FILTERS: Filters = {}


class OpenIndex:
    """One committed state of an index, answering queries. Not safe for threads: the engine holds its lock."""

    def __init__(
        self, directory: Path, stamp: Stamp, postings: BoundedCache[Posting], before: "OpenIndex | None"
    ) -> None:
        self.stamp = stamp
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
                segment = Segment(leaf, postings)
            else:
                segment.reopen(leaf)
            self.segments.append(segment)
            self.offsets.append(offset)
        #: What prefixes stand for, as long as nothing is committed.
        self._expansions: dict[tuple[str, str, int], Mapping[str, float]] = {}
        self.documents = sum(segment.live.bit_count() for segment in self.segments)

    def close(self) -> None:
        """Close the files."""
        if self.segments:
            self.reader.close()

    # Statistics over all segments

    def frequency(self, field: str, token: str, filters: Filters = NO_FILTERS) -> int:
        """Return how many of the admitted documents hold a term."""
        return sum(
            segment.frequency(field, token, self._filter_mask(segment, filters, None)) for segment in self.segments
        )

    def count(self, filters: Filters) -> int:
        """Return how many documents are admitted."""
        return sum(self._filter_mask(segment, filters, None).bit_count() for segment in self.segments)

    def statistics(self) -> Statistics:
        """Return what the evaluators of the segments share for one query."""
        size = sum(segment.size for segment in self.segments)
        rarities: dict[tuple[str, str], float] = {}
        expansions: dict[ex.Expression, Mapping[str, float]] = {}

        def rarity(field: str, token: str) -> float:
            key = (field, token)
            if key not in rarities:
                rarities[key] = inverse_frequency(size, self.frequency(field, token))
            return rarities[key]

        def group_rarity(field: str, tokens: Iterable[str]) -> float:
            return inverse_frequency(size, min(size, sum(self.frequency(field, token) for token in tokens)))

        def expand(node: ex.Prefix | ex.Fuzzy) -> Mapping[str, float]:
            if node not in expansions:
                expansions[node] = self._expand(node)
            return expansions[node]

        return Statistics(rarity, group_rarity, expand)

    def _expand(self, node: ex.Prefix | ex.Fuzzy) -> Mapping[str, float]:
        if isinstance(node, ex.Prefix):
            key = (node.field, node.text, node.limit)
            if key not in self._expansions:
                found = self.complete(node.field, node.text, min(node.limit, ex.MAX_EXPANSIONS), {})
                self._expansions[key] = {completion.term: 1.0 for completion in found}
            return self._expansions[key]
        near = self.similar(node.field, node.token, node.distance, node.limit)
        return {found.term: 1.0 if found.term == node.token else 0.5 / (1 + edits) for found, edits in near}

    def complete(
        self,
        field: str,
        prefix: str,
        limit: int,
        filters: Filters,
    ) -> list[Completion]:
        """Return the most frequent of the first `MAX_COMPLETIONS` terms with a prefix, counting admitted documents."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            visible = self._filter_mask(segment, filters, None)
            for term in segment.expand(field, prefix, MAX_COMPLETIONS):
                counts[term] += segment.frequency(field, term, visible)
        ranked = sorted(((-count, term) for term, count in counts.items() if count))
        return [Completion(term, -count) for count, term in ranked[:limit]]

    def similar(self, field: str, token: str, distance: int, limit: int) -> list[tuple[Completion, int]]:
        """Return terms near a misspelt one with their distance, the nearest and most frequent first."""
        edits: dict[str, int] = {}
        for segment in self.segments:
            edits |= near_terms(segment.lexicon(field), token, distance)
        ranked = sorted((allowed, -self.frequency(field, term), term) for term, allowed in edits.items())
        return [(Completion(term, -count), allowed) for allowed, count, term in ranked[:limit] if count]

    # Queries

    def search(self, query: EngineQuery) -> EngineResults:
        """Answer a query."""
        statistics = self.statistics()
        total = 0
        facets: dict[str, Counter[str | None]] = {name: Counter() for name in query.facets}
        candidates: list[tuple[float, int, Segment, int]] = []
        wanted = query.offset + query.limit
        ordered: list[tuple[Segment, int]] = []
        terms = scored_terms(query.expression, statistics.expand) if query.matched else []
        for place, segment in enumerate(self.segments):
            evaluator = Evaluator(segment, statistics)
            result = evaluator.evaluate(query.expression)
            base = result.mask & segment.live
            if query.where is not None:
                base &= evaluator.mask(query.where)
            matches = base & self._filter_mask(segment, query.filters, None)
            total += matches.bit_count()
            for name, counter in facets.items():
                own = base & self._filter_mask(segment, query.filters, name) if name in query.filters else matches
                counter.update(segment.count_values(name, own))
            if not wanted or not matches:
                continue
            if query.order:
                ordered.extend((segment, number) for number in ids_of(matches))
            else:
                candidates += self._best(place, segment, evaluator.scores(result.streams), matches, wanted)
        hits: list[tuple[float, Segment, int]]
        if query.order:
            hits = [
                (0.0, segment, number)
                for segment, number in in_order(ordered, query.order, _value_of)[query.offset : wanted]
            ]
        else:
            best = heapq.nlargest(wanted, candidates, key=lambda found: (found[0], -found[1]))[query.offset :]
            hits = [(score, segment, number) for score, _, segment, number in best]
        return EngineResults(
            total,
            _hits(hits, terms),
            {name: dict(sorted(counter.items(), key=by_count)) for name, counter in facets.items()},
        )

    def _best(
        self, place: int, segment: Segment, scores: list[float], matches: int, wanted: int
    ) -> list[tuple[float, int, Segment, int]]:
        offset = self.offsets[place]
        best = heapq.nlargest(wanted, ids_of(matches), key=scores.__getitem__)
        return [(scores[number], offset + number, segment, number) for number in best]

    def _filter_mask(self, segment: Segment, filters: Filters, leave_out: str | None) -> int:
        mask = segment.live
        for name, values in filters.items():
            if name != leave_out:
                mask &= segment.values_mask(name, values)
        return mask

    def numbers_of_keys(self, keys: Iterable[str]) -> list[int]:
        """Return the numbers, counted over all segments, of the documents with one of the keys or groups."""
        wanted = frozenset(keys)
        return [
            offset + number
            for segment, offset in zip(self.segments, self.offsets, strict=True)
            for number in ids_of((segment.values_mask(KEY, wanted) | segment.values_mask(GROUP, wanted)) & segment.live)
        ]


def _hits(found: Sequence[tuple[float, Segment, int]], terms: Sequence[tuple[str, str]]) -> list[Hit]:
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


def _value_of(field: str, document: tuple[Segment, int]) -> str:
    segment, number = document
    return segment.column(field)[number]
