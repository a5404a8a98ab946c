"""The question a pack answers."""

import datetime as dt
from dataclasses import dataclass

from portal.enums import Task
from portal.models import EquipmentModel


@dataclass(frozen=True)
class Asked:
    """What a pack is about.

    Args:
        known_at: only what was on record at this moment counts.
    """

    equipment: EquipmentModel
    task: Task
    on: dt.date
    known_at: dt.datetime
