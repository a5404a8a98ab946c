"""Read several lists in one statement: a page that needs ten short lists otherwise asks the database ten times.

Each list comes as JSON in a column of its own, so that the lists need nothing in common. For short lists whole pages
rest on, such as posts, machines or rules; of long ones the JSON costs more than the question saved.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Field, JSONField, Model, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import JSONArray
from django.db.models.sql import Query
from django.db.models.sql.constants import SINGLE
from django.utils import timezone


class JsonRows(Subquery):
    """The rows of a subquery, of one column ``row``, as a JSON list."""

    template = "(SELECT json_group_array(json(listed.row)) FROM (%(subquery)s) listed)"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Sequence[Any]]:
        """Return the same in PostgreSQL's words."""
        listed = "(SELECT coalesce(jsonb_agg(listed.row), '[]') FROM (%(subquery)s) listed)"
        return self.as_sql(compiler, connection, template=listed)


@dataclass(frozen=True)
class Columns:
    """A list of which some columns are wanted, as lists of what JSON holds: numbers, texts, lists.

    Args:
        columns: names or expressions; the type of a JSON column is told by its name.
    """

    rows: QuerySet[Any]
    columns: Sequence[str | Combinable]


@dataclass(frozen=True)
class _Part:
    """A record of a row, itself or what it names.

    Args:
        path: the relation it is reached by; none for the record itself.
    """

    path: tuple[str, ...]
    model: type[Model]

    @property
    def fields(self) -> Sequence[Field]:
        return self.model._meta.concrete_fields

    @property
    def columns(self) -> list[str]:
        return ["__".join((*self.path, field.attname)) for field in self.fields]


def together(**wanted: "QuerySet[Any] | Columns") -> dict[str, list[Any]]:
    """Return the lists by name: one statement.

    Args:
        wanted: querysets of whole records, in their order, with what they ``select_related`` by name and what is
            annotated; or :class:`Columns`.
    """
    query = Query(None)
    readers: dict[str, Callable[[Iterator[Any]], Any]] = {}
    for name, rows in wanted.items():
        narrowed, readers[name] = _of_columns(rows) if isinstance(rows, Columns) else _of_records(rows)
        query.add_annotation(JsonRows(narrowed), name, select=True)
    values = query.get_compiler(using=connection.alias).execute_sql(SINGLE) or ()
    return {
        # Nothing comes of a list that is known to be empty, such as one of no keys.
        name: [read(iter(row)) for row in json.loads(value or "[]")]
        for (name, read), value in zip(readers.items(), values, strict=True)
    }


def _of_columns(wanted: Columns) -> tuple[QuerySet[Any], Callable[[Iterator[Any]], list[Any]]]:
    model = wanted.rows.model
    fields = [_named(model, column) if isinstance(column, str) else None for column in wanted.columns]

    def read(cells: Iterator[Any]) -> list[Any]:
        return [_value(field, next(cells)) if field is not None else next(cells) for field in fields]

    return _rows(wanted.rows, [F(column) if isinstance(column, str) else column for column in wanted.columns]), read


def _named(model: type[Model], path: str) -> Field | None:
    """Return the field a path of names leads to; None for the key."""
    field: Any = None
    for name in path.split("__"):
        if name == "pk":
            return None
        field = model._meta.get_field(name)
        model = field.related_model or model
    return field


def _of_records(rows: QuerySet[Any]) -> tuple[QuerySet[Any], Callable[[Iterator[Any]], Model]]:
    related = rows.query.select_related
    parts = list(_parts(rows.model, (), related if isinstance(related, Mapping) else {}))
    beside = {name: found.output_field for name, found in rows.query.annotation_select.items()}
    columns = [*(F(column) for part in parts for column in part.columns), *map(F, beside)]

    def read(cells: Iterator[Any]) -> Model:
        found: dict[tuple[str, ...], Model | None] = {}
        for part in parts:
            values = [_value(field, next(cells)) for field in part.fields]
            names = [field.attname for field in part.fields]
            record = None if values[0] is None else part.model.from_db(connection.alias, names, values)
            found[part.path] = record
            above = found[part.path[:-1]] if part.path else None
            if above is not None:
                setattr(above, part.path[-1], record)
        for name, field in beside.items():
            setattr(found[()], name, _value(field, next(cells)))
        return found[()]  # type: ignore[return-value]

    return _rows(rows.select_related(None), columns), read


def _parts(model: type[Model], path: tuple[str, ...], related: Mapping[str, Any]) -> Iterator[_Part]:
    yield _Part(path, model)
    for name, further in related.items():
        yield from _parts(model._meta.get_field(name).related_model, (*path, name), further)  # type: ignore[arg-type]


def _rows(rows: QuerySet[Any], columns: Sequence[Combinable]) -> QuerySet[Any]:
    return rows.annotate(row=JSONArray(*columns)).values("row")


def _value(field: Field | None, value: Any) -> Any:
    """Return what JSON holds of a column as the field holds it."""
    if value is None or field is None:
        return value
    if isinstance(field, JSONField):
        # SQLite keeps JSON as text.
        return json.loads(value) if connection.vendor == "sqlite" else value
    found = field.to_python(value) if field.remote_field is None else value
    return timezone.make_aware(found, dt.UTC) if isinstance(found, dt.datetime) and timezone.is_naive(found) else found
