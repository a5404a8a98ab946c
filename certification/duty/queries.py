"""Queries on the gate: people in sight who may do a task on equipment, or hold a position."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from certification.duty.candidates import allowed_of, may_hold_all, may_work
from certification.judged import Judged
from certification.permissions import files_in_sight
from certification.schemes.loading import Subjects
from certification.schemes.queries import schemes_in_force
from portal.access.sight import people_in_sight
from portal.enums import Task
from portal.models import EquipmentModel, Person, Position
from portal.registry.duty import DutyAnswer, DutyQuestion


def allowed_on(
    asker: Person,
    equipment: EquipmentModel,
    task: Task,
    on: dt.date,
    known_at: dt.datetime | None = None,
    *,
    with_former: bool = False,
) -> Judged[DutyAnswer]:
    """Return the answers for the people in sight that day who may do ``task`` on ``equipment``, by staff number.

    Narrowed in the database; only what is cut from the list is judged.

    Args:
        with_former: look at people who are no longer active too, as an auditor of a past day does.
    """
    moment = known_at or timezone.now()
    people = people_in_sight(asker, on) if with_former else files_in_sight(asker, on)
    candidates = people.filter(may_work(schemes_in_force(Subjects([equipment])), equipment, task, on, moment))
    return allowed_of(candidates, on, lambda person: DutyQuestion(person, on, moment, equipment=equipment, task=task))


def allowed_in_post(
    asker: Person, position: Position, on: dt.date, known_at: dt.datetime | None = None
) -> Judged[DutyAnswer]:
    """Return the answers for the people in sight that day qualified for a post, by staff number.

    A post that requires nothing of its own is open to everybody in sight and lists nobody.
    """
    moment = known_at or timezone.now()
    schemes = schemes_in_force(Subjects((), [position.pk]))
    required = schemes.required(position)
    held = may_hold_all(schemes, required, on, moment) if required else Q(pk__in=())
    candidates = files_in_sight(asker, on).filter(held)
    return allowed_of(candidates, on, lambda person: DutyQuestion(person, on, moment, position=position))
