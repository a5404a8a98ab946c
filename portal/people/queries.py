"""Queries on people: positions held on a day."""

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.models import Assignment, Person


def positions_on(person: Person, day: dt.date) -> QuerySet[Assignment]:
    """Return the assignments of ``person`` in force on ``day``, with position and place."""
    return person.assignments.valid_on(day).select_related("position", "organisation")


def has_left(who: str, day: dt.date) -> Q:
    """Return the filter of records whose ``who`` has left the network by ``day``: not active, or every post has ended.

    Who never held a post belongs to the organisation on the record as long as they are active.

    Args:
        who: the key of a person, ``pk`` for people themselves.
    """
    posts = Assignment.objects.filter(person=OuterRef(who))
    going_on = posts.filter(Q(end__isnull=True) | Q(end__gte=day))
    active = "is_active" if who == "pk" else f"{who}__is_active"
    return Q(**{active: False}) | (Exists(posts) & ~Exists(going_on))


def has_gone(person: Person) -> bool:
    """Whether the person has left the network by today."""
    return Person.objects.filter(has_left("pk", timezone.localdate()), pk=person.pk).exists()
