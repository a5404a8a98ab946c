"""Reads of schemes: those of a machine, of a person, of a position."""

import datetime as dt

from django.db.models import Q

from certification.kinds import requirement_kinds
from certification.models import Scheme
from certification.schemes.progress import load_requirements
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import EquipmentModel, Person


def schemes_covering(equipment: EquipmentModel) -> list[Scheme]:
    """Return the schemes in force for the equipment's category or one above it, nearest first, requirements loaded."""
    paths = self_and_ancestor_paths(equipment.category)
    schemes = Scheme.objects.filter(is_active=True, category__path__in=paths).select_related("category")
    return load_requirements(sorted(schemes, key=lambda scheme: (-len(scheme.category.path), scheme.code)))


def schemes_of_person(person: Person, day: dt.date) -> list[Scheme]:
    """Return the schemes that concern ``person``: required by a position held that day, or begun.

    Begun means a ledger entry, or something shown that a kind of requirement counts as a beginning.
    """
    assignments = person.assignments.valid_on(day).values("position")
    concerned = Q(positions__in=assignments) | Q(ledger__person=person)
    for kind in requirement_kinds:
        concerned |= kind.begun_by(person) or Q()
    ids = Scheme.objects.filter(concerned).values("pk")
    schemes = Scheme.objects.filter(Q(is_active=True) | Q(ledger__person=person), pk__in=ids).distinct()
    return load_requirements(schemes.select_related("category").order_by("code"))


def required_scheme_ids(person: Person, day: dt.date) -> set[int]:
    """Return the schemes the person's positions require that day."""
    assignments = person.assignments.valid_on(day).values("position")
    return set(Scheme.objects.filter(is_active=True, positions__in=assignments).values_list("pk", flat=True))
