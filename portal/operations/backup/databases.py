"""Copy the database while it is written to, describe what a copy holds, and put a copy in place."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from portal.operations.backup.errors import BackupError
from portal.operations.immutability import kept_models

CHUNK = 1000
#: Rows that come and go by themselves, also while a copy is being checked.
PASSING = frozenset({"portal_cache"})


def is_sqlite() -> bool:
    """Whether the portal's database is a file."""
    return connection.vendor == "sqlite"


def member_name() -> str:
    """Return the name of the database inside an archive, which says the engine."""
    return "database.sqlite3" if is_sqlite() else "database.dump"


def copy_database(target: Path) -> dict[str, Any]:
    """Copy the database as it is at one moment, others writing meanwhile; return :func:`describe` of the copy.

    Args:
        target: file to be made.

    Raises:
        BackupError: the copy could not be made or is damaged.
    """
    return _copy_sqlite(target) if is_sqlite() else _dump_postgresql(target)


def _copy_sqlite(target: Path) -> dict[str, Any]:
    source = connection.settings_dict["NAME"]
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=20)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        # In one step: it reads one state of the database and keeps no writer waiting.
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        copy.commit()
    return describe_file(target)


def describe_file(path: Path) -> dict[str, Any]:
    """Return :func:`describe` of an SQLite file.

    Raises:
        BackupError: the file is damaged.
    """
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise BackupError(f"{path.name}: the database is damaged: {found}")
            names = database.execute("SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'")
            return describe(database.cursor(), [name for (name,) in names])
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path.name}: the database is damaged: {error}") from error


def describe(cursor: Any, tables: Iterable[str]) -> dict[str, Any]:
    """Return ``counts`` of rows by table, ``evidence`` (SHA-256 of every kept table) and ``migrations``."""
    tables = sorted(set(tables) - PASSING)
    counts = {table: _one(cursor, f'SELECT count(*) FROM "{table}"') for table in tables}  # noqa: S608
    evidence = {}
    for model in kept_models():
        table, key = model._meta.db_table, str(model._meta.pk.column)
        if table in counts:
            columns = [str(field.column) for field in model._meta.concrete_fields]
            evidence[table] = _sum_of_rows(cursor, table, columns, key)
    cursor.execute("SELECT app, name FROM django_migrations")
    migrations = sorted(f"{app}.{name}" for app, name in cursor.fetchall())
    return {"counts": counts, "evidence": evidence, "migrations": migrations}


def _one(cursor: Any, statement: str) -> int:
    cursor.execute(statement)
    return int(cursor.fetchone()[0])


def _sum_of_rows(cursor: Any, table: str, columns: list[str], key: str) -> str:
    total = hashlib.sha256()
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f'SELECT {names} FROM "{table}" ORDER BY "{key}"')  # noqa: S608
    while rows := cursor.fetchmany(CHUNK):
        for row in rows:
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


def describe_live() -> dict[str, Any]:
    """Return :func:`describe` of the portal's own database."""
    if is_sqlite():
        return describe_file(Path(connection.settings_dict["NAME"]))
    with transaction.atomic(), connection.cursor() as cursor:
        return describe(cursor, connection.introspection.table_names(cursor))


def _dump_postgresql(target: Path) -> dict[str, Any]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _run("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        return describe(cursor, connection.introspection.table_names(cursor))


def restore_postgresql(dump: Path) -> None:
    """Put a dump in the place of the database, wholly or not at all.

    Raises:
        BackupError: pg_restore refused; nothing was changed.
    """
    connection.close()
    _run("pg_restore", "--single-transaction", "--clean", "--if-exists", "--no-owner", "--exit-on-error", str(dump))


def _run(program: str, *arguments: str) -> None:
    given = connection.settings_dict
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed (Debian: apt-get install postgresql-client).")
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    environment = os.environ | {name: str(given[key]) for name, key in names.items() if given.get(key)}
    command = [found, *arguments, f"--dbname={given['NAME']}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()[:500]}")


def is_empty() -> bool:
    """Whether the portal's database holds no person (or does not exist yet)."""
    if is_sqlite() and not Path(connection.settings_dict["NAME"]).exists():
        return True
    person = apps.get_model("portal", "Person")
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return person._meta.db_table not in tables or not person._default_manager.exists()
