"""Tile of people who may work on a unit, shown on its label page."""

from dataclasses import dataclass

from django.http import HttpRequest

from certification.duty.queries import allowed_on
from certification.permissions import may_survey
from portal.access.lookup import find_task
from portal.audiences import is_staff_member
from portal.enums import Task
from portal.errors import UnknownTask
from portal.models import EquipmentUnit
from portal.registry import duty
from portal.registry.tiles import Tile

UNIT_PEOPLE = 8


@dataclass(frozen=True)
class TaskTab:
    """A tab of the tile: one task."""

    label: str
    url: str
    active: bool


def unit_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return whether the reader may do a task on the machine today and, for who may survey, who in the branch may.

    The task is that of the tab opened (``?task=``), repair at first.
    """
    reader = request.user
    if not is_staff_member(reader):
        return None
    task = _task(request)
    answer = duty.ask(reader, unit.model, task)
    allowed = allowed_on(reader, unit.model, task, answer.on) if may_survey(reader) else ()
    context = {
        "tabs": [TaskTab(str(item.label), f"?task={item.value}#who", item == task) for item in Task],
        "task": task,
        "answer": answer,
        # Dispatchers see the qualified people, not their own refusal.
        "shows_own": answer.allowed or not may_survey(reader),
        "allowed": allowed[:UNIT_PEOPLE],
        "more": max(len(allowed) - UNIT_PEOPLE, 0),
        "surveys": may_survey(reader),
    }
    return Tile("certification/duty/tiles/unit.html", context)


def _task(request: HttpRequest) -> Task:
    try:
        return find_task(request.GET.get("task", ""))
    except UnknownTask:
        return Task.REPAIR
