"""Every statement that could change, delete or replace a row, as SQL with its parameters."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from tests.portal.operations.kept_records import PARTIAL, Record

Statement = tuple[str, list[Any]]
OTHER = {
    "DateField": "1999-01-01",
    "DateTimeField": "1999-01-01 00:00:00+00:00",
    "JSONField": json.dumps({"forged": True}),
    "UUIDField": "0" * 32,
    "CharField": "x",
    "TextField": "x",
    "StreamField": "[]",
}


class Attack:
    """What can be tried on one kept row.

    Args:
        kept: the row.
        mutable: a row of the same table that may change, or None.
    """

    def __init__(self, record: Record, kept: Model, mutable: Model | None) -> None:
        self.record, self.kept, self.mutable = record, kept, mutable
        self.table = kept._meta.db_table
        self.fields = {field.column: field for field in kept._meta.local_concrete_fields}
        self.row = self.read()

    def read(self, row: Model | None = None) -> dict[str, Any]:
        """Return the kept (or another) row as it stands in the table, empty when it is gone."""
        query = f"SELECT {self.names(self.fields)} FROM {self.table} WHERE id = {(row or self.kept).pk}"
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = cursor.fetchone()
        return dict(zip(self.fields, found, strict=True)) if found else {}

    @staticmethod
    def names(columns: Any) -> str:
        """Return quoted column names."""
        return ", ".join(f'"{column}"' for column in columns)

    def other(self, column: str) -> Any:
        """Return a value that is not the row's."""
        field: Field = self.fields[column]
        kind = field.get_internal_type()
        if kind in OTHER:
            return OTHER[kind]
        if kind == "DecimalField":
            return (self.row[column] or 0) + 2
        if kind == "BooleanField":
            return not self.row[column]
        return (self.row[column] or 0) + 30_000

    def statements(self) -> dict[str, Statement]:
        """Return all of them by name."""
        engine = self.of_postgresql if connection.vendor == "postgresql" else self.of_sqlite
        return dict([*self.of_both(), *engine()])

    def of_both(self) -> Iterator[tuple[str, Statement]]:
        """Updates of every column, the key among them, and deletions."""
        for column in self.fields:
            if column not in self.record.free:
                change = f'UPDATE {self.table} SET "{column}" = %s WHERE id = {self.kept.pk}'
                yield f"change {column}", (change, [self.other(column)])
        yield "delete", (f"DELETE FROM {self.table} WHERE id = {self.kept.pk}", [])
        yield "delete all", (f"DELETE FROM {self.table}", [])

    def of_postgresql(self) -> Iterator[tuple[str, Statement]]:
        """Truncation, merges, upserts by every key."""
        yield "truncate", (f"TRUNCATE {self.table} CASCADE", [])
        merge = (
            f"MERGE INTO {self.table} AS t USING (SELECT {self.kept.pk} AS key) AS s ON t.id = s.key WHEN MATCHED THEN"
        )
        changed = self.fixed_column()
        yield "merge delete", (f"{merge} DELETE", [])
        yield "merge update", (f'{merge} UPDATE SET "{changed}" = %s', [self.other(changed)])
        for key in self.reachable_keys():
            where = PARTIAL.get((self.table, key))
            target = f"({self.names(key)})" + (f" WHERE {where}" if where else "")
            sql, params = self.insert("INSERT INTO", key)
            upsert = f'{sql} ON CONFLICT {target} DO UPDATE SET "{changed}" = %s'
            yield f"upsert by {key}", (upsert, [*params, self.other(changed)])

    def of_sqlite(self) -> Iterator[tuple[str, Statement]]:
        """Every way to replace, by every key."""
        changed = self.fixed_column()
        for key in self.reachable_keys():
            yield f"insert or replace by {key}", self.insert("INSERT OR REPLACE INTO", key)
            yield f"replace by {key}", self.insert("REPLACE INTO", key)
            sql, params = self.insert("INSERT INTO", key)
            upsert = f'{sql} ON CONFLICT DO UPDATE SET "{changed}" = %s'
            yield f"upsert by {key}", (upsert, [*params, self.other(changed)])
            if self.mutable is not None:
                mutable = self.read(self.mutable)
                moved = [column for column in key if mutable[column] != self.row[column]]
                settings = ", ".join(f'"{column}" = %s' for column in moved)
                change = f"UPDATE OR REPLACE {self.table} SET {settings} WHERE id = {self.mutable.pk}"
                yield f"update or replace by {key}", (change, [self.row[column] for column in moved])
        yield "replace by rowid", self.insert("REPLACE INTO", ("id",), rename={"id": "rowid"})

    def reachable_keys(self) -> list[tuple[str, ...]]:
        """Return the keys that the kept row is held by: not those of rows unlike it."""
        held = {
            "state = 'open'": self.row.get("state") == "open",
            "is_current": self.row.get("is_current"),
            "published_on IS NULL": not self.row.get("published_on"),
            "revision_id IS NOT NULL": self.row.get("revision_id"),
            "plan_id IS NULL": not self.row.get("plan_id"),
            "organisation_id IS NULL": not self.row.get("organisation_id"),
        }
        return [
            key
            for key in self.record.keys
            if held.get(PARTIAL.get((self.table, key), ""), True) and all(self.row[name] is not None for name in key)
        ]

    def fixed_column(self) -> str:
        """Return a column that may not change and belongs to no key; in a table of keys alone, the last of them."""
        if self.record.column:
            return self.record.column
        keys = {column for key in self.record.keys for column in key}
        fixed = [column for column in self.fields if column not in {*keys, *self.record.free}]
        return fixed[0] if fixed else list(self.fields)[-1]

    def insert(self, verb: str, key: tuple[str, ...], rename: dict[str, str] | None = None) -> Statement:
        """Return the statement for another row that shares ``key`` with the kept one, and no key that can differ."""
        fixed = self.fixed_column()
        values = dict(self.row) if fixed in key else self.row | {fixed: self.other(fixed)}
        for other in self.record.keys:
            own = [column for column in other if column not in key]
            if other == ("id",) and key != ("id",):
                del values["id"]
            elif own and self.row[own[0]] is not None:  # nothing is like nothing: an empty key holds no row
                values[own[0]] = self.other(own[0])
        names = [(rename or {}).get(column, column) for column in values]
        marks = ", ".join(["%s"] * len(values))
        return f"{verb} {self.table} ({self.names(names)}) VALUES ({marks})", list(values.values())
