"""Tiles of the gate: people who may work on a unit, on its label page; gated posts not yet released, on one's home."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from certification.duty.forms import OFFERED, DutyForm
from certification.duty.log.domain import keep_inquiries
from certification.duty.queries import allowed_on
from certification.duty.ways import shown_reasons, with_ways
from certification.enums import AskedFrom
from certification.permissions import may_survey
from portal.access.lookup import find_task
from portal.audiences import is_staff_member
from portal.enums import Role, Task
from portal.errors import UnknownTask
from portal.models import EquipmentModel, EquipmentUnit
from portal.registry import duty
from portal.registry.tiles import Tile

UNIT_PEOPLE = 8


@dataclass(frozen=True)
class TaskTab:
    """A tab of the tile: one task."""

    label: str
    url: str
    active: bool


def question_tile(request: HttpRequest) -> Tile | None:
    """Return the form of the question for dispatchers, filled with today and repair: their home begins with it."""
    reader = request.user
    if not may_survey(reader) or not reader.has_role(Role.DISPATCHER):
        return None
    form = DutyForm(initial={"on": timezone.localdate().isoformat(), "task": Task.REPAIR})
    context = {"form": form, "models": EquipmentModel.objects.order_by("code")[:OFFERED]}
    return Tile("certification/duty/tiles/question.html", context)


def own_posts_tile(request: HttpRequest) -> Tile | None:
    """Return the gated posts the reader holds and the gate does not allow today, with what is missing.

    What to do about each reason stands below, with the qualifications.
    """
    reader = request.user
    if not reader.is_authenticated:
        return None
    held = [assignment for assignment in reader.posts if assignment.position.is_duty_gated]
    if not held:
        return None
    day, now = timezone.localdate(), timezone.now()
    answers = duty.ask_many([duty.DutyQuestion(reader, day, now, position=each.position) for each in held])
    refused = [answer for answer in answers if not answer.allowed]
    return Tile("certification/duty/tiles/own_posts.html", {"answers": refused}) if refused else None


def unit_tile(request: HttpRequest, unit: EquipmentUnit) -> Tile | None:
    """Return :func:`model_tile` of the machine's model."""
    return model_tile(request, unit.model)


def model_tile(request: HttpRequest, model: EquipmentModel) -> Tile | None:
    """Return whether the reader may do a task on the model today and, for who may survey, who in the branch may.

    The task is that of the tab opened (``?task=``); repair at first, for people of a customer operating.
    """
    reader = request.user
    if not reader.is_authenticated:
        return None
    task = _task(request, Task.REPAIR if is_staff_member(reader) else Task.OPERATE)
    answer = duty.ask(reader, model, task)
    surveys = may_survey(reader)
    allowed = allowed_on(reader, model, task, answer.on) if surveys else ()
    # Dispatchers see the qualified people, not their own refusal.
    shows_own = answer.allowed or not surveys
    if shows_own:
        keep_inquiries(reader, AskedFrom.LABEL, [answer])
        (answer,) = with_ways(reader, [answer])
    context = {
        "tabs": [TaskTab(str(item.label), f"?task={item.value}#who", item == task) for item in Task],
        "task": task,
        "answer": answer,
        "shows_own": shows_own,
        "reasons": shown_reasons(reader, answer) if shows_own else (),
        "allowed": allowed[:UNIT_PEOPLE],
        "more": max(len(allowed) - UNIT_PEOPLE, 0),
        "surveys": surveys,
    }
    return Tile("certification/duty/tiles/unit.html", context)


def _task(request: HttpRequest, first: Task) -> Task:
    try:
        return find_task(request.GET.get("task") or first)
    except UnknownTask:
        return first
