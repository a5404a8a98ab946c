"""A small full-text engine in plain Python: the interface in the shortest honest form, for tests of what stands above
it.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from portal.search.engine import expressions as ex
from portal.search.engine.base import (
    Completion,
    EngineDocument,
    EngineQuery,
    EngineResults,
    EngineUnavailable,
    FieldKind,
    Filters,
    Health,
    HealthState,
    Hit,
    Schema,
)
from portal.search.engine.fields import check_query
from portal.search.engine.ranking import in_order, inverse_frequency, near_factors

Scores = dict[str, float]
K1, B = 1.2, 0.75


class MemoryEngine:
    """Postings in dictionaries, BM25 for text, presence for keywords."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.state = HealthState.OK
        self._documents: dict[str, EngineDocument] = {}
        self._postings: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self._lengths: dict[str, Counter[str]] = defaultdict(Counter)

    def update(self, documents: Iterable[EngineDocument], deletes: Iterable[str] = ()) -> None:
        for key in deletes:
            self._drop(key)
        for document in documents:
            self._drop(document.key)
            self._documents[document.key] = document
            for field, values in [*document.text.items(), *document.keywords.items()]:
                for value in values:
                    self._postings[field][value][document.key] += 1
                self._lengths[field][document.key] = len(values)

    def rebuild(self, documents: Iterable[EngineDocument], progress=None) -> str:
        self._documents.clear(), self._postings.clear(), self._lengths.clear()
        self.update(documents)
        return "memory"

    def search(self, query: EngineQuery) -> EngineResults:
        if not self.state.searchable:
            raise EngineUnavailable("the index is switched off")
        check_query(self.schema, query)
        matched: dict[str, set[tuple[str, str]]] = defaultdict(set)
        scores = self._score(query.expression, matched)
        if query.where is not None:
            admitted = self._score(query.where, defaultdict(set))
            scores = {key: score for key, score in scores.items() if key in admitted}
        visible = {field: self._holding(field, values) for field, values in query.filters.items()}
        hits = sorted(key for key in scores if all(key in keys for keys in visible.values()))
        hits.sort(key=lambda key: -scores[key])
        if query.order:
            hits = in_order(hits, query.order, lambda field, key: "".join(self._documents[key].keywords.get(field, ())))
            scores = dict.fromkeys(scores, 0.0)
        facets = {}
        for field in query.facets:
            others = [keys for name, keys in visible.items() if name != field]
            counts: Counter[str | None] = Counter()
            for key in scores:
                if all(key in keys for keys in others):
                    counts.update(self._documents[key].keywords.get(field) or [None])
            facets[field] = dict(counts.most_common())
        page = hits[query.offset : query.offset + query.limit]
        return EngineResults(
            total=len(hits),
            hits=[Hit(k, scores[k], self._documents[k].stored, tuple(sorted(matched[k]))) for k in page],
            facets=facets,
        )

    def complete(self, field: str, prefix: str, limit: int = 10, filters: Filters | None = None) -> list[Completion]:
        found = []
        for term, keys in self._postings[field].items():
            if term.startswith(prefix) and (count := len(self._admitted(keys, filters))):
                found.append(Completion(term, count))
        return sorted(found, key=lambda item: (-item.frequency, item.term))[:limit]

    def frequency(self, field: str, token: str, filters: Filters | None = None) -> int:
        return len(self._admitted(self._postings[field].get(token, ()), filters))

    def count(self, filters: Filters | None = None) -> int:
        return len(self._admitted(self._documents, filters))

    def _admitted(self, keys: Iterable[str], filters: Filters | None) -> list[str]:
        visible = [self._holding(name, values) for name, values in (filters or {}).items()]
        return [key for key in keys if all(key in seen for seen in visible)]

    def documents(self) -> list[EngineDocument]:
        """Return what it holds, for another engine to be filled with."""
        return list(self._documents.values())

    def health(self) -> Health:
        return Health(self.state, documents=len(self._documents))

    def close(self) -> None:
        """Nothing is open."""

    def _drop(self, key: str) -> None:
        if self._documents.pop(key, None) is not None:
            for lengths in self._lengths.values():
                lengths.pop(key, None)
            for terms in self._postings.values():
                for term in [term for term, keys in terms.items() if key in keys]:
                    del terms[term][key]

    def _says(self, key: str, node: ex.Phrase) -> bool:
        held, wanted = list(self._documents[key].text.get(node.field, ())), list(node.tokens)
        return any(held[start : start + len(wanted)] == wanted for start in range(len(held)))

    def _holding(self, field: str, values: Collection[str]) -> set[str]:
        return {key for value in values for key in self._postings[field].get(value, ())}

    def _term(self, field: str, token: str, matched) -> Scores:
        keys = self._postings[field].get(token, {})
        count = len(self._documents)
        rarity = inverse_frequency(count, len(keys))
        lengths = self._lengths[field]
        mean = sum(lengths.values()) / count if count else 1.0
        scored = self.schema[field].kind is FieldKind.TEXT
        result = {}
        for key, frequency in keys.items():
            matched[key].add((field, token))
            norm = 1 - B + B * lengths[key] / mean if scored else 1.0
            result[key] = rarity * frequency * (K1 + 1) / (frequency + K1 * norm)
        return result

    def _score(self, node: ex.Expression, matched) -> Scores:
        match node:
            case ex.MatchAll():
                return dict.fromkeys(self._documents, 1.0)
            case ex.Terms():
                parts = [self._term(node.field, token, matched) for token in dict.fromkeys(node.tokens)]
                needed = len(parts) if node.operator == "and" else node.minimum
                return {k: s * node.boost for k, s in _sum(parts).items() if sum(k in p for p in parts) >= needed}
            case ex.Prefix():
                begun = [keys for term, keys in self._postings[node.field].items() if term.startswith(node.text)]
                found = {key for keys in begun for key in keys}
                return dict.fromkeys(found, node.boost * inverse_frequency(len(self._documents), len(found)))
            case ex.Fuzzy():
                near = near_factors(node, list(self._postings[node.field]), self.frequency)
                same = [ex.Terms(node.field, [term], boost=factor * node.boost) for term, factor in near.items()]
                return self._score(ex.Best(same), matched)
            case ex.Phrase():
                every = self._score(ex.Terms(node.field, node.tokens, "and", node.boost), matched)
                if not self.schema[node.field].positions:
                    return every
                return {key: score for key, score in every.items() if self._says(key, node)}
            case ex.Range():
                return {
                    key: 0.0
                    for key, document in self._documents.items()
                    if any(_inside(value, node) for value in document.keywords.get(node.field, ()))
                }
            case ex.Values():
                return dict.fromkeys(self._holding(node.field, node.values), 0.0)
            case ex.Any():
                return _sum([self._score(child, matched) for child in node.children])
            case ex.All():
                parts = [self._score(child, matched) for child in node.children]
                return {k: s for k, s in _sum(parts).items() if all(k in part for part in parts)}
            case ex.Best():
                parts = [self._score(child, matched) for child in node.children]
                total = _sum(parts)
                best = {k: max(part.get(k, 0.0) for part in parts) for k in total}
                return {k: best[k] + node.tie * (total[k] - best[k]) for k in total}
            case ex.Not():
                return dict.fromkeys(set(self._documents) - set(self._score(node.child, matched)), 0.0)
            case ex.Boost():
                return {k: s * node.factor for k, s in self._score(node.child, matched).items()}
            case ex.Constant():
                return dict.fromkeys(self._score(node.child, matched), node.score)
            case ex.Should():
                must = self._score(node.must, matched)
                extra = _sum([self._score(child, matched) for child in node.should])
                return {key: score + extra.get(key, 0.0) for key, score in must.items()}
        raise TypeError(f"unknown expression {node!r}")


def _sum(parts: list[Scores]) -> Scores:
    total: Scores = {}
    for part in parts:
        for key, score in part.items():
            total[key] = total.get(key, 0.0) + score
    return total


def _inside(value: str, bounds: ex.Range) -> bool:
    above = bounds.lower is None or value > bounds.lower or (bounds.include_lower and value == bounds.lower)
    below = bounds.upper is None or value < bounds.upper or (bounds.include_upper and value == bounds.upper)
    return above and below
