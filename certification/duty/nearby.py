"""People nearby whom the gate allows to do a task: colleagues of the outlet first, then of the region, then all."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from certification.schemes.queries import schemes_in_force
from portal.access.sight import below
from portal.audiences import is_staff_member
from portal.enums import Task, Tier
from portal.models import EquipmentModel, Organisation, Person
from portal.registry.duty import DutyQuestion, ask_many

#: People judged in each circle; enough to find somebody on duty, few enough for a page.
JUDGED = 40


def nearby(asker: Person, equipment: EquipmentModel, task: Task, on: dt.date, limit: int) -> list[Person]:
    """Return at most ``limit`` colleagues who may do ``task`` on ``equipment`` that day, nearest first.

    Every member of the service network may ask: it says a name and an outlet, not what somebody lacks.
    """
    if not is_staff_member(asker):
        return []
    openers = list(schemes_in_force().openers(equipment, task))
    found: list[Person] = []
    judged = {asker.pk}
    for circle in _circles(asker):
        if len(found) >= limit or not openers:
            break
        holders = Person.objects.belonging_to(circle, on).filter(is_active=True, ledger__scheme__in=openers)
        keys = holders.exclude(pk__in=judged).order_by("staff_number").values("pk").distinct()[:JUDGED]
        people = list(Person.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).with_posts(on))
        judged.update(person.pk for person in people)
        questions = [DutyQuestion(person, on, timezone.now(), equipment=equipment, task=task) for person in people]
        found += [answer.person for answer in ask_many(questions) if answer.allowed]
    return found[:limit]


def _circles(asker: Person) -> Iterator[QuerySet[Organisation]]:
    """Yield the organisations around the asker: own places, the branch above them, the network; customers never."""
    network = Organisation.objects.exclude(tier=Tier.CUSTOMER)
    paths = [place.path for place in asker.places]
    step = Organisation.steplen
    while paths:
        yield network.filter(below(paths))
        paths = sorted({path[:-step] for path in paths if len(path) > step})
