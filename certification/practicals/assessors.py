"""Who may sign a practical: the appointment of the day, and what the checklist asks of its assessor besides."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from certification.models import AssessorAppointment, Checklist
from certification.practicals.errors import (
    FutureAssessment,
    NotAppointed,
    OwnAssessment,
    TrainedByAssessor,
    UnqualifiedAssessor,
)
from courses.models import HourCredit
from portal.enums import Role, Task
from portal.equipment.queries import self_and_ancestor_paths
from portal.models import EquipmentCategory, EquipmentModel, Person
from portal.registry import duty
from portal.registry.duty import DutyQuestion

#: Machines of a category the gate is asked for; one on which the assessor may work suffices.
MACHINES_ASKED = 50


def may_assess(assessor: Person, checklist: Checklist, day: dt.date) -> bool:
    """Whether the person has the role and an appointment that day for the checklist's category or one above it."""
    return is_appointed(assessor, checklist.category, day)


def is_appointed(assessor: Person, category: EquipmentCategory, day: dt.date) -> bool:
    """Whether the person has the role and an appointment that day for the category or one above it."""
    paths = self_and_ancestor_paths(category)
    return (
        assessor.has_role(Role.ASSESSOR)
        and AssessorAppointment.objects.valid_on(day).filter(person=assessor, category__path__in=paths).exists()
    )


def check_assessor(assessor: Person, person: Person, checklist: Checklist, day: dt.date, at: dt.datetime) -> None:
    """Refuse whoever may not sign the checklist for ``person`` on ``day``.

    Args:
        at: the moment of signing; the gate answers with what is on record then.

    Raises:
        OwnAssessment: nobody assesses oneself.
        FutureAssessment: the day is still to come.
        NotAppointed: no role or no appointment that day.
        UnqualifiedAssessor: the checklist asks for somebody who may do the work that day.
        TrainedByAssessor: the checklist is not signed by who trained the candidate.
    """
    if assessor.pk == person.pk:
        raise OwnAssessment
    if day > timezone.localdate(at):
        raise FutureAssessment
    if not may_assess(assessor, checklist, day):
        raise NotAppointed(category=checklist.category.name)
    if checklist.assessor_task:
        _check_gate(assessor, checklist, Task(checklist.assessor_task), day, at)
    if not checklist.trainer_may_assess and has_trained(assessor, person, checklist):
        raise TrainedByAssessor(person=person.name, category=checklist.category.name)


def has_trained(assessor: Person, person: Person, checklist: Checklist) -> bool:
    """Whether ``person`` has hours from ``assessor`` on the checklist's equipment, its parts or what it is part of."""
    path = checklist.category.path
    of_equipment = Q(module__category__path__startswith=path) | Q(
        module__category__path__in=self_and_ancestor_paths(checklist.category)
    )
    credits = HourCredit.objects.filter(of_equipment, person=person, minutes__gt=0)
    return credits.filter(attendance__enrolment__session__trainer=assessor).exists()


def _check_gate(assessor: Person, checklist: Checklist, task: Task, day: dt.date, at: dt.datetime) -> None:
    machines = EquipmentModel.objects.filter(category__path__startswith=checklist.category.path)
    answers = duty.ask_many(
        [
            DutyQuestion(assessor, day, at, equipment=one, task=task)
            for one in machines.order_by("code")[:MACHINES_ASKED]
        ]
    )
    # Who works only under somebody else does not say what is done properly.
    if any(answer.state == "allowed" for answer in answers):
        return
    reasons = answers[0].reasons if answers else ()
    told = " ".join(str(reason.message) for reason in reasons if not reason.met)
    raise UnqualifiedAssessor(task=task.label, category=checklist.category.name, reasons=told)
