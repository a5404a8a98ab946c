"""The cache in the database, which says so when it cannot write."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, OperationalError, connections, router

from portal.operations.storage_trouble import trouble_of

#: Looks at whether a key that could not be added is there: between two of them its holder may let go of it.
LOOKS = 3


class SharedCache(DatabaseCache):
    """Django's, but a failed write is an error.

    Django's answers False, which for a lock means that somebody else holds it: with a full disk every limit of
    sign-in looked exhausted.
    """

    def _base_set(self, mode: str, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT) -> bool:
        """Write.

        Raises:
            DatabaseError: the database takes no writes.
        """
        for _look in range(LOOKS):
            if self._set_or_raise(mode, key, value, timeout):
                return True
            if mode == "add" and self._is_kept(key):
                return False
            if mode == "touch":
                return False
        raise OperationalError("the cache in the database cannot be written: database or disk is full")

    def _set_or_raise(self, mode: str, key: str, value: Any, timeout: Any) -> bool:
        failures: list[DatabaseError] = []

        def note(execute: Any, *args: Any) -> Any:
            try:
                return execute(*args)
            except DatabaseError as error:
                if trouble_of(error):
                    failures.append(error)
                raise

        with connections[router.db_for_write(self.cache_model_class)].execute_wrapper(note):
            is_set: bool = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
        if failures:
            raise failures[-1]
        return is_set

    def _is_kept(self, key: str) -> bool:
        """Return whether somebody else's value is there; the key is made already."""
        connection = connections[router.db_for_read(self.cache_model_class)]
        table = connection.ops.quote_name(self.cache_model_class._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE cache_key = %s", [key])  # noqa: S608 - a name of settings
            return cursor.fetchone() is not None
