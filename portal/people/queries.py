"""Queries on people: positions held on a day."""

import datetime as dt

from django.db.models import QuerySet

from portal.models import Assignment, Person


def positions_on(person: Person, day: dt.date) -> QuerySet[Assignment]:
    """Return the assignments of ``person`` in force on ``day``, with position and place."""
    return person.assignments.valid_on(day).select_related("position", "organisation")
