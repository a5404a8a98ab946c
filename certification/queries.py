"""Reads that cross models: schemes of a machine or a person, people with their standings, coverage."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Max, Q

from certification.domain.progress import load_requirements
from certification.enums import EntryKind
from certification.models import Certificate, LedgerEntry, Scheme
from certification.trees import self_and_ancestor_paths
from portal.models import EquipmentModel, Person


def schemes_covering(equipment: EquipmentModel) -> list[Scheme]:
    """Return the schemes in force for the equipment's category or one above it, nearest first, requirements loaded."""
    paths = self_and_ancestor_paths(equipment.category)
    schemes = Scheme.objects.filter(is_active=True, category__path__in=paths).select_related("category")
    return load_requirements(sorted(schemes, key=lambda scheme: (-len(scheme.category.path), scheme.code)))


def schemes_of_person(person: Person, day: dt.date) -> list[Scheme]:
    """Return the schemes that concern ``person``: required by a position held that day, or begun.

    Begun means a ledger entry, credited hours, an attempt or a practical.
    """
    assignments = person.assignments.valid_on(day).values("position")
    concerned = (
        Q(positions__in=assignments)
        | Q(ledger__person=person)
        | Q(requirements__module__hour_credits__person=person)
        | Q(requirements__quiz__attempts__person=person)
        | Q(requirements__checklist__assessments__person=person)
    )
    ids = Scheme.objects.filter(concerned).values("pk")
    schemes = Scheme.objects.filter(Q(is_active=True) | Q(ledger__person=person), pk__in=ids).distinct()
    return load_requirements(schemes.select_related("category").order_by("code"))


def required_scheme_ids(person: Person, day: dt.date) -> set[int]:
    """Return the schemes the person's positions require that day."""
    assignments = person.assignments.valid_on(day).values("position")
    return set(Scheme.objects.filter(is_active=True, positions__in=assignments).values_list("pk", flat=True))


def certificates_of_entries(entry_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return the certificates by the ledger entry they print."""
    found = Certificate.objects.filter(entry__in=list(entry_ids))
    return {certificate.entry_id: certificate for certificate in found}


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
