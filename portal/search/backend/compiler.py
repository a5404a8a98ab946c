"""Compile search queries and querysets of Wagtail's search API into engine queries."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import F, OrderBy
from django.db.models.expressions import Col
from django.db.models.functions import Extract
from django.db.models.lookups import Lookup
from modelsearch.backends.base import BaseSearchQueryCompiler, FilterError, OrderByFieldError
from modelsearch.index import AutocompleteField, FilterField, RelatedFields, SearchField, get_indexed_models
from modelsearch.query import And, Boost, Fuzzy, MatchAll, Not, Or, Phrase, PlainText, SearchQuery

from portal.search.analysis.words import MAX_QUERY_TOKENS
from portal.search.backend import filters, leaves
from portal.search.backend.leaves import NOTHING, Columns, one_of
from portal.search.backend.mapping import (
    AUTO_ALL,
    MODELS,
    PK,
    boost_column,
    column_name,
    filter_column,
    is_multiple,
    is_parent_link,
    model_label,
    pk_kind,
    rows_column,
    value_kind,
)
from portal.search.backend.partial import typed_words
from portal.search.engine import SortKey
from portal.search.engine import expressions as ex


class EngineSearchQueryCompiler(BaseSearchQueryCompiler):
    """Compiles whole-word searches."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    # The query

    def expression(self) -> ex.Expression:
        """Return what to match and score.

        Raises:
            NotImplementedError: the query holds something this backend cannot answer.
        """
        return self._compile(self.query, self.columns())

    def columns(self) -> list[tuple[str, float]]:
        """Return the columns to search in, with their boosts."""
        model = self.queryset.model
        if self.fields:
            found = {field.field_name: field for field in model.get_searchable_search_fields()}
            return [(f"s_{column_name(model, found[name])}", found[name].boost or 1.0) for name in self.fields]
        boosts = {
            float(field.boost or 1.0)
            for descendant in get_indexed_models()
            if issubclass(descendant, model)
            for field in _search_fields(descendant.get_search_fields())
        }
        return [(boost_column(boost), boost) for boost in sorted(boosts)]

    def _compile(self, query: SearchQuery, columns: Columns) -> ex.Expression:
        compile_leaf: dict[type, Callable[[Any, Columns], ex.Expression]] = {
            PlainText: self._plain_text,
            Phrase: self._phrase,
            Fuzzy: self._fuzzy,
        }
        if isinstance(query, MatchAll):
            return ex.MatchAll()
        if isinstance(query, And):
            return ex.All([self._compile(part, columns) for part in query.subqueries])
        if isinstance(query, Or):
            return ex.Any([self._compile(part, columns) for part in query.subqueries])
        if isinstance(query, Not):
            return ex.Not(self._compile(query.subquery, columns))
        if isinstance(query, Boost):
            return ex.Boost(self._compile(query.subquery, columns), query.boost)
        for kind, compiled in compile_leaf.items():
            if isinstance(query, kind):
                return compiled(query, columns)
        raise NotImplementedError(f"`{type(query).__name__}` is not supported by the portal's search backend.")

    def _plain_text(self, query: PlainText, columns: Columns) -> ex.Expression:
        return leaves.joined(leaves.words(query.query_string, columns), query.operator, query.boost)

    def _phrase(self, query: Phrase, columns: Columns) -> ex.Expression:
        return leaves.phrase(query.query_string, columns)

    def _fuzzy(self, query: Fuzzy, columns: Columns) -> ex.Expression:
        return leaves.joined(leaves.fuzzy_words(query.query_string, columns), query.operator)

    # The queryset

    def where(self, rows_of: Callable[[str], list[str]]) -> ex.Expression:
        """Return the queryset's model and filters as a condition.

        Args:
            rows_of: returns the rows in use of a rows column.

        Raises:
            FilterError: a lookup or a value that cannot be answered from the index.
        """
        of_model = ex.Values(MODELS, [model_label(self.queryset.model)])
        tree = self._get_filters_from_queryset()
        if tree is None:
            return of_model
        return ex.All([of_model, filters.expression_of(tree, rows_of)])

    def _get_filters_from_queryset(self, check_only: bool = False) -> Any:
        if self.queryset.query.combinator:
            raise FilterError(f"Cannot search the {self.queryset.query.combinator} of several querysets.")
        return super()._get_filters_from_queryset(check_only=check_only)

    def _get_filters_from_where_node(self, where_node: Any, check_only: bool = False) -> Any:
        if isinstance(where_node, Lookup):
            asked = where_node.lhs.lhs if isinstance(where_node.lhs, Extract) else where_node.lhs
            if not isinstance(asked, Col):
                raise FilterError(
                    f"Cannot apply filter on search results: {asked!r} is computed by the database, not a FilterField."
                )
            if self._is_primary_key(where_node.lhs):
                # Django asks a child model's pointer to its parent; it is the key itself and always in the index.
                if check_only:
                    return None
                return self._condition(PK, pk_kind(self.queryset.model), str(where_node.lookup_name), where_node.rhs)
        return super()._get_filters_from_where_node(where_node, check_only=check_only)

    def _is_primary_key(self, lhs: Any) -> bool:
        if not isinstance(lhs, Col) or not lhs.target.primary_key or self._joins_of(lhs):
            return False
        model = self.queryset.model
        return lhs.target.model is model or lhs.target.model in model._meta.get_parent_list()

    def _joins_of(self, column: Any) -> list[str]:
        """Return the aliases of the joins from the model to a column, without those to its own parents."""
        aliases = self.queryset.query.alias_map
        found: list[str] = []
        alias = aliases[column.alias]
        while alias.parent_alias is not None:
            if not is_parent_link(alias.join_field):
                found.append(alias.table_alias)
            alias = aliases[alias.parent_alias]
        return found[::-1]

    def _process_filter(self, column: Any, lookup: str, value: Any, check_only: bool = False) -> Any:
        *relations, found = self._get_filter_field_path_for_column(column)
        if check_only:
            return None
        path: tuple[RelatedFields, ...] = tuple(relations)
        model = self.queryset.model
        target = model
        joins = iter(self._joins_of(column))
        rows: list[str] = []
        for related in path:
            relation = related.get_field(target)
            # A many-to-many relation is two joins, and what it leads to is the second.
            rows.append([next(joins) for _ in range(2 if relation.many_to_many else 1)][-1])
            target = relation.related_model
        join = filters.Join(rows_column(model, path), tuple(rows)) if path else None
        return self._condition(filter_column(model, path, found), value_kind(target, found), lookup, value, join)

    def _condition(
        self, column: str, kind: Any, lookup: str, value: Any, join: filters.Join | None = None
    ) -> filters.Condition:
        question = filters.lookup_question(column, kind, lookup, value, using=self.queryset._db)
        if question is None:
            raise FilterError(f'Could not apply filter on search results: lookup "{lookup}" is not supported.')
        return filters.Condition(question, join)

    def _process_match_none(self) -> filters.Nothing:
        return filters.Nothing()

    def _connect_filters(self, parts: Sequence[Any], connector: str, negated: bool) -> filters.Group | None:
        return filters.Group(tuple(parts), connector, negated) if parts else None

    # Ordering

    def order(self) -> list[SortKey]:
        """Return what to order by; empty for relevance."""
        if self.order_by_relevance:
            return []
        keys = list(self._sort_keys())
        return [*keys, SortKey(PK, descending=True)] if all(key.field != PK for key in keys) else keys

    def _get_order_by(self) -> Iterator[tuple[bool, FilterField]]:
        """Check the ordering. It is compiled by `_sort_keys`, which knows more than field names."""
        if not self.order_by_relevance:
            list(self._sort_keys())
        return iter(())

    def _sort_keys(self) -> Iterator[SortKey]:
        query = self.queryset.query
        given = query.order_by or (query.get_meta().ordering if query.default_ordering else ())
        for item in given:
            try:
                key = self._sort_key(item)
            except OrderByFieldError:
                if query.order_by:
                    raise
                return  # The model's own ordering is a habit, not a request: without FilterFields it is left out.
            if query.standard_ordering:
                yield key
            else:
                yield SortKey(key.field, not key.descending, not key.nulls_first)

    def _sort_key(self, item: Any) -> SortKey:
        name, descending, nulls_first = item, False, False
        if isinstance(item, F):
            item = item.asc()
        if not isinstance(item, str):
            if not isinstance(item, OrderBy) or not isinstance(item.expression, F):
                raise OrderByFieldError(
                    f'Sorting search results with "{item}" is not supported by this search backend.',
                    field_name=str(item),
                )
            reference: Any = item.expression
            name, descending, nulls_first = reference.name, item.descending, bool(item.nulls_first)
        elif name.startswith("-"):
            name, descending = name[1:], True
        if name in ("pk", self.queryset.model._meta.pk.name):
            return SortKey(PK, descending, nulls_first)
        found = self._get_filterable_field(name) or self._filterable_by_name(name)
        if found is None or is_multiple(self.queryset.model, found):
            raise OrderByFieldError(
                f'Cannot sort search results with field "{name}". Please add index.FilterField("{name}") for a field '
                f"with one value to {self.queryset.model.__name__}.search_fields.",
                field_name=name,
            )
        return SortKey(filter_column(self.queryset.model, (), found), descending, nulls_first)

    def _filterable_by_name(self, name: str) -> FilterField | None:
        fields = self.queryset.model.get_filterable_search_fields()
        return next((field for field in fields if field.field_name == name), None)


class EngineAutocompleteQueryCompiler(EngineSearchQueryCompiler):
    """Compiles searches for what is still being typed: the last word is the beginning of one."""

    def columns(self) -> list[tuple[str, float]]:
        """Return the columns to complete from."""
        if not self.fields:
            return [(AUTO_ALL, 1.0)]
        model = self.queryset.model
        found = {field.field_name: field for field in model.get_autocomplete_search_fields()}
        return [(f"a_{column_name(model, found[name])}", 1.0) for name in self.fields if name in found]

    def _plain_text(self, query: PlainText, columns: Columns) -> ex.Expression:
        *whole, last = typed_words(leaves.cut(query.query_string))[:MAX_QUERY_TOKENS] or [""]
        if not last or not columns:
            return NOTHING
        words = [one_of([ex.Terms(column, [word]) for column, _ in columns]) for word in whole]
        words.append(one_of([ex.Prefix(column, last) for column, _ in columns]))
        return leaves.joined(words, query.operator, query.boost)

    def _phrase(self, query: Phrase, columns: Columns) -> ex.Expression:
        raise NotImplementedError("`Phrase` is not supported for autocomplete queries.")

    def _fuzzy(self, query: Fuzzy, columns: Columns) -> ex.Expression:
        raise NotImplementedError("`Fuzzy` is not supported for autocomplete queries.")


def _search_fields(fields: Sequence[Any]) -> Iterator[SearchField]:
    for found in fields:
        if isinstance(found, RelatedFields):
            yield from _search_fields(found.fields)
        elif isinstance(found, SearchField) and not isinstance(found, AutocompleteField):
            yield found
