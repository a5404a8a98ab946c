"""Statements built and compiled once, run many times with other keys: building one costs more than running it.

A query names its keys by :class:`Keys`; they are handed over as one JSON list, so that the text of the statement does
not depend on how many there are.
"""

import json
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Field, QuerySet
from django.db.models.expressions import Expression


@dataclass(frozen=True)
class Slot:
    """Stands among the parameters of a statement for keys that are known when it runs."""

    name: str


class Keys(Expression):
    """Keys that are known when the statement runs, for ``__in``.

    Args:
        name: what ``Statements.run`` calls them.
        output_field: the type of the column they are compared with.
    """

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the elements of a JSON list."""
        return "(SELECT value FROM json_each(%s))", [Slot(self.name)]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Return the same in PostgreSQL's words."""
        of_type = self.output_field.cast_db_type(connection)
        return f"(SELECT jsonb_array_elements_text(%s::jsonb)::{of_type})", [Slot(self.name)]


@dataclass(frozen=True)
class _Compiled:
    sql: str
    params: Sequence[Any]
    query: Any
    columns: Sequence[Any]


class Statements:
    """Compiled statements by what they depend on, kept as long as the process: they hold no data."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Compiled] = {}

    def run(
        self, depends_on: Hashable, build: Callable[[], QuerySet[Any]], **keys: Collection[Any]
    ) -> Iterator[Sequence[Any]]:
        """Run the statement and yield its rows as lists of values.

        Args:
            depends_on: names what ``build`` returns; the same name, the same statement.
            build: returns a queryset of values, with :class:`Keys` in its conditions.
            keys: the keys by name.
        """
        name = (connection.alias, connection.vendor, depends_on)
        known = self._known.get(name)
        if known is None:
            known = self._known.setdefault(name, _compile(build()))
        lists = {slot: json.dumps(list(values)) for slot, values in keys.items()}
        params = [lists[param.name] if isinstance(param, Slot) else param for param in known.params]
        with connection.cursor() as cursor:
            cursor.execute(known.sql, params)
            rows = cursor.fetchall()
        # Of this thread's connection: the one it was compiled for may be another's.
        compiler = known.query.get_compiler(connection=connection)
        converters = compiler.get_converters(known.columns)
        return compiler.apply_converters(rows, converters) if converters else iter(rows)


def _compile(queryset: QuerySet[Any]) -> _Compiled:
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    columns = [selected[0] for selected in compiler.select[: compiler.col_count]]
    return _Compiled(sql, params, queryset.query, columns)
