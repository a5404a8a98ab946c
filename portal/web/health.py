"""Readiness of database, task queue and search indexes, as codes and counts that anonymous callers may see.

Texts, which may contain paths and errors, go to the log and to ``manage.py check``.
"""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from django.db import DatabaseError
from django.db import connection as default_connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django_tasks import default_task_backend

from portal.operations.disk import database_write, disk
from portal.operations.immutability import missing_triggers
from portal.operations.jobs import late_jobs
from portal.search.indexing.checks import UNSEARCHABLE, changes_are_written, indexes_are_usable

logger = logging.getLogger(__name__)

#: Seconds a look holds: it reads every file of the indexes, and anybody may ask.
LOOK_SECONDS = 5
#: Code of regular jobs that have not succeeded for too long; `manage.py run_jobs --list` names them.
LATE_JOBS = "late_jobs"
#: Code of triggers that should keep evidence and are missing; `manage.py migrate` puts them in place.
UNPROTECTED = "unprotected"


def readiness(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return ``ok`` or what is wrong for database, disk, task queue and search index."""
    return {"database": _database(connection), "disk": _written()[1], "tasks": _tasks(), "search": _search()}


def warnings() -> list[str]:
    """Return what somebody should look at though the portal answers.

    Jobs that were not run, changes that are not in the index, evidence that the database does not keep.
    """
    return [f"{code}: {number}" for code, number in sorted(_seen().items()) if code not in UNSEARCHABLE]


def _database(connection: BaseDatabaseWrapper) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("The database cannot be reached", exc_info=True)
        return "unreachable"
    return _written()[0]


def _written() -> tuple[str, str]:
    return _writes(int(time.monotonic() / LOOK_SECONDS))


@lru_cache(maxsize=1)
def _writes(moment: int) -> tuple[str, str]:
    """Write into the database and into every folder, and return how that went; not for each who asks."""
    return database_write(), disk()


def _tasks() -> str:
    return "ok" if not default_task_backend.check() else "misconfigured"


def _search() -> str:
    return ", ".join(f"{code}: {number}" for code, number in sorted(_seen().items()) if code in UNSEARCHABLE) or "ok"


def _seen() -> Mapping[str, int]:
    return _look(int(time.monotonic() / LOOK_SECONDS))


@lru_cache(maxsize=1)
def _look(moment: int) -> Mapping[str, int]:
    """Return by code how many things are not as they should be, and log what is wrong with them."""
    numbers: Counter[str] = Counter()
    for message in (*indexes_are_usable(None), *changes_are_written(None)):
        logger.warning("%s: %s", message.id, message.msg)
        numbers[message.id] += message.number
    try:
        late, missing = late_jobs(), missing_triggers(default_connection)
    except DatabaseError:  # reported as the database's own failure
        return numbers
    if late:
        logger.warning("Regular jobs have not succeeded for too long: %s", ", ".join(late))
        numbers[LATE_JOBS] = len(late)
    if missing:
        logger.warning("Triggers that keep evidence are missing: %s", ", ".join(missing))
        numbers[UNPROTECTED] = len(missing)
    return numbers
