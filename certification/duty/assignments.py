"""Positions held by day, as known at a moment, loaded for many people at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet

from portal.models import AssignmentRecord


@dataclass(frozen=True)
class Posts:
    """The trail of assignments by person and assignment, oldest first; asked in memory for any day and moment."""

    trail: dict[int, dict[int, list[AssignmentRecord]]]
    # Posts and places held besides what is on record, see ``certification.duty.own_changes``.
    besides: tuple[frozenset[int], frozenset[str]] = (frozenset(), frozenset())

    def on(self, person_id: int, day: dt.date, known_at: dt.datetime) -> frozenset[int]:
        """Return the positions the person holds that day, by what was on record at ``known_at``."""
        return self.besides[0].union(record.position_id for record in self._held(person_id, day, known_at))

    def places_on(self, person_id: int, day: dt.date, known_at: dt.datetime) -> frozenset[str]:
        """Return the paths of the organisations the person works at that day, by what was on record then."""
        return self.besides[1].union(record.place for record in self._held(person_id, day, known_at))

    def said(self, person_id: int, known_at: dt.datetime) -> list[AssignmentRecord]:
        """Return what was on record of the person's posts at ``known_at``, of each assignment its last word."""
        said = (_said_at(records, known_at) for records in self.trail.get(person_id, {}).values())
        return [record for record in said if record and record.person_id == person_id and not record.is_removed]

    def _held(self, person_id: int, day: dt.date, known_at: dt.datetime) -> list[Any]:
        said = (_said_at(records, known_at) for records in self.trail.get(person_id, {}).values())
        return [record for record in said if record and record.person_id == person_id and record.holds_on(day)]


def posts_of(person_ids: Collection[int]) -> Posts:
    """Load the trail of these people's assignments: one query."""
    return posts_from(trail_of(person_ids))


def trail_of(person_ids: Collection[int]) -> QuerySet[AssignmentRecord]:
    """Return what :func:`posts_from` is made of, to be read alone or together with other lists."""
    # Somebody else may have been put into an assignment since; the trail of the assignment is read to its end.
    keys = AssignmentRecord.objects.filter(person__in=person_ids).values("assignment_key")
    records_of = AssignmentRecord.objects.filter(assignment_key__in=keys).annotate(place=F("organisation__path"))
    return records_of.order_by("recorded_at", "pk")


def posts_from(records_of: Iterable[AssignmentRecord]) -> Posts:
    """Return the posts of whom these records are about, oldest first."""
    trails: dict[int, list[AssignmentRecord]] = defaultdict(list)
    for record in records_of:
        trails[record.assignment_key].append(record)
    found: dict[int, dict[int, list[AssignmentRecord]]] = defaultdict(lambda: defaultdict(list))
    for key, records in trails.items():
        for person in {record.person_id for record in records}:
            found[person][key] = records
    return Posts(found)


def _said_at(records: Sequence[AssignmentRecord], known_at: dt.datetime) -> AssignmentRecord | None:
    """Return the last of an assignment's records that was there at ``known_at``."""
    return next((record for record in reversed(records) if record.recorded_at <= known_at), None)
