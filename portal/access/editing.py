"""Change fields of one record: locked, checked, audited. The verbs of the nouns say what may be changed and by whom."""

from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from portal.access import audit
from portal.access.changes import since, snapshot
from portal.acting import acting

Record = TypeVar("Record", bound=Model)


@transaction.atomic
def change_fields(
    record: Record, act: str, *, actor: Any = None, exclude: tuple[str, ...] = (), **facts: Any
) -> Record:
    """Return the record with ``facts`` written; one audit record ``act`` where anything differs.

    Args:
        exclude: fields whose validators are not asked.

    Raises:
        ValidationError: a value no form would take.
    """
    locked = type(record)._base_manager.select_for_update().get(pk=record.pk)
    before = snapshot(locked)
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.full_clean(exclude=list(exclude))
    with acting(actor):
        locked.save(update_fields=list(facts))
    if changed := since(before, locked):
        audit.record(act, locked, actor=actor, changes=changed)
    return locked
