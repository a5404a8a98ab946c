"""Runs through a guide that were made without a network and arrive later, each once."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from kb.diagnosis.domain import end_run, follow
from kb.diagnosis.errors import GuideChanged, StepWasClosed, TooOld
from kb.enums import RunResult
from kb.models import DiagnosisGuide, DiagnosisRun, DiagnosisStep
from kb.tree import LostPath
from portal.audiences import is_staff_member
from portal.enums import Task
from portal.models import EquipmentModel
from portal.registry import duty
from portal.registry.duty import DutyQuestion

#: What lay on a device for longer says nothing about the guide of today.
LONGEST_WAIT = dt.timedelta(days=60)


@dataclass(frozen=True)
class LateRun:
    """A run as the device kept it.

    Args:
        token: made where the run started; the same one again is the same run.
        path: answers in order, ``y`` or ``n`` each.
        result: open when it was left without one.
    """

    token: uuid.UUID
    path: str
    started_at: dt.datetime
    ended_at: dt.datetime
    result: RunResult = RunResult.OPEN
    reason: str = ""
    equipment: EquipmentModel | None = None


@transaction.atomic
def record_late_run(guide: DiagnosisGuide, late: LateRun, *, person: Any = None) -> DiagnosisRun:
    """Record a run that was made without a network; sent twice it is one run.

    Clocks of phones go wrong: what ends in the future ends now.

    Raises:
        GuideChanged: the guide has no such way any more.
        StepWasClosed: it answers a hazardous step that the gate had not opened to the person that day.
        TooOld: it was made too long ago.
        NotYourRun, RunEnded, NotAnEnd: as for :func:`kb.diagnosis.domain.follow` and ``end_run``.
    """
    ended = min(late.ended_at, timezone.now())
    started = min(late.started_at, ended)
    if started < timezone.now() - LONGEST_WAIT:
        raise TooOld
    # Of a run that is known only a way that goes on is judged: sent twice, it is answered alike.
    known = DiagnosisRun.objects.filter(token=late.token).only("path").first()
    if known is None or not known.path.startswith(late.path):
        _check_hazards(guide, late, started, person)
    run = follow(guide, late.path, token=late.token, person=person, equipment=late.equipment, at=started)
    if late.result != RunResult.OPEN:
        run = end_run(run, late.result, reason=late.reason, at=max(ended, run.started_at))
    return run


def _check_hazards(guide: DiagnosisGuide, late: LateRun, moment: dt.datetime, person: Any) -> None:
    """Refuse a way that goes on beyond a hazardous step the person might not do on the day of the run."""
    try:
        trail = guide.tree().walk(late.path)
    except LostPath as lost:
        raise GuideChanged(lost.kept) from lost
    steps = {step.key: step for step in guide.steps.all()}
    answered: list[DiagnosisStep] = [steps[node.key] for node in trail[:-1] if steps[node.key].task]
    if not answered:
        return
    if late.equipment is None or not is_staff_member(person):
        raise StepWasClosed(step=answered[0].text)
    day, now = timezone.localdate(moment), timezone.now()
    tasks = {step.task for step in answered}
    questions = [DutyQuestion(person, day, now, equipment=late.equipment, task=Task(task)) for task in sorted(tasks)]
    closed = {answer.task for answer in duty.ask_many(questions) if not answer.allowed}
    for step in answered:
        if step.task in closed:
            raise StepWasClosed(step=step.text)
