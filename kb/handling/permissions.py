"""Who reads and writes the handling records of a machine."""

from typing import Any

from kb.models import HandlingRecord
from portal.access.sight import can_see_person, units_in_sight
from portal.audiences import is_staff_member
from portal.enums import Role
from portal.models import EquipmentUnit

CORRECTING = (Role.MANAGER, Role.ADMINISTRATOR)


def may_read_records(reader: Any, unit: EquipmentUnit) -> bool:
    """Whether ``reader`` reads what was done on ``unit``: who may look the machine up, with or without its label."""
    return units_in_sight(reader).filter(pk=unit.pk).exists()


def may_record(person: Any, unit: EquipmentUnit) -> bool:
    """Whether ``person`` may append a record: staff of the service network who may look the machine up."""
    return is_staff_member(person) and may_read_records(person, unit)


def may_correct(person: Any, record: HandlingRecord) -> bool:
    """Whether ``person`` may append a correction: who did the work, or a manager in whose sight they are."""
    if not may_record(person, record.unit):
        return False
    return person.pk == record.person_id or (person.has_role(*CORRECTING) and can_see_person(person, record.person))
