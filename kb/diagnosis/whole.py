"""A whole guide in one document: what a device keeps, so that every step works without a network.

Hazardous steps are judged for the reader and the day, for every machine of the guide, in one question to the gate.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone

from kb.diagnosis.pictures import place_of_step
from kb.models import DiagnosisGuide, DiagnosisStep
from kb.pictures.queries import Shown, pictures_of
from portal.audiences import is_staff_member
from portal.enums import Task
from portal.models import EquipmentModel
from portal.registry import duty
from portal.registry.duty import DutyAnswer, DutyQuestion


@dataclass(frozen=True)
class WholeStep:
    """A step with what the reader may see of it.

    Args:
        open_for: machines on which the reader may do it that day; all that is hazardous is closed otherwise.
        limited: machine and answer where the reader may under a guide only, overridden or with a limit; open, and said.
        refusals: machine and answer of the gate where it refused.
        pictures: those of an opened step.
    """

    step: DiagnosisStep
    open_for: Sequence[EquipmentModel] = ()
    limited: Sequence[tuple[EquipmentModel, DutyAnswer]] = ()
    refusals: Sequence[tuple[EquipmentModel, DutyAnswer]] = ()
    pictures: Sequence[Shown] = field(default_factory=list)

    @property
    def is_hazardous(self) -> bool:
        """Whether only certified people do it."""
        return bool(self.step.task)

    @property
    def is_shown(self) -> bool:
        """Whether the reader may see how it is done, on one machine at least."""
        return not self.is_hazardous or bool(self.open_for)

    @property
    def open_codes(self) -> str:
        """The machines it is open for, as the page's script reads them."""
        return " ".join(machine.code for machine in self.open_for)


#: Machines of a guide that are judged for the device; a guide for a whole trade names more than somebody carries about.
MOST_MACHINES = 40

Answers = dict[str, list[tuple[EquipmentModel, DutyAnswer]]]


def whole_guide(guide: DiagnosisGuide, reader: Any, machines: Sequence[EquipmentModel]) -> list[WholeStep]:
    """Return every step of a guide fetched by ``queries.guide_for_reading``; the number of queries is fixed.

    Args:
        machines: those of the guide that are judged.
    """
    steps = list(guide.steps.all())
    answers = _answers(machines, reader, {step.task for step in steps if step.task})
    opened = [_judged(step, answers) for step in steps]
    shown = [one.step for one in opened if one.is_shown]
    pictures = pictures_of(
        {step.key: step.pictures for step in shown},
        {step.key: place_of_step(guide, step, reader) for step in shown},
    )
    return [replace(one, pictures=pictures.get(one.step.key, [])) for one in opened]


def _answers(machines: Sequence[EquipmentModel], reader: Any, tasks: Iterable[str]) -> Answers:
    """Ask the gate once for every machine and task; nobody is asked about who is not of the service network."""
    if not is_staff_member(reader):
        return {}
    day, now = timezone.localdate(), timezone.now()
    asked = [(task, machine) for task in sorted(tasks) for machine in machines]
    if not asked:
        return {}
    answered = duty.ask_many([DutyQuestion(reader, day, now, equipment=one, task=Task(task)) for task, one in asked])
    found: Answers = {}
    for (task, machine), answer in zip(asked, answered, strict=True):
        found.setdefault(task, []).append((machine, answer))
    return found


def _judged(step: DiagnosisStep, answers: Answers) -> WholeStep:
    given = answers.get(step.task, []) if step.task else []
    return WholeStep(
        step,
        open_for=[machine for machine, answer in given if answer.allowed],
        limited=[(machine, answer) for machine, answer in given if answer.is_limited],
        refusals=[(machine, answer) for machine, answer in given if not answer.allowed],
    )
