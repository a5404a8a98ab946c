"""People nearby whom the gate allows to do a task: colleagues of the outlet first, then of the region, then all."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from certification.duty.candidates import allowed_of, may_work
from certification.schemes.loading import Subjects
from certification.schemes.queries import schemes_in_force
from portal.access.sight import below
from portal.audiences import is_staff_member
from portal.enums import Task, Tier
from portal.models import EquipmentModel, Organisation, Person
from portal.registry.duty import DutyQuestion


def nearby(asker: Person, equipment: EquipmentModel, task: Task, on: dt.date, limit: int) -> list[Person]:
    """Return at most ``limit`` colleagues who may do ``task`` on ``equipment`` that day by themselves, nearest first.

    Every member of the service network may ask: it says a name and an outlet, not what somebody lacks.
    """
    if not is_staff_member(asker):
        return []
    now = timezone.now()
    able = may_work(schemes_in_force(Subjects([equipment])), equipment, task, on, now)
    found: list[Person] = []
    for circle in _circles(asker):
        seen = [asker.pk, *(person.pk for person in found)]
        people = Person.objects.belonging_to(circle, on).filter(able, is_active=True).exclude(pk__in=seen)
        answers = allowed_of(
            people, on, lambda person: DutyQuestion(person, on, now, equipment=equipment, task=task), alone=True
        )
        found += [answer.person for answer in answers[: limit - len(found)]]
        if len(found) >= limit:
            break
    return found


def _circles(asker: Person) -> Iterator[QuerySet[Organisation]]:
    """Yield the organisations around the asker: own places, the branch above them, the network; customers never."""
    network = Organisation.objects.exclude(tier=Tier.CUSTOMER)
    paths = [place.path for place in asker.places]
    step = Organisation.steplen
    while paths:
        yield network.filter(below(paths))
        paths = sorted({path[:-step] for path in paths if len(path) > step})
