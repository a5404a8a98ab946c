"""Tell by an error whether the storage failed: full disk, locked or unreachable database, damaged files.

The drivers say it by codes of their own: SQLite by result codes (https://sqlite.org/rescode.html), PostgreSQL by
SQLSTATE (appendix A of its manual), the system by errno.
"""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

import psycopg
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import DatabaseError, InterfaceError, OperationalError
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError


class Trouble(StrEnum):
    """What is the matter with the storage."""

    FULL = "storage_full"
    BUSY = "storage_busy"
    READ_ONLY = "storage_read_only"
    DAMAGED = "storage_damaged"
    UNREACHABLE = "storage_unreachable"


_OF_ERRNO = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY,
    errno.EIO: Trouble.DAMAGED,
    errno.ESTALE: Trouble.UNREACHABLE,
}
#: The lowest byte of a result code; extended codes add what exactly could not be read or written.
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    # Writing beyond a quota or a limit is such an error too.
    sqlite3.SQLITE_IOERR: Trouble.DAMAGED,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
    sqlite3.SQLITE_CANTOPEN: Trouble.UNREACHABLE,
}
#: By SQLSTATE or its class; the longest that fits holds.
_OF_SQLSTATE = {
    "53100": Trouble.FULL,
    "53": Trouble.BUSY,
    "55P03": Trouble.BUSY,
    "40": Trouble.BUSY,
    "25006": Trouble.READ_ONLY,
    "58": Trouble.DAMAGED,
    "XX001": Trouble.DAMAGED,
    "XX002": Trouble.DAMAGED,
    "08": Trouble.UNREACHABLE,
    "57P": Trouble.UNREACHABLE,
}
#: Where only words are left of an error, such as one passed on by a library.
_OF_WORDS = {
    "disk is full": Trouble.FULL,
    "no space left": Trouble.FULL,
    "is locked": Trouble.BUSY,
    "readonly database": Trouble.READ_ONLY,
    "read-only": Trouble.READ_ONLY,
    "disk i/o error": Trouble.DAMAGED,
    "malformed": Trouble.DAMAGED,
    "not a database": Trouble.DAMAGED,
    "unable to open database": Trouble.UNREACHABLE,
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """Return what is the matter with the storage by an error, or None where the error says nothing of it."""
    for each in _chain(error):
        if found := _trouble(each):
            return found
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and those it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        # Django tells an overtaken session by an error that only has the storage's for its context.
        error = error.__context__ if isinstance(error, SessionInterrupted | UpdateError) else error.__cause__


def _trouble(error: BaseException) -> Trouble | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", None)
        return _of_words(error) if code is None else _OF_SQLITE.get(code & 0xFF)
    if isinstance(error, psycopg.Error):
        return _of_postgres(error)
    if isinstance(error, RedisError):
        if isinstance(error, OutOfMemoryError):
            return Trouble.FULL
        return Trouble.READ_ONLY if isinstance(error, ReadOnlyError) else Trouble.UNREACHABLE
    if isinstance(error, OSError):
        return _OF_ERRNO.get(error.errno or 0)
    if isinstance(error, DatabaseError | InterfaceError) and error.__cause__ is None:
        return _of_words(error)
    return None


def _of_postgres(error: psycopg.Error) -> Trouble | None:
    state = error.sqlstate
    if state is None:
        # The server was never reached, or went away.
        return Trouble.UNREACHABLE if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    return next((_OF_SQLSTATE[state[:size]] for size in (5, 3, 2) if state[:size] in _OF_SQLSTATE), None)


def _of_words(error: BaseException) -> Trouble | None:
    text = str(error).lower()
    known = next((trouble for words, trouble in _OF_WORDS.items() if words in text), None)
    if known is None and not text and isinstance(error, OperationalError | InterfaceError):
        return Trouble.UNREACHABLE
    return known
