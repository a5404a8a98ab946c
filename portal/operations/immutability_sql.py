"""SQL of the evidence triggers for SQLite and PostgreSQL.

SQLite deletes the rows that are in the way of ``REPLACE`` without firing a delete trigger, unless the connection has
``recursive_triggers`` on (https://www.sqlite.org/lang_conflict.html). So triggers before the insert and the update
refuse a row that has *any* unique key of a kept one; that holds for ``OR IGNORE`` too, which is then refused aloud.
PostgreSQL knows no ``REPLACE``: its unique constraints refuse such a row, and what ``ON CONFLICT DO UPDATE`` and
``MERGE`` do fires the triggers of updates and deletions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import truncate_name
from django.db.models import Field, ForeignKey, Model, Q
from django.db.models.expressions import RawSQL

from portal.operations.unique_keys import UniqueKey, row_sql, unique_keys, with_literals

PREFIX = "kept_"
# Names of rows: before and after the statement, and one that stands in the table.
OLD, NEW, KEPT = "old", "new", "kept"


def field_of(model: type[Model], name: str) -> "Field[Any, Any]":
    """Return a column of the model's own table by its field's name."""
    return cast("Field[Any, Any]", model._meta.get_field(name))


def column_of(field: "Field[Any, Any]") -> str:
    """Return the name of a concrete field's column."""
    return cast("str", field.column)


@dataclass(frozen=True)
class Rule:
    """Which rows of a model are kept, and what may change all the same; see ``immutability.keep``."""

    model: type[Model]
    when: Q | None
    of: str
    may_change: frozenset[str]
    may_fill: frozenset[str]
    refusal: str

    @property
    def owner(self) -> type[Model]:
        """The model ``when`` is about: that of ``of``, or the rows' own."""
        return cast("type[Model]", field_of(self.model, self.of).related_model) if self.of else self.model


@dataclass(frozen=True)
class Trigger:
    """A trigger with the statements that put it in place of an older one; the last of them defines it."""

    name: str
    statements: tuple[str, ...]

    @property
    def definition(self) -> str:
        """The statement that defines it."""
        return self.statements[-1]


def name_of(table: str, event: str) -> str:
    """Return the name of a table's trigger before an event."""
    return truncate_name(f"{PREFIX}{table}_{event.lower()}", 63)


class TriggerWriter:
    """Writes, finds and drops the triggers of one database."""

    events: ClassVar[tuple[str, ...]]
    is_distinct: ClassVar[str]

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        connection.ensure_connection()
        self.connection = connection
        self.quote = connection.ops.quote_name

    def triggers(self, rules: Sequence[Rule]) -> list[Trigger]:
        """Return the triggers of one table, whose rules are ``rules``."""
        table = rules[0].model._meta.db_table
        found = []
        for event in self.events:
            refusals = [(rule.refusal, condition) for rule in rules for condition in self.conditions(rule, event)]
            if refusals:
                name = name_of(table, event)
                found.append(Trigger(name, self.statements(name, table, event, refusals)))
        return found

    def statements(self, name: str, table: str, event: str, refusals: list[tuple[str, str]]) -> tuple[str, ...]:
        """Return the statements of a trigger that refuses with a sentence where its condition holds."""
        raise NotImplementedError

    def conditions(self, rule: Rule, event: str) -> list[str]:
        """Return the conditions under which ``rule`` refuses ``event``."""
        match event:
            case "INSERT":
                return [self.is_kept(rule, NEW)] if rule.of else []
            case "UPDATE":
                return [_all(self.is_kept(rule, OLD), self.changes(rule)), *self.moves(rule)]
            case "DELETE":
                return [_all(self.is_kept(rule, OLD))]
            case _:
                return [self.stands(rule)]

    def stands(self, rule: Rule, *conditions: str) -> str:
        """Return whether a kept row for which ``conditions`` hold stands in the table."""
        table = self.quote(rule.model._meta.db_table)
        found = f"SELECT 1 FROM {table} AS {KEPT} WHERE {_all(*conditions, self.is_kept(rule, KEPT))}"  # noqa: S608
        return f"EXISTS ({found})"

    def is_kept(self, rule: Rule, row: str) -> str:
        """Return whether ``row`` is kept, asked before the statement; empty when every row is."""
        if not rule.when:
            return ""
        pointer: Field[Any, Any] = field_of(rule.model, rule.of) if rule.of else rule.model._meta.pk
        target = cast("ForeignKey[Any, Any]", pointer).target_field.name if rule.of else pointer.name
        value = RawSQL(f"{row}.{self.quote(column_of(pointer))}", ())  # noqa: S611  (a column of ours)
        query = rule.owner._base_manager.filter(rule.when, **{target: value}).order_by().values("pk").query
        sql, params = query.get_compiler(connection=self.connection).as_sql()
        return f"EXISTS ({with_literals(sql, params, self.connection)})"

    def changes(self, rule: Rule) -> str:
        """Return whether the update touches what is fixed; empty when every update does."""
        if not rule.may_change and not rule.may_fill:
            return ""
        fixed = [field for field in rule.model._meta.local_concrete_fields if field.name not in rule.may_change]
        return " OR ".join(
            f"({OLD}.{self.quote(column_of(field))} IS NOT NULL AND {self.differs(column_of(field))})"
            if field.name in rule.may_fill
            else self.differs(column_of(field))
            for field in fixed
        )

    def moves(self, rule: Rule) -> list[str]:
        """Return whether the update brings a row below a kept record."""
        if not rule.of:
            return []
        column = column_of(field_of(rule.model, rule.of))
        return [_all(self.differs(column), self.is_kept(rule, NEW))]

    def differs(self, column: str) -> str:
        """Return whether a column changes, null being a value."""
        return f"{OLD}.{self.quote(column)} {self.is_distinct} {NEW}.{self.quote(column)}"

    def existing(self, cursor: Any) -> dict[str, str]:
        """Return the triggers in the database: their definitions, where it keeps those as written, by name."""
        raise NotImplementedError

    def drop(self, name: str) -> str:
        """Return the statement that drops a trigger."""
        raise NotImplementedError


def _all(*conditions: str) -> str:
    """Return the conditions joined; an empty one always holds."""
    return " AND ".join(f"({condition})" for condition in conditions if condition) or "TRUE"


class SqliteWriter(TriggerWriter):
    """Triggers of SQLite."""

    events = ("INSERT", "UPDATE", "DELETE")
    is_distinct = "IS NOT"

    def statements(self, name: str, table: str, event: str, refusals: list[tuple[str, str]]) -> tuple[str, ...]:
        """One ``RAISE`` a condition."""
        steps = " ".join(
            f"SELECT RAISE(ABORT, {with_literals('%s', [text], self.connection)}) WHERE {condition};"
            for text, condition in refusals
        )
        head = f"CREATE TRIGGER {self.quote(name)} BEFORE {event} ON {self.quote(table)} FOR EACH ROW"
        return self.drop(name), f"{head} BEGIN {steps} END"

    def conditions(self, rule: Rule, event: str) -> list[str]:
        """Refuse also what would replace a kept row."""
        found = super().conditions(rule, event)
        if event == "INSERT":
            return [*found, *self.clashes(rule)]
        if event == "UPDATE":
            return [*found, *self.clashes(rule, f"{KEPT}.rowid <> {OLD}.rowid")]
        return found

    def changes(self, rule: Rule) -> str:
        """A row can also be given another rowid, which is the primary key only where that is an integer."""
        found = super().changes(rule)
        return found and f"{OLD}.rowid <> {NEW}.rowid OR {found}"

    def clashes(self, rule: Rule, other: str = "") -> list[str]:
        """Return for each unique key, the rowid among them, whether a kept row has that of the new row.

        Args:
            other: a further condition on the kept row.
        """
        same = [f"{KEPT}.rowid = {NEW}.rowid", *(self.has_same(rule.model, key) for key in unique_keys(rule.model))]
        return [self.stands(rule, condition, other) for condition in same]

    def has_same(self, model: type[Model], key: UniqueKey) -> str:
        """Return whether a row of the table and the new one cannot both stand in the index of ``key``."""
        kept, new = ([row_sql(model, part, row, self.connection) for part in key.expressions] for row in (KEPT, NEW))
        held = [row_sql(model, key.condition, row, self.connection) for row in (KEPT, NEW) if key.condition]
        return " AND ".join([*(f"{left} = {right}" for left, right in zip(kept, new, strict=True)), *held])

    def existing(self, cursor: Any) -> dict[str, str]:
        """Read the catalogue, which keeps the text of the statement."""
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {name: text for name, text in cursor.fetchall() if name.startswith(PREFIX)}

    def drop(self, name: str) -> str:
        """Return the statement."""
        return f"DROP TRIGGER IF EXISTS {self.quote(name)}"


class PostgresWriter(TriggerWriter):
    """Triggers of PostgreSQL: a function each."""

    events = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
    is_distinct = "IS DISTINCT FROM"

    def statements(self, name: str, table: str, event: str, refusals: list[tuple[str, str]]) -> tuple[str, ...]:
        """A function that raises, and the trigger that calls it."""
        steps = " ".join(
            f"IF {condition} THEN RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', "
            f"MESSAGE = {with_literals('%s', [text], self.connection)}; END IF;"
            for text, condition in refusals
        )
        given, each = {"DELETE": (OLD, "ROW"), "TRUNCATE": ("NULL", "STATEMENT")}.get(event, (NEW, "ROW"))
        function = self.quote(name)
        return (
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$kept$ BEGIN {steps} RETURN {given}; END $kept$",
            f"CREATE OR REPLACE TRIGGER {function} BEFORE {event} ON {self.quote(table)} "
            f"FOR EACH {each} EXECUTE FUNCTION {function}()",
        )

    def existing(self, cursor: Any) -> dict[str, str]:
        """Read the catalogue. Definitions are not kept as written, so the triggers are always replaced."""
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND starts_with(tgname, %s)"
            " AND pg_table_is_visible(tgrelid)",
            [PREFIX],
        )
        return {name: "" for (name,) in cursor.fetchall()}

    def drop(self, name: str) -> str:
        """Return the statement that drops the function and with it the trigger."""
        return f"DROP FUNCTION IF EXISTS {self.quote(name)}() CASCADE"


_WRITERS = {"sqlite": SqliteWriter, "postgresql": PostgresWriter}


def writer_for(connection: BaseDatabaseWrapper) -> TriggerWriter:
    """Return the writer of the connection's database.

    Raises:
        NotSupportedError: it is neither SQLite nor PostgreSQL.
    """
    if connection.vendor not in _WRITERS:
        raise NotSupportedError(f"Rows cannot be kept on {connection.vendor}.")
    return _WRITERS[connection.vendor](connection)
