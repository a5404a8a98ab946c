"""Evaluate an expression tree over one segment: matching documents, scores and phrases."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from portal.search.engine import expressions as ex
from portal.search.engine.whoosh.postings import Posting, at_least, ids_of, mask_of
from portal.search.engine.whoosh.segment import Segment


@dataclass(slots=True)
class Stream:
    """Scores to add: to each of the documents its weight (1 when there are none) times the factor."""

    ids: Sequence[int]
    weights: array[float] | None
    factor: float


@dataclass(slots=True)
class Result:
    """Matching documents and the scores to add. A loose result also scores documents that do not match."""

    mask: int
    streams: list[Stream] = field(default_factory=list)
    loose: bool = False


@dataclass(slots=True)
class Statistics:
    """What is known over all segments, deleted documents left out.

    Args:
        rarity: (field, token) → inverse document frequency.
        prefix_rarity: (field, prefix) → the same of all documents with a term that begins so.
        mean_length: TEXT field → mean number of its tokens, rounded; 0 for a KEYWORD field.
        near: terms a Fuzzy stands for, each with a factor.
    """

    rarity: Callable[[str, str], float]
    prefix_rarity: Callable[[str, str], float]
    mean_length: Callable[[str], float]
    near: Callable[[ex.Fuzzy], Mapping[str, float]]


class Evaluator:
    """Evaluates expressions over one segment."""

    def __init__(self, segment: Segment, statistics: Statistics) -> None:
        self.segment = segment
        self.statistics = statistics

    def evaluate(self, node: ex.Expression) -> Result:
        """Return what matches `node` here and the scores it gives."""
        handler: Callable[[ex.Expression], Result] = getattr(self, f"_{type(node).__name__.lower()}")
        return handler(node)

    def mask(self, node: ex.Expression) -> int:
        """Return what matches, without scores and without deleted documents."""
        return self.evaluate(node).mask & self.segment.live

    def scores(self, streams: Iterable[Stream]) -> list[float]:
        """Return the sum of the streams, document by document."""
        totals = [0.0] * self.segment.size
        for stream in streams:
            factor = stream.factor
            if stream.weights is None:
                for number in stream.ids:
                    totals[number] += factor
            else:
                for number, weight in zip(stream.ids, stream.weights, strict=True):
                    totals[number] += weight * factor
        return totals

    # Leaves

    def _matchall(self, node: ex.MatchAll) -> Result:
        return Result(self.segment.live, [Stream(range(self.segment.size), None, 1.0)], loose=True)

    def _terms(self, node: ex.Terms) -> Result:
        tokens = list(dict.fromkeys(node.tokens))
        postings = [(token, self.segment.posting(node.field, token)) for token in tokens]
        if node.operator == "and":
            mask = -1 if tokens else 0
            for _, posting in postings:
                mask &= posting.mask
        elif node.minimum > 1:
            mask = at_least((posting.mask for _, posting in postings), node.minimum)
        else:
            mask = 0
            for _, posting in postings:
                mask |= posting.mask
        if not mask:
            return Result(0)
        streams = [self._stream(node.field, token, posting, node.boost) for token, posting in postings if posting.ids]
        return Result(mask, streams, loose=node.operator == "and" or node.minimum > 1)

    def _stream(self, name: str, token: str, posting: Posting, boost: float) -> Stream:
        mean = self.statistics.mean_length(name)
        weights = self.segment.weights(name, posting, mean) if mean else None
        return Stream(posting.ids, weights, boost * self.statistics.rarity(name, token))

    def _phrase(self, node: ex.Phrase) -> Result:
        every = self._terms(ex.Terms(node.field, node.tokens, "and", node.boost))
        if len(node.tokens) < 2 or not every.mask:
            return every
        ids = phrase_ids(self.segment, node.field, node.tokens, ids_of(every.mask & self.segment.live))
        if ids is None:
            return every
        return Result(mask_of(ids), every.streams, loose=True)

    def _prefix(self, node: ex.Prefix) -> Result:
        mask = self.segment.prefix_mask(node.field, node.text)
        if not mask:
            return Result(0)
        rarity = self.statistics.prefix_rarity(node.field, node.text)
        return Result(mask, [Stream(ids_of(mask), None, node.boost * rarity)])

    def _fuzzy(self, node: ex.Fuzzy) -> Result:
        children = [
            ex.Terms(node.field, [term], boost=node.boost * factor)
            for term, factor in self.statistics.near(node).items()
        ]
        return self._best(ex.Best(children)) if children else Result(0)

    def _values(self, node: ex.Values) -> Result:
        return Result(self.segment.values_mask(node.field, node.values))

    def _range(self, node: ex.Range) -> Result:
        bounds = (node.lower, node.upper, node.include_lower, node.include_upper)
        return Result(self.segment.range_mask(node.field, bounds))

    # Branches

    def _any(self, node: ex.Any) -> Result:
        results = [self._tight(self.evaluate(child)) for child in node.children]
        mask = 0
        for result in results:
            mask |= result.mask
        return Result(mask, [stream for result in results for stream in result.streams])

    def _all(self, node: ex.All) -> Result:
        mask = -1 if node.children else 0
        streams: list[Stream] = []
        for child in node.children:
            # Loose scores do no harm here: documents they are wrong for are not part of the outcome.
            result = self.evaluate(child)
            mask &= result.mask
            if not mask:
                return Result(0)
            streams += result.streams
        return Result(mask, streams, loose=True)

    def _best(self, node: ex.Best) -> Result:
        mask = 0
        best: dict[int, float] = {}
        total: dict[int, float] = {}
        for child in node.children:
            result = self.evaluate(child)
            mask |= result.mask
            for number, score in self._scored(result):
                total[number] = total.get(number, 0.0) + score
                if score > best.get(number, 0.0):
                    best[number] = score
        ids = array("I", best)
        weights = array("f", [best[number] + node.tie * (total[number] - best[number]) for number in best])
        return Result(mask, [Stream(ids, weights, 1.0)])

    def _not(self, node: ex.Not) -> Result:
        return Result(self.segment.live & ~self.evaluate(node.child).mask)

    def _boost(self, node: ex.Boost) -> Result:
        result = self.evaluate(node.child)
        streams = [Stream(stream.ids, stream.weights, stream.factor * node.factor) for stream in result.streams]
        return Result(result.mask, streams, result.loose)

    def _constant(self, node: ex.Constant) -> Result:
        mask = self.evaluate(node.child).mask
        return Result(mask, [Stream(ids_of(mask), None, node.score)])

    def _should(self, node: ex.Should) -> Result:
        result = self.evaluate(node.must)
        streams = list(result.streams)
        for child in node.should:
            streams += self._tight(self.evaluate(child)).streams
        return Result(result.mask, streams, loose=True)

    # Loose results

    def _tight(self, result: Result) -> Result:
        if not result.loose or not result.streams:
            return result
        scored = self._scored(result)
        ids = array("I", (number for number, _ in scored))
        return Result(result.mask, [Stream(ids, array("f", (score for _, score in scored)), 1.0)])

    def _scored(self, result: Result) -> list[tuple[int, float]]:
        if not result.streams or not result.mask:
            return []
        totals = self.scores(result.streams)
        return [(number, totals[number]) for number in ids_of(result.mask & self.segment.live)]


def phrase_ids(segment: Segment, field: str, tokens: Sequence[str], candidates: Sequence[int]) -> list[int] | None:
    """Return the candidates in which the tokens follow each other, or None when the field keeps no places."""
    layout = segment.reader.schema[field].format if field in segment.reader.schema else None
    if layout is None or not layout.supports("positions"):
        return None
    places = {token: _places(segment, field, token, candidates) for token in dict.fromkeys(tokens)}
    return [
        number
        for number in candidates
        if any(
            all(start + step in places[token][number] for step, token in enumerate(tokens) if step)
            for start in places[tokens[0]][number]
        )
    ]


def _places(segment: Segment, field: str, token: str, candidates: Sequence[int]) -> dict[int, frozenset[int]]:
    matcher = segment.reader.postings(field, token)
    found: dict[int, frozenset[int]] = {}
    for number in candidates:
        matcher.skip_to(number)
        found[number] = frozenset(matcher.value_as("positions"))
    return found
