"""Unique keys of a model, and conditions on a row compiled to SQL for triggers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Model, Q, UniqueConstraint
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.sql import Query


@dataclass(frozen=True)
class UniqueKey:
    """Expressions whose values together stand in one row at most, among the rows that meet the condition."""

    expressions: tuple[Combinable, ...]
    condition: Q | None = None


def unique_keys(model: type[Model]) -> list[UniqueKey]:
    """Return every unique key of the model's own table: primary key, unique and one-to-one fields, ``unique_together``,
    and unique constraints with their conditions and expressions."""
    meta = model._meta
    keys = [UniqueKey((F(field.name),)) for field in meta.local_concrete_fields if field.unique]
    keys += [UniqueKey(tuple(map(F, names))) for names in meta.unique_together]
    for constraint in meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            expressions = tuple(map(_unordered, constraint.expressions)) or tuple(map(F, constraint.fields))
            keys.append(UniqueKey(expressions, constraint.condition))
    return keys


def _unordered(expression: Any) -> Any:
    """Return what is compared: the order in an index says nothing about that."""
    return expression.expression if isinstance(expression, OrderBy) else expression


def row_sql(model: type[Model], expression: Any, row: str, connection: BaseDatabaseWrapper) -> str:
    """Return an expression or condition about the fields of one row as SQL.

    Args:
        expression: an expression or a ``Q``, without relations.
        row: what the row is called in the SQL, e.g. ``new``.
    """
    query = Query(model)
    if isinstance(expression, Q):
        resolved = query.build_where(expression)
    else:
        resolved = expression.resolve_expression(query, allow_joins=False)
    renamed = resolved.relabeled_clone({model._meta.db_table: row})
    sql, params = query.get_compiler(connection=connection).compile(renamed)
    return with_literals(sql, params, connection)


def with_literals(sql: str, params: Sequence[Any], connection: BaseDatabaseWrapper) -> str:
    """Return ``sql`` with its parameters written out: the definition of a trigger has none."""
    quote = connection.schema_editor().quote_value
    return sql % tuple(quote(value) for value in params)
