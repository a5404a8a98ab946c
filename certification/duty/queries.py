"""Queries on the gate: people in sight who may do a task on equipment, or hold a position."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from certification.models import LedgerEntry
from certification.permissions import files_in_sight
from certification.schemes.queries import schemes_in_force
from portal.access.sight import people_in_sight
from portal.enums import Task
from portal.models import EquipmentModel, Person, Position
from portal.registry.duty import DutyAnswer, DutyQuestion, ask_many


def allowed_on(
    asker: Person,
    equipment: EquipmentModel,
    task: Task,
    on: dt.date,
    known_at: dt.datetime | None = None,
    *,
    with_former: bool = False,
) -> list[DutyAnswer]:
    """Return the answers for the people in sight who may do ``task`` on ``equipment`` that day, by staff number.

    Args:
        with_former: look at people who are no longer active too, as an auditor of a past day does.
    """
    moment = known_at or timezone.now()
    openers = schemes_in_force().openers(equipment, task)
    holders = _holders(asker, Q(ledger__scheme__in=openers), on, with_former=with_former)
    return _allowed(DutyQuestion(person, on, moment, equipment=equipment, task=task) for person in holders)


def allowed_in_post(
    asker: Person, position: Position, on: dt.date, known_at: dt.datetime | None = None
) -> list[DutyAnswer]:
    """Return the answers for the people in sight qualified for a post that day, by staff number.

    A post that requires nothing of its own is open to everybody in sight and lists nobody.
    """
    moment = known_at or timezone.now()
    required = schemes_in_force().required(position)
    if not required:
        return []
    held = Q()
    for scheme in required:
        held &= Q(pk__in=LedgerEntry.objects.filter(scheme=scheme).values("person"))
    holders = _holders(asker, held, on, with_former=False)
    return _allowed(DutyQuestion(person, on, moment, position=position) for person in holders)


def _holders(asker: Person, held: Q, on: dt.date, *, with_former: bool) -> list[Person]:
    """Return the people in sight with the entries in the ledger that it takes: nobody else can be allowed."""
    people = people_in_sight(asker) if with_former else files_in_sight(asker)
    found = people.filter(held).values("pk")
    holders = Person.objects.filter(pk__in=found).with_posts(on)
    return list(holders.order_by("staff_number"))


def _allowed(questions: Iterable[DutyQuestion]) -> list[DutyAnswer]:
    return [answer for answer in ask_many(list(questions)) if answer.allowed]
