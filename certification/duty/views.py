"""Page of the duty question: dispatchers ask about their branch, everybody about themselves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certification.duty.errors import NotOneSubject
from certification.duty.forms import DutyForm
from certification.duty.queries import allowed_in_post, allowed_on
from certification.permissions import may_survey
from certification.requirements.hints import with_hints
from certification.requirements.seats import SeatFinder
from portal.access.dates import parse_day
from portal.access.lookup import (
    find_equipment,
    find_person_for_duty,
    find_position,
    find_task,
    position_label,
    positions_in_network,
)
from portal.enums import Task
from portal.errors import DomainError
from portal.models import EquipmentModel
from portal.registry import duty

PAGE = 20
# Names offered while typing; more than these are found by typing them out.
OFFERED = 200


@login_required
@require_safe
def duty_page(request: HttpRequest) -> HttpResponse:
    """Ask "may this person do this on this machine, or hold this post, that day?", or who may."""
    surveys = may_survey(request.user)
    initial: dict[str, Any] = {
        "on": timezone.localdate().isoformat(),
        "task": Task.REPAIR,
        "person": "" if surveys else request.user.staff_number,
    }
    context: dict[str, Any] = {
        "form": DutyForm(initial=initial | {key: value for key, value in request.GET.items() if value}),
        "surveys": surveys,
        "models": EquipmentModel.objects.order_by("code")[:OFFERED],
        "positions": [position_label(position) for position in positions_in_network(request.user)[:OFFERED]],
    }
    status = 200
    if request.GET.get("equipment") or request.GET.get("position"):
        try:
            context |= _answer(request, surveys)
        except DomainError as error:
            context["problem"], status = error, error.status
    return render(request, "certification/duty/duty.html", context, status=status)


def _answer(request: HttpRequest, surveys: bool) -> dict[str, Any]:
    facts = _subject(request) | {"on": parse_day(request.GET.get("on"))}
    number = request.GET.get("person", "").strip()
    if number or not surveys:
        person = find_person_for_duty(request.user, number or request.user.staff_number)
        answer = (
            duty.ask_post(person, facts["position"], facts["on"])
            if "position" in facts
            else duty.ask(person, facts["equipment"], facts["task"], facts["on"])
        )
        own = person.pk == request.user.pk
        facts["answer"] = answer
        facts["reasons"] = with_hints(answer.reasons, SeatFinder(person), own=own)
    if surveys:
        allowed = (
            allowed_in_post(request.user, facts["position"], facts["on"])
            if "position" in facts
            else allowed_on(request.user, facts["equipment"], facts["task"], facts["on"])
        )
        facts["page_obj"] = Paginator(allowed, PAGE).get_page(request.GET.get("page"))
    return facts


def _subject(request: HttpRequest) -> dict[str, Any]:
    """Return the machine and the task, or the post.

    Raises:
        NotOneSubject: both are named.
    """
    equipment, position = (request.GET.get(name, "").strip() for name in ("equipment", "position"))
    if equipment and position:
        raise NotOneSubject
    if position:
        return {"position": find_position(request.user, position)}
    return {"equipment": find_equipment(equipment), "task": find_task(request.GET.get("task", ""))}
