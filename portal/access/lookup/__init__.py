"""Find people, equipment, tasks and posts by what people type, paste or scan; every door of the portal asks here.

Each has a form for many texts, which asks the database a fixed number of times and returns refusals as data.
"""

from portal.access.lookup.equipment import find_equipment, find_equipments
from portal.access.lookup.people import (
    find_people,
    find_people_for_duty,
    find_person,
    find_person_for_duty,
    people_asked,
    people_matching,
    staff_number_typed,
)
from portal.access.lookup.posts import (
    find_position,
    find_task,
    position_label,
    position_named,
    positions_in_network,
)

__all__ = [
    "find_equipment",
    "find_equipments",
    "find_people",
    "find_people_for_duty",
    "find_person",
    "find_person_for_duty",
    "find_position",
    "find_task",
    "people_asked",
    "people_matching",
    "position_label",
    "position_named",
    "positions_in_network",
    "staff_number_typed",
]
