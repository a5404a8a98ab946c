"""Reads of the gate: who of those in sight may work on a machine."""

import datetime as dt

from django.utils import timezone

from certification.duty.gate import answers
from certification.permissions import files_in_sight
from certification.schemes.queries import schemes_covering
from portal.access.sight import people_in_sight
from portal.models import EquipmentModel, Person
from portal.registry.duty import DutyAnswer


def allowed_on(
    asker: Person,
    equipment: EquipmentModel,
    on: dt.date,
    known_at: dt.datetime | None = None,
    *,
    with_former: bool = False,
) -> list[DutyAnswer]:
    """Return the answers for the people in sight who may work on ``equipment`` that day, by staff number.

    Args:
        with_former: look at people who are no longer active too, as an auditor of a past day does.
    """
    schemes = schemes_covering(equipment)
    people = people_in_sight(asker) if with_former else files_in_sight(asker)
    holders = people.filter(ledger__scheme__in=schemes).with_posts(on).distinct()
    asked = answers(holders.order_by("staff_number"), equipment, on, known_at or timezone.now())
    return [answer for answer in asked if answer.allowed]
