"""Fall back to modelsearch's database search (by containment) when the index cannot be used."""

from collections import OrderedDict
from typing import Any

from django.core.exceptions import FieldError
from modelsearch.backends.base import BaseSearchQueryCompiler
from modelsearch.backends.database.fallback import DatabaseSearchBackend, DatabaseSearchResults
from modelsearch.query import MATCH_ALL, MATCH_NONE, And, Boost, Fuzzy, MatchAll, Not, Or, PlainText, SearchQuery


def database_results(compiler: BaseSearchQueryCompiler, prefetch: tuple[Any, ...] = ()) -> DatabaseSearchResults:
    """Return the results of a search as the database gives them, in the queryset's order.

    Args:
        compiler: of the search, checked.
        prefetch: relations to fetch with the instances.
    """
    return DatabaseSearchBackend({}).search(
        contained(compiler.query),
        compiler.queryset.prefetch_related(*prefetch),
        fields=compiler.fields,
        order_by_relevance=compiler.order_by_relevance,
    )


def database_facet(results: DatabaseSearchResults, field_name: str) -> OrderedDict[Any, int]:
    """Return a facet counted by the database; empty for what is no column of it."""
    try:
        return results.facet(field_name)
    except FieldError:
        return OrderedDict()


def contained(query: SearchQuery) -> SearchQuery:
    """Return a query without what the database cannot do: boosts, mistakes forgiven, branches of nothing."""
    if isinstance(query, Boost):
        return contained(query.subquery)
    if isinstance(query, PlainText | Fuzzy):
        return PlainText(query.query_string, operator=query.operator) if query.query_string.split() else MATCH_NONE
    if isinstance(query, Not):
        inner = contained(query.subquery)
        return MATCH_ALL if _is_nothing(inner) else Not(inner)
    if not isinstance(query, And | Or):
        return query
    parts = [contained(part) for part in query.subqueries]
    if isinstance(query, Or):
        return Or(kept) if (kept := [part for part in parts if not _is_nothing(part)]) else MATCH_NONE
    if kept := [part for part in parts if not isinstance(part, MatchAll)]:
        return And(kept)
    return MATCH_ALL if parts else MATCH_NONE


def _is_nothing(query: SearchQuery) -> bool:
    return isinstance(query, Not) and isinstance(query.subquery, MatchAll)
