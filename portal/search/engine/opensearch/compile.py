"""Compile expressions into OpenSearch's query DSL."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from portal.search.engine import expressions as ex
from portal.search.engine.base import Schema

Dsl = dict[str, Any]
NOTHING: Dsl = {"match_none": {}}
#: Values a `terms` query takes ("Terms query": 65,536 by default).
MAX_TERMS = 65_536
#: Between field and token in the name of a query, by which hits say what they matched.
NAME_SEPARATOR = "\x1f"


def name_of(field: str, token: str) -> str:
    """Return what a term query is called."""
    return f"{field}{NAME_SEPARATOR}{token}"


def unscored(*queries: Dsl) -> Dsl:
    """Return a query that matches what all of them match, with score 0."""
    return {"bool": {"filter": list(queries)}}


def one_of(field: str, values: Collection[str]) -> Dsl:
    """Return a query for documents that hold one of the values, however many."""
    listed = list(values)
    parts = [{"terms": {field: listed[start : start + MAX_TERMS]}} for start in range(0, len(listed) or 1, MAX_TERMS)]
    return parts[0] if len(parts) == 1 else {"bool": {"should": parts, "minimum_should_match": 1}}


class Compiler:
    """Compiles expressions for a schema.

    Args:
        schema: of the index.
        named: whether term queries carry names, so that hits say which of them matched.
    """

    def __init__(self, schema: Schema, *, named: bool = False) -> None:
        self.schema = schema
        self.named = named

    def compile(self, node: ex.Expression) -> Dsl:
        """Return the query for an expression."""
        handler: Callable[[Any], Dsl] = getattr(self, f"_{type(node).__name__.lower()}")
        return handler(node)

    def filters(self, filters: Mapping[str, Collection[str]]) -> list[Dsl]:
        """Return a condition for each filter."""
        return [one_of(field, values) for field, values in filters.items()]

    def _term(self, field: str, token: str, boost: float) -> Dsl:
        term: Dsl = {"value": token, "boost": boost}
        if self.named:
            term["_name"] = name_of(field, token)
        return {"term": {field: term}}

    def _matchall(self, node: ex.MatchAll) -> Dsl:
        return {"match_all": {}}

    def _terms(self, node: ex.Terms) -> Dsl:
        queries = [self._term(node.field, token, node.boost) for token in dict.fromkeys(node.tokens)]
        if not queries:
            return NOTHING
        if node.operator == "and":
            return {"bool": {"must": queries}}
        return {"bool": {"should": queries, "minimum_should_match": node.minimum}}

    def _phrase(self, node: ex.Phrase) -> Dsl:
        if len(node.tokens) < 2 or not self.schema[node.field].positions:
            return self._terms(ex.Terms(node.field, node.tokens, "and", node.boost))
        # The field is cut at spaces, for queries as well: a phrase is its tokens with spaces between.
        return {"match_phrase": {node.field: {"query": " ".join(node.tokens), "boost": node.boost}}}

    def _prefix(self, node: ex.Prefix) -> Dsl:
        # As one clause and for every term, not as the most frequent ones: those would count as a clause each.
        return {"prefix": {node.field: {"value": node.text, "boost": node.boost, "rewrite": "constant_score"}}}

    def _fuzzy(self, node: ex.Fuzzy) -> Dsl:
        fuzzy = {"value": node.token, "fuzziness": node.distance, "max_expansions": node.limit, "boost": node.boost}
        return {"fuzzy": {node.field: fuzzy}}

    def _values(self, node: ex.Values) -> Dsl:
        return unscored(one_of(node.field, node.values))

    def _range(self, node: ex.Range) -> Dsl:
        bounds: Dsl = {}
        if node.lower is not None:
            bounds["gte" if node.include_lower else "gt"] = node.lower
        if node.upper is not None:
            bounds["lte" if node.include_upper else "lt"] = node.upper
        return unscored({"range": {node.field: bounds}} if bounds else {"exists": {"field": node.field}})

    def _any(self, node: ex.Any) -> Dsl:
        queries = [self.compile(child) for child in node.children]
        return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else NOTHING

    def _all(self, node: ex.All) -> Dsl:
        queries = [self.compile(child) for child in node.children]
        return {"bool": {"must": queries}} if queries else NOTHING

    def _best(self, node: ex.Best) -> Dsl:
        queries = [self.compile(child) for child in node.children]
        return {"dis_max": {"queries": queries, "tie_breaker": node.tie}} if queries else NOTHING

    def _not(self, node: ex.Not) -> Dsl:
        return unscored({"bool": {"must_not": [self.compile(node.child)]}})

    def _boost(self, node: ex.Boost) -> Dsl:
        return {"bool": {"must": [self.compile(node.child)], "boost": node.factor}}

    def _constant(self, node: ex.Constant) -> Dsl:
        return {"constant_score": {"filter": self.compile(node.child), "boost": node.score}}

    def _should(self, node: ex.Should) -> Dsl:
        extra = [self.compile(child) for child in node.should]
        return {"bool": {"must": [self.compile(node.must)], "should": extra, "minimum_should_match": 0}}
