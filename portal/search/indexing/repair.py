"""Periodic repair: rebuild unusable indexes, retry waiting and failed changes."""

import datetime as dt
import logging

from django.utils import timezone

from portal.models import SearchOutbox
from portal.search.engine import EngineBusy, EngineError
from portal.search.indexing.indexes import all_indexes
from portal.search.indexing.writer import Progress, rebuild, write_changes

logger = logging.getLogger(__name__)

#: How long a change that could not be written rests before it is tried again.
RETRY_AFTER = dt.timedelta(minutes=10)


def repair_search() -> None:
    """Rebuild what is missing, damaged or outdated, and bring waiting changes in; does nothing when all is well.

    Raises:
        EngineError: an index could not be rebuilt; the others were, and the changes were brought in.
    """
    unmended = None
    try:
        rebuild_broken()
    except EngineError as error:
        unmended = error
    rested = timezone.now() - RETRY_AFTER
    SearchOutbox.objects.failed().filter(applied_at__lt=rested).update(applied_at=None)
    if SearchOutbox.objects.waiting().exists():
        write_changes()
    if unmended is not None:
        raise unmended


def rebuild_broken(progress: Progress | None = None) -> dict[str, int]:
    """Rebuild the indexes that cannot be searched and return the records read by index.

    One that another process rebuilds already is as good as mended, and one that may only be read is in order: no
    rebuild gives the right to write it.

    Args:
        progress: told of every record.

    Raises:
        EngineError: an index could not be rebuilt; the others were.
    """
    rebuilt: dict[str, int] = {}
    unmended = []
    for index in all_indexes():
        try:
            if not index.engine.health().state.searchable:
                rebuilt[index.name] = rebuild(index, progress)
        except EngineBusy:
            logger.info("Search index %s is being rebuilt already", index.name)
        except Exception:
            logger.exception("Search index %s could not be rebuilt", index.name)
            unmended.append(index.name)
    if unmended:
        raise EngineError(f"not rebuilt: {', '.join(unmended)}")
    return rebuilt
