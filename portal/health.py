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
    from portal.search.checks import READ_ONLY, indexes_are_usable

    return " ".join(message.msg for message in indexes_are_usable(None) if message.id != READ_ONLY) or "ok"


def warnings() -> list[str]:
    """Return what somebody should look at though the portal answers: jobs not run, changes not in the index."""
    from portal.jobs import late_jobs
    from portal.search.checks import READ_ONLY, changes_are_written, indexes_are_usable

    messages = [message for message in indexes_are_usable(None) if message.id == READ_ONLY]
    said = [str(message.msg) for message in (*messages, *changes_are_written(None))]
    try:
        return said + [f"Regular job {name} has not succeeded for too long." for name in late_jobs()]
    except DatabaseError:
        return said
