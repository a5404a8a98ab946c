"""Compile the WHERE clause of a queryset into an engine expression.

A condition on a relation is a condition on a row of a join, and conditions on the same join must hold for the same row.
Conditions are therefore kept apart until the whole WHERE clause is known. One that stands alone on its relation is
asked of any row; where several meet, or one is negated, they are asked row by row.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Expression as DatabaseExpression
from django.db.models import Model, Subquery
from django.db.models.sql import Query
from django.db.models.sql.constants import MULTI
from modelsearch.backends.base import FilterError

from portal.search.backend.mapping import ANY_ROW, ROW_END
from portal.search.backend.values import MAX_LENGTH, NULL, VALUE, ValueKind, encode
from portal.search.engine import expressions as ex

#: A WHERE clause becomes at most this many conditions, counted for every combination of rows (OpenSearch takes 1,024).
MAX_CONDITIONS = 512
#: What a condition asks, given the beginning of the terms it may look at.
Question = Callable[[str], ex.Expression]
Rows = Mapping["Join", str]


@dataclass(frozen=True, slots=True)
class Join:
    """A join of the queryset.

    Args:
        rows: the column that lists its rows.
        aliases: what each relation on the way to it is called in the SQL; where two joins have the same, they speak of
            the same row.
    """

    rows: str
    aliases: tuple[str, ...]


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
    conditions = list(_related(tree))
    met = Counter(join.aliases[0] for join, _ in conditions)
    joins = list(dict.fromkeys(join for join, negated in conditions if negated or met[join.aliases[0]] > 1))
    combinations: list[Rows] = [{}]
    for join in joins:
        rows = rows_of(join.rows)
        combinations = [{**chosen, join: row} for chosen in combinations for row in rows if _fits(chosen, join, row)]
        if len(combinations) * len(conditions) > MAX_CONDITIONS:
            raise FilterError("Could not apply filter on search results: too many combinations of related records.")
    return ex.Any([_resolve(tree, chosen) for chosen in combinations])


def _related(tree: Condition | Group | Nothing, *, negated: bool = False) -> Iterator[tuple[Join, bool]]:
    """Yield the join of every condition on a relation, and whether something negates it."""
    if isinstance(tree, Condition) and tree.join:
        yield tree.join, negated
    elif isinstance(tree, Group):
        for part in tree.parts:
            yield from _related(part, negated=negated or tree.negated)


def _fits(chosen: Rows, join: Join, row: str) -> bool:
    """Return whether a row goes with those chosen for other joins: below a shared one, they are of the same row."""
    for other, place in chosen.items():
        for one, another, here, there in zip(
            join.aliases, other.aliases, row.split("."), place.split("."), strict=False
        ):
            if one != another:
                break
            if here != there:
                return False
    return True


def _resolve(tree: Condition | Group | Nothing, rows: Rows) -> ex.Expression:
    if isinstance(tree, Nothing):
        return ex.Not(ex.MatchAll())
    if isinstance(tree, Condition):
        return tree.ask(f"{rows.get(tree.join, ANY_ROW)}{ROW_END}" if tree.join else "")
    parts = [_resolve(part, rows) for part in tree.parts]
    joined: ex.Expression = ex.All(parts) if tree.connector == "AND" else ex.Any(parts)
    if not tree.negated:
        return joined
    present = [ex.Values(join.rows, [rows[join]]) for join in dict.fromkeys(join for join, _ in _related(tree))]
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
        beginning = str(_plain(value))
        if kind is not ValueKind.TEXT or len(beginning) > MAX_LENGTH:
            return None
        return _starts_with(column, VALUE + beginning)
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
    # A related record's null is a term of its own; a record's own is the lack of one.
    has_value = _between(column, None, None)
    if not wanted:
        return has_value
    return lambda row: ex.Values(column, [row + NULL]) if row else ex.Not(has_value(row))


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
