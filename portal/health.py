"""Whether the parts the portal stands on can be reached."""

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper


def readiness(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Return ``ok`` or what is wrong for database, task queue and search index."""
    return {"database": _database(connection), "tasks": _tasks(), "search": _search()}


def _database(connection: BaseDatabaseWrapper) -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return type(error).__name__
    return "ok"


def _tasks() -> str:
    from django_tasks import default_task_backend

    return "ok" if not default_task_backend.check() else "misconfigured"


def _search() -> str:
    from portal.search.engine.registry import index_health

    return index_health()
