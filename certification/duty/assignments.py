"""Positions held by day, loaded for many people at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from portal.models import Assignment


@dataclass(frozen=True)
class Posts:
    """Assignments by person, asked in memory for any day."""

    assignments: dict[int, list[Assignment]]

    def on(self, person_id: int, day: dt.date) -> frozenset[int]:
        """Return the positions the person holds that day."""
        return frozenset(
            row.position_id
            for row in self.assignments.get(person_id, ())
            if row.start <= day and (row.end is None or day <= row.end)
        )


def posts_of(person_ids: Collection[int]) -> Posts:
    """Load the posts of these people: one query."""
    found: dict[int, list[Assignment]] = defaultdict(list)
    for row in Assignment.objects.filter(person__in=person_ids):
        found[row.person_id].append(row)
    return Posts(dict(found))
