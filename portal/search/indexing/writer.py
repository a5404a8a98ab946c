"""Write the outbox to the indexes, rebuild them, and lock out concurrent writers.

Everything here can be killed at any point and run again. A change leaves the outbox only after it was committed to
every index; a rebuild brings in what changed while it ran before its new generation is searched.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from portal.models import SearchOutbox
from portal.search.backend.index import EngineIndex
from portal.search.engine import EngineBusy, EngineError, EngineUnavailable
from portal.search.engine.base import CatchUp
from portal.search.engine.store import hold
from portal.search.indexing.indexes import Changes, FamilyIndex, ManagedIndex, all_indexes, by_model

logger = logging.getLogger(__name__)
_holder = threading.local()

#: Changes written in one commit of an index.
BATCH = 200
#: PostgreSQL's number for the writer of the search indexes.
ADVISORY_LOCK = 0x5EA7C4
#: Seconds to wait for another process that works the outbox off.
LOCK_TIMEOUT = 120.0
#: How long an applied change is kept for rebuilds that began before it.
KEEP = timedelta(days=1)
#: Called with the index, the records read so far and all there are.
Progress = Callable[[ManagedIndex, int, int], None]


# Before other tasks: what was published is looked for at once, and a pass over the outbox takes milliseconds.
@task(priority=50)
def write_changes_task() -> int:
    """Work the outbox off; return how many changes were written."""
    return write_changes()


def write_changes() -> int:
    """Bring every waiting change into the indexes, repair a broken index, and return the number of changes.

    Raises:
        EngineBusy: another process is at it and did not finish in time; the changes stay in the outbox.
    """
    written = 0
    with _writing_lock():
        while rows := list(SearchOutbox.objects.waiting()[:BATCH]):
            _apply(rows)
            written += len(rows)
        SearchOutbox.objects.filter(applied_at__lt=timezone.now() - KEEP).delete()
    return written


def _apply(rows: Sequence[SearchOutbox]) -> None:
    errors: dict[tuple[str, str], str] = {}
    records = [(row.model_label, row.object_pk) for row in rows]
    for index in all_indexes():
        try:
            _write(index, records)
        except EngineBusy:
            raise
        except EngineUnavailable as error:
            logger.warning("Search index %s is rebuilt: %s", index.name, error)
            _rebuild_or_leave(index)
        except Exception:
            # One record that cannot be made a document must not keep the others waiting.
            logger.exception("Search index %s: trying changes one by one", index.name)
            errors |= _write_singly(index, records)
    now = timezone.now()
    for row in rows:
        row.applied_at = now
        row.error = errors.get((row.model_label, row.object_pk), "")
    SearchOutbox.objects.bulk_update(rows, ["applied_at", "error"])


def _rebuild_or_leave(index: ManagedIndex) -> None:
    """Rebuild an index; where that fails, the others must have their changes all the same, and the regular repair
    brings this one to the state of the database, these changes among it.
    """
    try:
        rebuild(index)
    except EngineBusy:
        raise
    except EngineError:
        logger.exception("Search index %s could not be rebuilt and is left to the repair", index.name)


def _write(index: ManagedIndex, records: Sequence[tuple[str, str]]) -> None:
    documents, deletes = index.changes(by_model(records))
    if documents or deletes:
        index.engine.update(documents, deletes)


def _write_singly(index: ManagedIndex, records: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    errors: dict[tuple[str, str], str] = {}
    for record in dict.fromkeys(records):
        try:
            _write(index, [record])
        except (EngineBusy, EngineUnavailable):
            raise
        except Exception as error:
            logger.exception("Search index %s: %s %s could not be written", index.name, *record)
            errors[record] = f"{index.name}: {error!r}"
    return errors


def rebuild(index: ManagedIndex, progress: Progress | None = None) -> int:
    """Fill a new generation of an index from the database and swap it in; return the number of records read.

    Searches and changes go on meanwhile; what changed is brought in at the end, when no other change can come between.

    Raises:
        EngineBusy: another rebuild of it is running.
    """
    catch_up = changes_from_now(index)
    done = 0
    with index.engine.start_rebuild() as new:
        total = index.count()
        for records, documents in index.documents():
            new.add(documents)
            done += records
            if progress is not None:
                progress(index, done, total)
        with _writing_lock():
            new.commit(catch_up)
    return done


def changes_from_now(index: ManagedIndex) -> CatchUp:
    """Return a function that gives what changed in an index since this call, for a rebuild about to begin."""
    covered = set(SearchOutbox.objects.waiting().values_list("pk", flat=True))
    started = timezone.now()
    return lambda: _changes_since(index, started, covered)


def family_changes_from_now(index: EngineIndex) -> CatchUp:
    """Return `changes_from_now` for an index of Wagtail's search API (the backend's `CATCH_UP`)."""
    return changes_from_now(FamilyIndex(index))


def _changes_since(index: ManagedIndex, started: datetime, covered: set[int]) -> Changes:
    rows = SearchOutbox.objects.filter(Q(applied_at__isnull=True) | Q(applied_at__gte=started))
    records = [
        (label, pk) for row, label, pk in rows.values_list("pk", "model_label", "object_pk") if row not in covered
    ]
    return index.changes(by_model(records))


def rebuild_all(progress: Progress | None = None) -> dict[str, int]:
    """Rebuild every index and return the records read by index; `progress` is told of every record."""
    covered = list(SearchOutbox.objects.waiting().values_list("pk", flat=True))
    rebuilt = {index.name: rebuild(index, progress) for index in all_indexes()}
    now = timezone.now()
    for place in range(0, len(covered), BATCH):
        SearchOutbox.objects.filter(pk__in=covered[place : place + BATCH], applied_at=None).update(applied_at=now)
    return rebuilt


@contextmanager
def _writing_lock() -> Iterator[None]:
    """Let one process at a time bring changes in or swap a rebuilt index, so that no older state overtakes a newer one.

    A process that repairs an index while it works the outbox off holds it already.
    """
    if getattr(_holder, "held", False):
        yield
        return
    with _database_lock() if connection.vendor == "postgresql" else _file_lock():
        _holder.held = True
        try:
            yield
        finally:
            _holder.held = False


def _file_lock() -> AbstractContextManager[None]:
    """The lock of one machine."""
    return hold(Path(settings.VAR_DIR) / "search-writer.lock", LOCK_TIMEOUT)


@contextmanager
def _database_lock() -> Iterator[None]:
    """The lock of all machines on one PostgreSQL; it goes with the connection of a killed process."""

    def call(function: str) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s)", [ADVISORY_LOCK])
            return bool(cursor.fetchone()[0])

    deadline = time.monotonic() + LOCK_TIMEOUT
    while not call("pg_try_advisory_lock"):
        if time.monotonic() > deadline:
            raise EngineBusy("another process is writing the search indexes")
        time.sleep(0.05)
    try:
        yield
    finally:
        call("pg_advisory_unlock")
