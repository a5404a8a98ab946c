"""The filters of a queryset as an expression for the engine.

A condition on a relation is a condition on a row of a join, and conditions on the same join must hold for the same row.
Conditions are therefore kept apart until the whole WHERE clause is known, and then asked row by row.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression as DatabaseExpression
from django.db.models import Model, Subquery
from django.db.models.sql import Query
from django.db.models.sql.constants import MULTI
from modelsearch.backends.base import FilterError

from portal.search.engine import expressions as ex

from .mapping import ROW_END
from .values import NULL, VALUE, ValueKind, encode

#: A WHERE clause is asked for at most this many combinations of rows.
MAX_ROWS = 256
#: What a condition asks, given the beginning of the terms it may look at.
Question = Callable[[str], ex.Expression]
Rows = Mapping["Join", str]


@dataclass(frozen=True, slots=True)
class Join:
    """A join of the queryset: its alias in SQL, and the column that lists its rows."""

    alias: str
    rows: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One lookup, on a column of the model itself or of a join."""

    ask: Question
    join: Join | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions joined by AND or OR, perhaps negated."""

    parts: "Sequence[Condition | Group]"
    connector: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """What `queryset.none()` stands for."""


def expression_of(tree: Condition | Group | Nothing, rows_of: Callable[[str], list[str]]) -> ex.Expression:
    """Return a WHERE clause as one expression.

    Args:
        tree: the clause.
        rows_of: returns the rows in use of a rows column.

    Raises:
        FilterError: the joins have too many combinations of rows.
    """
    joins = list(dict.fromkeys(_joins(tree)))
    if not joins:
        return _resolve(tree, {})
    rows = [rows_of(join.rows) for join in joins]
    combinations = list(itertools.islice(itertools.product(*rows), MAX_ROWS + 1))
    if len(combinations) > MAX_ROWS:
        raise FilterError(
            f"Could not apply filter on search results: more than {MAX_ROWS} combinations of related records."
        )
    return ex.Any([_resolve(tree, dict(zip(joins, chosen, strict=True))) for chosen in combinations])


def _joins(tree: Condition | Group | Nothing) -> list[Join]:
    if isinstance(tree, Condition):
        return [tree.join] if tree.join else []
    if isinstance(tree, Group):
        return [join for part in tree.parts for join in _joins(part)]
    return []


def _resolve(tree: Condition | Group | Nothing, rows: Rows) -> ex.Expression:
    if isinstance(tree, Nothing):
        return ex.Not(ex.MatchAll())
    if isinstance(tree, Condition):
        if tree.join is None:
            return tree.ask("")
        row = rows[tree.join]
        return ex.All([ex.Values(tree.join.rows, [row]), tree.ask(f"{row}{ROW_END}")])
    parts = [_resolve(part, rows) for part in tree.parts]
    joined: ex.Expression = ex.All(parts) if tree.connector == "AND" else ex.Any(parts)
    if not tree.negated:
        return joined
    present = [ex.Values(join.rows, [rows[join]]) for join in dict.fromkeys(_joins(tree))]
    return ex.All([*present, ex.Not(joined)]) if present else ex.Not(joined)


def lookup_question(column: str, kind: ValueKind, lookup: str, value: Any, *, using: str | None) -> Question | None:
    """Return what a lookup asks of a column, or None for a lookup that is not supported.

    Raises:
        FilterError: the value cannot be compared with the column.
    """

    def term(single: Any) -> str:
        try:
            return encode(single.pk if isinstance(single, Model) else single, kind)
        except (TypeError, ValueError) as error:
            raise FilterError(
                f"Cannot apply filter on search results: {single!r} is not a value to compare with."
            ) from error

    if lookup == "exact":
        if isinstance(value, Query | Subquery):
            value = next(iter(_selected(value, using)), None)
            if value is None:
                return lambda row: ex.Not(ex.MatchAll())
        return _one_of(column, [term(_plain(value))])
    if lookup == "in":
        given = _selected(value, using) if isinstance(value, Query | Subquery) else value
        return _one_of(column, [term(_plain(single)) for single in given if single is not None])
    if lookup == "isnull":
        return _is_null(column, wanted=bool(value))
    if lookup in ("startswith", "prefix"):
        return _starts_with(column, VALUE + str(_plain(value)))
    if lookup == "range":
        lower, upper = value
        return _between(column, term(_plain(lower)), term(_plain(upper)))
    bound = term(_plain(value)) if lookup in ("gt", "gte", "lt", "lte") else ""
    if lookup in ("gt", "gte"):
        return _between(column, bound, None, with_lower=lookup == "gte")
    if lookup in ("lt", "lte"):
        return _between(column, None, bound, with_upper=lookup == "lte")
    return None


def _plain(value: Any) -> Any:
    if isinstance(value, DatabaseExpression) or hasattr(value, "resolve_expression"):
        literal = getattr(value, "value", None)
        if literal is None:
            raise FilterError(
                "Cannot apply filter on search results: it is compared with an expression of the database."
            )
        return literal
    return value


def _selected(value: Query | Subquery, using: str | None) -> list[Any]:
    query = value.query if isinstance(value, Subquery) else value
    rows = query.get_compiler(using or DEFAULT_DB_ALIAS).execute_sql(result_type=MULTI)
    return [row[0] for chunk in rows or () for row in chunk]


def _one_of(column: str, terms: Sequence[str]) -> Question:
    return lambda row: ex.Values(column, [row + term for term in terms])


def _is_null(column: str, *, wanted: bool) -> Question:
    def ask(row: str) -> ex.Expression:
        if row:
            null: ex.Expression = ex.Values(column, [row + NULL])
        else:
            null = ex.Not(ex.Range(column))
        return null if wanted else ex.Not(null)

    return ask


def _starts_with(column: str, beginning: str) -> Question:
    return lambda row: ex.Range(column, row + beginning, row + beginning + "\U0010ffff")


def _between(
    column: str, lower: str | None, upper: str | None, *, with_lower: bool = True, with_upper: bool = True
) -> Question:
    return lambda row: ex.Range(
        column,
        row + (VALUE if lower is None else lower),
        row + (f"{VALUE}\U0010ffff" if upper is None else upper),
        with_lower,
        with_upper,
    )
