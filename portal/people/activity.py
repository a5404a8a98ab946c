"""Whether somebody was active at an earlier moment, by what the audit log says of the record."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from portal.models import AuditEvent, Person

# When ``is_active`` was changed, and what it was before and after; the oldest first.
Turns = list[tuple[dt.datetime, bool, bool]]


def activity_of(person_ids: Collection[int]) -> dict[int, Turns]:
    """Return when these people left and came back: one query; nothing for who did neither."""
    subjects = {f"{Person._meta.label_lower}:{pk}": pk for pk in person_ids}
    rows = AuditEvent.objects.filter(subject__in=subjects).order_by("at", "pk")
    found: dict[int, Turns] = defaultdict(list)
    for subject, at, detail in rows.values_list("subject", "at", "detail"):
        found[subjects[subject]] += [
            (at, bool(change["old"]), bool(change["new"]))
            for change in detail.get("changes", ())
            if change.get("field") == "is_active"
        ]
    return found


def was_active(person: Person, turns: Turns, moment: dt.datetime) -> bool:
    """Whether ``person`` was active at a moment, by the changes on record."""
    before = [new for at, _old, new in turns if at <= moment]
    after = [old for at, old, _new in turns if at > moment]
    return before[-1] if before else after[0] if after else person.is_active
