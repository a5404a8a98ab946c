"""Queries on the ledger."""

import datetime as dt

from django.db.models import Count, Max, Q

from certification.enums import EntryKind
from certification.models import LedgerEntry, Scheme
from portal.models import Person


def lapsing(today: dt.date) -> list[tuple[Person, Scheme]]:
    """Return the people and schemes with a grant that ended before ``today`` and no later one: they may have lapsed.

    Corrections may change an end either way, so every file with a correction is looked at too.
    """
    granting = LedgerEntry.objects.filter(kind__in=(EntryKind.GRANTED, EntryKind.RENEWED, EntryKind.CORRECTED))
    last = granting.values("person", "scheme").annotate(end=Max("valid_to"), corrected=Count("corrects"))
    pairs = [(row["person"], row["scheme"]) for row in last.filter(Q(end__lt=today) | Q(corrected__gt=0))]
    people = Person.objects.in_bulk([person for person, _scheme in pairs])
    schemes = Scheme.objects.in_bulk([scheme for _person, scheme in pairs])
    return [(people[person], schemes[scheme]) for person, scheme in pairs]
