"""Compile expressions into tantivy queries."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tantivy import Occur, Query
from tantivy import Schema as TantivySchema

from portal.search.engine import expressions as ex
from portal.search.engine.base import FieldKind, Schema

#: Which postings a term query reads, by what the field keeps.
_OPTIONS = {(FieldKind.TEXT, True): "position", (FieldKind.TEXT, False): "freq", (FieldKind.KEYWORD, False): "basic"}
#: Up to so many values are looked up one by one; a set of them is first searched for among all terms.
FEW_VALUES = 8


def everything(score: float = 0.0) -> Query:
    """Return a query all documents match with this score; a bare one scores nothing beside others."""
    return Query.const_score_query(Query.all_query(), score)


def one_of(queries: Sequence[Query], minimum: int = 1) -> Query:
    """Return a disjunction; the scores add up."""
    if len(queries) < minimum:
        return Query.empty_query()
    if len(queries) == 1:
        return queries[0]
    parts = [(Occur.Should, query) for query in queries]
    return Query.boolean_query(parts, minimum_number_should_match=minimum)


def all_of(queries: Sequence[Query]) -> Query:
    """Return a conjunction; the scores add up."""
    if len(queries) == 1:
        return queries[0]
    return Query.boolean_query([(Occur.Must, query) for query in queries]) if queries else Query.empty_query()


def boosted(query: Query, factor: float) -> Query:
    """Return a query with its score multiplied; without a factor it stays bare, which tantivy skips through faster."""
    return query if factor == 1.0 else Query.boost_query(query, factor)


class Compiler:
    """Compiles expressions for one state of the index.

    Args:
        schema: ours.
        native: tantivy's.
        near: returns the terms a Fuzzy stands for, each with a factor.
        between: returns the terms of a field in a range.
        rarity: returns the inverse document frequency of a prefix.
    """

    def __init__(
        self,
        schema: Schema,
        native: TantivySchema,
        near: Callable[[ex.Fuzzy], Mapping[str, float]],
        between: Callable[[ex.Range], list[str]],
        rarity: Callable[[str, str], float],
    ) -> None:
        self.schema = schema
        self.native = native
        self.near = near
        self.between = between
        self.rarity = rarity

    def compile(self, node: ex.Expression) -> Query:
        """Return the query for an expression."""
        handler: Callable[[Any], Query] = getattr(self, f"_{type(node).__name__.lower()}")
        return handler(node)

    def term(self, field: str, token: str) -> Query:
        """Return the query for one term, scored."""
        spec = self.schema[field]
        return Query.term_query(self.native, field, token, _OPTIONS[spec.kind, spec.positions])

    def values(self, field: str, values: Sequence[str]) -> Query:
        """Return the query for documents with one of the values, not scored."""
        if len(values) > FEW_VALUES:
            found = Query.term_set_query(self.native, field, list(values))
        else:
            found = one_of([Query.term_query(self.native, field, value, "basic") for value in dict.fromkeys(values)])
        return Query.const_score_query(found, 0.0)

    def _matchall(self, node: ex.MatchAll) -> Query:
        return everything(1.0)

    def _terms(self, node: ex.Terms) -> Query:
        queries = [self.term(node.field, token) for token in dict.fromkeys(node.tokens)]
        if not queries:
            return Query.empty_query()
        joined = all_of(queries) if node.operator == "and" else one_of(queries, node.minimum)
        return boosted(joined, node.boost)

    def _phrase(self, node: ex.Phrase) -> Query:
        if len(node.tokens) < 2 or not self.schema[node.field].positions:
            return self._terms(ex.Terms(node.field, node.tokens, "and", node.boost))
        return boosted(Query.phrase_query(self.native, node.field, list(node.tokens)), node.boost)

    def _prefix(self, node: ex.Prefix) -> Query:
        begun = self.begun(node.field, node.text)
        return Query.const_score_query(begun, node.boost * self.rarity(node.field, node.text))

    def begun(self, field: str, text: str) -> Query:
        """Return the query for documents with a term that begins with `text`."""
        return Query.fuzzy_term_query(self.native, field, text, distance=0, prefix=True)

    def _fuzzy(self, node: ex.Fuzzy) -> Query:
        near = [boosted(self.term(node.field, term), factor) for term, factor in self.near(node).items()]
        return boosted(Query.disjunction_max_query(near), node.boost) if near else Query.empty_query()

    def _values(self, node: ex.Values) -> Query:
        return self.values(node.field, node.values)

    def _range(self, node: ex.Range) -> Query:
        if node.lower is None and node.upper is None:
            return Query.const_score_query(Query.exists_query(node.field), 0.0)
        return self.values(node.field, self.between(node))

    def _any(self, node: ex.Any) -> Query:
        return one_of([self.compile(child) for child in node.children])

    def _all(self, node: ex.All) -> Query:
        return all_of([self.compile(child) for child in node.children])

    def _best(self, node: ex.Best) -> Query:
        queries = [self.compile(child) for child in node.children]
        return Query.disjunction_max_query(queries, node.tie) if queries else Query.empty_query()

    def _not(self, node: ex.Not) -> Query:
        return Query.boolean_query([(Occur.Must, everything()), (Occur.MustNot, self.compile(node.child))])

    def _boost(self, node: ex.Boost) -> Query:
        return boosted(self.compile(node.child), node.factor)

    def _constant(self, node: ex.Constant) -> Query:
        return Query.const_score_query(self.compile(node.child), node.score)

    def _should(self, node: ex.Should) -> Query:
        extra = [(Occur.Should, self.compile(child)) for child in node.should]
        return Query.boolean_query([(Occur.Must, self.compile(node.must)), *extra])
