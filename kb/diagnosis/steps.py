"""A reader's position in a guide: the step, the way there, and whether its work is open to them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.models import DiagnosisGuide, DiagnosisStep
from portal.audiences import is_staff_member
from portal.enums import Task
from portal.models import EquipmentModel, Person
from portal.registry import duty
from portal.registry.duty import DutyAnswer


@dataclass(frozen=True)
class Position:
    """Where a reader stands.

    Args:
        path: answers in order, ``y`` or ``n`` each.
        passed: the steps before, each with the path to it and the answer given there.
        equipment: the machine it is about, None while nobody said.
        is_open: whether the reader may see how the step is done; always true without hazard.
        answer: what the gate said about a hazardous step, None when it could not be asked.
        people: who near the reader may do it, when the reader may not.
    """

    step: DiagnosisStep
    path: str
    passed: Sequence[tuple[DiagnosisStep, str, str]]
    equipment: EquipmentModel | None
    is_open: bool = True
    answer: DutyAnswer | None = None
    people: Sequence[Person] = field(default_factory=list)

    @property
    def number(self) -> int:
        """Return which step in a row it is."""
        return len(self.passed) + 1

    @property
    def is_limited(self) -> bool:
        """Whether it is open under a guide only, with a limit, or because somebody answers for it."""
        return self.answer is not None and self.answer.is_limited

    @property
    def needs_machine(self) -> bool:
        """Whether the gate could not be asked because nobody said which machine it is."""
        return bool(self.step.task) and self.equipment is None


def position_on(guide: DiagnosisGuide, path: str, reader: Any, equipment: EquipmentModel | None) -> Position:
    """Return where a path of answers leads, judged for the reader today.

    Raises:
        LostPath: the guide has no such way.
    """
    trail = guide.tree().walk(path)
    steps = {step.key: step for step in guide.steps.all()}
    passed = [(steps[node.key], path[:index], path[index]) for index, node in enumerate(trail[:-1])]
    here = steps[trail[-1].key]
    if not here.task:
        return Position(here, path, passed, equipment)
    if equipment is None or not is_staff_member(reader):
        return Position(here, path, passed, equipment, is_open=False)
    task = Task(here.task)
    answer = duty.ask(reader, equipment, task)
    people = [] if answer.allowed else duty.allowed_nearby(reader, equipment, task, answer.on)
    return Position(here, path, passed, equipment, answer.allowed, answer, people)
