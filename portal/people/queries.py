"""Queries on people: positions held on a day, people by staff number or name."""

import datetime as dt

from django.db.models import Q, QuerySet

from portal.models import Assignment, Person


def positions_on(person: Person, day: dt.date) -> QuerySet[Assignment]:
    """Return the assignments of ``person`` in force on ``day``, with position and place."""
    return person.assignments.valid_on(day).select_related("position", "organisation")


def search_people(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow ``people`` to those whose number or name contains ``text``."""
    return people.filter(Q(staff_number__icontains=text) | Q(name__icontains=text)) if text else people
