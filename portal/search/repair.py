"""Repair that no change sets off: indexes that cannot be searched, changes that wait or could not be written."""

import datetime as dt
import logging

from django.utils import timezone

from portal.models import SearchOutbox

from .engine import EngineBusy, EngineError
from .indexes import ManagedIndex, all_indexes
from .writing import rebuild, write_changes

logger = logging.getLogger(__name__)

#: How long a change that could not be written rests before it is tried again.
RETRY_AFTER = dt.timedelta(minutes=10)


def repair_search() -> None:
    """Rebuild what is missing, damaged or outdated, and bring waiting changes in; does nothing when all is well.

    Raises:
        EngineError: an index could not be rebuilt; the others were, and the changes were brought in.
    """
    broken = [index for index in all_indexes() if not index.engine.health().state.searchable]
    unmended = [index.name for index in broken if not _is_rebuilt(index)]
    rested = timezone.now() - RETRY_AFTER
    SearchOutbox.objects.failed().filter(applied_at__lt=rested).update(applied_at=None)
    if SearchOutbox.objects.waiting().exists():
        write_changes()
    if unmended:
        raise EngineError(f"not rebuilt: {', '.join(unmended)}")


def _is_rebuilt(index: ManagedIndex) -> bool:
    """Rebuild an index; one that another process rebuilds already is as good as mended."""
    try:
        rebuild(index)
    except EngineBusy:
        logger.info("Search index %s is being rebuilt already", index.name)
    except Exception:
        logger.exception("Search index %s could not be rebuilt", index.name)
        return False
    return True
