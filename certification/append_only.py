"""The database itself refuses to change or delete what is evidence: ledger entries and the audit log.

The triggers are put in place after every ``migrate``, not by one migration: SQLite rebuilds a table when a later
migration alters it, and drops its triggers on the way.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from certification.models import ApprovedVersion, CounterSignature, DraftSave, LedgerEntry, VersionAuthor
from portal.models import AuditEvent

PROTECTED = (LedgerEntry, AuditEvent, DraftSave, ApprovedVersion, VersionAuthor, CounterSignature)

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""

_POSTGRES = """
CREATE OR REPLACE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def protect(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers where they are missing."""
    tables = set(connection.introspection.table_names())
    statement = _POSTGRES if connection.vendor == "postgresql" else _SQLITE
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRES_FUNCTION)
        for table, act in _pairs():
            if table in tables:
                cursor.execute(statement.format(table=table, act=act))


def release(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers, to empty a test database or to restore one; ``migrate`` puts them back."""
    with connection.cursor() as cursor:
        for table, act in _pairs():
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on_table}")


def _pairs() -> list[tuple[str, str]]:
    return [(model._meta.db_table, act) for model in PROTECTED for act in ("update", "delete")]


def protect_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of post_migrate."""
    protect(connections[using])
