"""Who may teach a module on a day: named, a trainer, and allowed its task on its machines; typed reasons if not."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.models import TrainingModule
from portal.enums import Role, Task
from portal.models import EquipmentModel, Person
from portal.registry.duty import DutyQuestion, Reason, ask_many


@dataclass(frozen=True)
class Teaching:
    """Whether somebody may teach a module on a day.

    Args:
        reasons: what is missing; nothing when they may.
    """

    module: TrainingModule
    trainer: Person
    on: dt.date
    reasons: list[Reason] = field(default_factory=list)

    @property
    def allowed(self) -> bool:
        """Whether nothing is missing."""
        return not self.reasons


def machines_taught(module: TrainingModule) -> list[EquipmentModel]:
    """Return the machines of a module; one that names none teaches its whole category."""
    machines = list(module.equipment.all())
    return machines or list(EquipmentModel.objects.filter(category=module.category_id).order_by("code"))


def may_teach(modules: Iterable[TrainingModule], trainers: Collection[Person], on: dt.date) -> list[Teaching]:
    """Return for each module and trainer whether they may teach it on a day; the gate is asked once for all.

    Args:
        on: the day of teaching, in the organisation's zone.
    """
    found, questions, places = [], [], []
    keys = [trainer.pk for trainer in trainers]
    teaches = set(Person.objects.filter(pk__in=keys, groups__name=Role.TRAINER).values_list("pk", flat=True))
    for module in modules:
        named = {person.pk for person in module.trainers.all()}
        machines = machines_taught(module) if module.task else []
        for trainer in trainers:
            teaching = Teaching(module, trainer, on, _plain_reasons(trainer, teaches, named))
            found.append(teaching)
            for machine in machines:
                questions.append(DutyQuestion(trainer, on, timezone.now(), equipment=machine, task=Task(module.task)))
                places.append(teaching)
    for teaching, answer in zip(places, ask_many(questions) if questions else [], strict=True):
        if not answer.allowed:
            teaching.reasons.append(_not_qualified(answer.equipment, teaching, answer.reasons))
    return found


def _plain_reasons(trainer: Person, teaches: Collection[int], named: Collection[int]) -> list[Reason]:
    facts = {"trainer": trainer.name}
    reasons = []
    if not trainer.is_active:
        reasons.append(Reason("trainer_has_left", _("%(trainer)s has left.") % facts, params=facts))
    if trainer.pk not in teaches:
        reasons.append(Reason("no_trainer", _("%(trainer)s is not a trainer.") % facts, params=facts))
    if trainer.pk not in named:
        message = _("%(trainer)s is not named as a trainer of this module.") % facts
        reasons.append(Reason("trainer_not_named", message, params=facts))
    return reasons


def _not_qualified(machine: EquipmentModel | None, teaching: Teaching, missing: Iterable[Reason]) -> Reason:
    why = "；".join(reason.message for reason in missing if not reason.met)
    facts = {
        "trainer": teaching.trainer.name,
        "machine": machine.name if machine else "",
        "task": str(Task(teaching.module.task).label),
        "why": why,
    }
    message = _("%(machine)s, %(task)s: %(trainer)s is not allowed that day. %(why)s") % facts
    return Reason("trainer_not_qualified", message, params=facts)
