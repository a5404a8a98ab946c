"""Put a holiday or working day on record."""

import datetime as dt

from django.db import transaction

from courses.models import SpecialDay
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person


@transaction.atomic
def put_day(day: dt.date, kind: str, name: str, *, by: Person | None) -> SpecialDay:
    """Add a day, or change what is on record of it.

    Args:
        by: None for what the portal loads itself.
    """
    special = SpecialDay.objects.select_for_update().filter(day=day).first()
    before = snapshot(special) if special is not None else None
    special = special or SpecialDay(day=day)
    special.kind, special.name = kind, name
    special.full_clean()
    special.save()
    changes = added(special) if before is None else since(before, special)
    if changes:
        verb = "added" if before is None else "changed"
        audit.record(f"courses.specialday_{verb}", special, actor=by, changes=changes)
    return special
