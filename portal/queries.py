"""Reads across the ground floor: finding people and equipment by what people type."""

import datetime as dt

from django.db.models import Q, QuerySet

from portal.errors import AmbiguousEquipment, UnknownEquipment, UnknownPerson
from portal.models import Assignment, EquipmentModel, Person
from portal.permissions import can_ask_duty


def find_equipment(text: str) -> EquipmentModel:
    """Return the one model with this code, name or alias.

    Raises:
        UnknownEquipment: nothing answers to it.
        AmbiguousEquipment: several models do; the message lists their codes.
    """
    wanted = text.strip()
    models = EquipmentModel.objects.select_related("category")
    exact = models.filter(code__iexact=wanted).first() if wanted else None
    if exact:
        return exact
    by_name = list(models.filter(name=wanted)[:6]) if wanted else []
    found = by_name or list(models.filter(aliases__name__iexact=wanted).distinct()[:6])
    if not found:
        raise UnknownEquipment(equipment=wanted[:60])
    if len(found) > 1:
        raise AmbiguousEquipment(
            equipment=wanted[:60], candidates="、".join(f"{model.name} {model.code}" for model in found)
        )
    return found[0]


def find_person_for_duty(asker: Person, staff_number: str) -> Person:
    """Return the person the asker may ask about.

    Raises:
        UnknownPerson: no such number, or outside the asker's sight: both look the same.
    """
    person = Person.objects.select_related("organisation").filter(staff_number__iexact=staff_number.strip()).first()
    if person is None or not can_ask_duty(asker, person):
        raise UnknownPerson(person=staff_number.strip()[:30])
    return person


def positions_on(person: Person, day: dt.date) -> QuerySet[Assignment]:
    """Return the assignments of ``person`` in force on ``day``, with position and place."""
    return person.assignments.valid_on(day).select_related("position", "organisation")


def search_people(people: QuerySet[Person], text: str) -> QuerySet[Person]:
    """Narrow ``people`` to those whose number or name contains ``text``."""
    return people.filter(Q(staff_number__icontains=text) | Q(name__icontains=text)) if text else people
