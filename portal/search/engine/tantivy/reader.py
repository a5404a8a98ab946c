"""Answer queries from an open tantivy index."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, ClassVar

from tantivy import DocAddress, Index, Query

from portal.search.engine import expressions as ex
from portal.search.engine.base import Completion, EngineQuery, EngineResults, Filters, Hit, Schema
from portal.search.engine.content import unpacked
from portal.search.engine.fields import KEY, STORE
from portal.search.engine.ranking import by_count, inverse_frequency, near_factors, scored_terms
from portal.search.engine.tantivy.compile import Compiler, all_of, everything, one_of
from portal.search.engine.tantivy.order import Ordering
from portal.search.engine.tantivy.schema import prepared

#: A score is a number of 24 binary digits: so many terms are told apart by one query.
TERMS_A_QUERY = 22
MAX_FACET_VALUES = 65_000
#: Stands for "none" among the values of a facet.
NO_VALUE = "\x00"
#: Segment and number of a document in one state of the index.
Place = tuple[int, int]
NO_FILTERS: Filters = {}
#: Prefixes whose rarity is kept.
MAX_RARITIES = 4096


class OpenTantivy:
    """One committed state."""

    exclusive: ClassVar[bool] = False

    def __init__(self, directory: Path, schema: Schema) -> None:
        index = prepared(Index.open(str(directory)))
        self.schema = schema
        index.reload()
        self.searcher = index.searcher()
        self.native = index.schema
        self.documents: int = self.searcher.num_docs
        self.has_deletions = stored_documents(directory) != self.documents
        self.compiler = Compiler(schema, self.native, self._near, self._between, self._rarity)
        self._ordering = Ordering(self.searcher, self.compiler)
        self._lexicons: dict[str, list[str]] = {}
        self._rarities: dict[tuple[str, str], float] = {}

    def close(self) -> None:
        """Nothing is held that the searcher does not let go of itself."""

    # Terms

    def frequency(self, field: str, token: str, filters: Filters = NO_FILTERS) -> int:
        """Return how many of the admitted documents hold a term."""
        stored = int(self.searcher.doc_freq(field, token))
        if not stored or not (filters or self.has_deletions):
            return stored
        return self._count(all_of([self.compiler.term(field, token), *self._conditions(filters)]))

    def count(self, filters: Filters) -> int:
        """Return how many documents are admitted."""
        return self._count(all_of(self._conditions(filters))) if filters else self.documents

    def _count(self, query: Query) -> int:
        # Its stub does not know that a result has a count.
        answer: Any = self.searcher.search(Query.const_score_query(query, 0.0), limit=1)
        return int(answer.count)

    def complete(self, field: str, prefix: str, limit: int, filters: Filters) -> list[Completion]:
        """Return the most frequent terms with a prefix, counting only admitted documents."""
        visible = self._filters(filters) if filters else None
        found = self.searcher.terms_with_prefix(field, prefix, filter_query=visible)
        ranked = sorted((-count, term) for term, count in found if count)
        return [Completion(term, -count) for count, term in ranked[:limit]]

    def _lexicon(self, field: str) -> list[str]:
        found = self._lexicons.get(field)
        if found is None:
            found = self._lexicons[field] = sorted(term for term, _ in self.searcher.terms_with_prefix(field, ""))
        return found

    def _expand(self, node: ex.Prefix | ex.Fuzzy) -> Iterable[str]:
        if isinstance(node, ex.Fuzzy):
            return self._near(node)
        return [found.term for found in self.complete(node.field, node.text, ex.MAX_EXPANSIONS, NO_FILTERS)]

    def _near(self, node: ex.Fuzzy) -> Mapping[str, float]:
        return near_factors(node, self._lexicon(node.field), self.frequency)

    def _between(self, node: ex.Range) -> list[str]:
        start = _common_start(node.lower or "", node.upper or "")
        return [
            term
            for term, _ in self.searcher.terms_with_prefix(node.field, start)
            if (node.lower is None or term > node.lower or (term == node.lower and node.include_lower))
            and (node.upper is None or term < node.upper or (term == node.upper and node.include_upper))
        ]

    def _rarity(self, field: str, prefix: str) -> float:
        """Counting what begins so takes as long as finding it, so the answer is kept: this state never changes."""
        known = self._rarities.get((field, prefix))
        if known is None:
            if len(self._rarities) >= MAX_RARITIES:
                self._rarities.clear()
            known = inverse_frequency(self.documents, self._count(self.compiler.begun(field, prefix)))
            self._rarities[field, prefix] = known
        return known

    # Queries

    def search(self, query: EngineQuery) -> EngineResults:
        """Answer a query."""
        conditions = [self.compiler.compile(query.expression)]
        if query.where is not None:
            conditions.append(Query.const_score_query(self.compiler.compile(query.where), 0.0))
        base = all_of(conditions)
        wanted = all_of([base, self._filters(query.filters)]) if query.filters else base
        page = range(query.offset, min(query.offset + query.limit, self.documents))
        if query.order:
            total = self._count(wanted)
            found = [(0.0, address) for _, address in self._ordering.page(wanted, query.order, page)]
        else:
            # Its stub does not know that a result has a count.
            answer: Any = self.searcher.search(wanted, limit=max(1, len(page)), offset=page.start)
            total, found = answer.count, answer.hits if page else []
        return EngineResults(
            total,
            self._hits(found, scored_terms(query.expression, self._expand) if query.matched else ()),
            self._facets(query.facets, base, wanted, query.filters),
        )

    def _filters(self, filters: Filters) -> Query:
        return all_of(self._conditions(filters))

    def _conditions(self, filters: Filters) -> list[Query]:
        return [self.compiler.values(name, list(values)) for name, values in filters.items()]

    def _facets(
        self, names: Sequence[str], base: Query, wanted: Query, filters: Filters
    ) -> dict[str, dict[str | None, int]]:
        """Count values; all facets without a filter of their own in one go."""
        facets = self._values_of([name for name in names if name not in filters], wanted)
        for name in names:
            if name in filters:
                others = {field: values for field, values in filters.items() if field != name}
                facets |= self._values_of([name], all_of([base, self._filters(others)]) if others else base)
        return {name: facets[name] for name in names}

    def _values_of(self, names: Sequence[str], query: Query) -> dict[str, dict[str | None, int]]:
        if not names:
            return {}
        request = {name: {"terms": {"field": name, "size": MAX_FACET_VALUES, "missing": NO_VALUE}} for name in names}
        found = self.searcher.aggregate(query, request)
        facets: dict[str, dict[str | None, int]] = {}
        for name in names:
            buckets = found[name]["buckets"]
            counts = {bucket["key"]: bucket["doc_count"] for bucket in buckets}
            without = counts.pop(NO_VALUE, 0)
            every: dict[str | None, int] = {**counts, **({None: without} if without else {})}
            facets[name] = dict(sorted(every.items(), key=by_count))
        return facets

    def _hits(self, found: Sequence[tuple[Any, DocAddress]], terms: Sequence[tuple[str, str]]) -> list[Hit]:
        kept: list[Any] = [self.searcher.doc(address).get_first(STORE) for _, address in found]
        read = unpacked(kept)
        matched = self._matched([key for key, _ in read], terms) if terms else {}
        return [
            Hit(key, score, stored, tuple(matched.get(_place(address), ())) if matched else ())
            for (key, stored), (score, address) in zip(read, found, strict=True)
        ]

    def _matched(self, keys: list[str], terms: Sequence[tuple[str, str]]) -> dict[Place, list[tuple[str, str]]]:
        """Return the terms each hit holds: each term scores a binary digit of its own, so the score tells them."""
        matched: dict[Place, list[tuple[str, str]]] = {}
        if not keys:
            return matched
        among = self.compiler.values(KEY, keys)
        for start in range(0, len(terms), TERMS_A_QUERY):
            chunk = terms[start : start + TERMS_A_QUERY]
            digits = [
                Query.const_score_query(self.compiler.term(field, token), float(1 << place))
                for place, (field, token) in enumerate(chunk)
            ]
            query = all_of([among, one_of([*digits, everything()])])
            for score, address in self.searcher.search(query, limit=len(keys), count=False).hits:
                bits = int(score)
                held = [term for place, term in enumerate(chunk) if bits >> place & 1]
                matched.setdefault(_place(address), []).extend(held)
        return matched


def stored_documents(directory: Path) -> int:
    """Return the number of documents in the segments of the newest commit, deleted ones included."""
    segments = json.loads((directory / "meta.json").read_bytes())["segments"]
    return sum(segment["max_doc"] for segment in segments)


def _place(address: DocAddress) -> Place:
    return address.segment_ord, address.doc


def _common_start(one: str, other: str) -> str:
    return "".join(left for left, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
