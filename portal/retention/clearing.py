"""Delete what is over its term: a regular job, in pieces of one transaction each; what is left over waits a night."""

import datetime as dt
import logging
from collections.abc import Collection

from django.db import DEFAULT_DB_ALIAS, connections, models, router, transaction
from django.utils import timezone

from portal.access import audit
from portal.models import RetentionRun
from portal.operations.immutability import deletable
from portal.registry.retention import KindOfRecord, kinds_of_record
from portal.retention.terms import Term, over, terms_in_force

logger = logging.getLogger(__name__)
#: Records deleted in one transaction, and pieces of one kind in one run; the next night goes on.
PIECE, MOST_PIECES = 500, 200


def clear_what_is_over(now: dt.datetime | None = None) -> int:
    """Delete every record whose term is over; return how many. A kind that fails keeps no other from it.

    Raises:
        RuntimeError: some kinds could not be cleared; the log has which and why.
    """
    now = now or timezone.now()
    removed, failed = 0, []
    terms = terms_in_force()
    for key, kind in kinds_of_record().items():
        if terms[key].is_endless:
            continue
        try:
            removed += clear_kind(kind, terms[key], now)
        except Exception:
            logger.exception("Records of the kind %s that are over their term could not be deleted", key)
            failed.append(key)
    if failed:
        raise RuntimeError(f"Not cleared: {', '.join(failed)}; see the log.")
    return removed


def clear_kind(kind: KindOfRecord, term: Term, now: dt.datetime) -> int:
    """Delete what is over of one kind; return how many. The count and the audit log are of one transaction with it."""
    removed = 0
    for _piece in range(MOST_PIECES):
        with transaction.atomic():
            keys = list(over(kind, term, now).order_by("pk").values_list("pk", flat=True)[:PIECE])
            if keys:
                _remove(kind, keys)
                run = RetentionRun.objects.create(kind=kind.key, removed=len(keys), ran_at=now)
                audit.record("portal.records_cleared", run, kind=kind.key, removed=len(keys))
        removed += len(keys)
        if len(keys) < PIECE:
            break
    return removed


def _remove(kind: KindOfRecord, keys: Collection[int]) -> None:
    with deletable(kind.kept, connections[router.db_for_write(kind.model)]):
        if kind.remove is not None:
            kind.remove(keys)
        elif kind.kept:
            delete_rows(kind.model, pk__in=keys)
        else:
            kind.model._base_manager.filter(pk__in=keys).delete()


def delete_rows(model: type[models.Model], **condition: object) -> None:
    """Delete rows of a model that refuses it in Python; what hangs on them goes before."""
    rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(**condition)
    rows._raw_delete(DEFAULT_DB_ALIAS)
