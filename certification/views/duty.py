"""The duty question on a page: for dispatchers about their branch, for everybody about themselves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certification.forms import DutyForm
from certification.permissions import may_survey
from certification.surveys import allowed_on
from certification.wording import SeatFinder, with_hints
from portal import duty
from portal.access.dates import parse_day
from portal.errors import DomainError
from portal.models import EquipmentModel
from portal.queries import find_equipment, find_person_for_duty

PAGE = 20
# Names offered while typing; more than these are found by typing them out.
OFFERED = 200


@login_required
@require_safe
def duty_page(request: HttpRequest) -> HttpResponse:
    """Ask "may this person work on this machine that day?", or who may."""
    surveys = may_survey(request.user)
    initial: dict[str, Any] = {
        "on": timezone.localdate().isoformat(),
        "person": "" if surveys else request.user.staff_number,
    }
    asked = bool(request.GET.get("equipment"))
    context: dict[str, Any] = {
        "form": DutyForm(initial=initial | {key: value for key, value in request.GET.items() if value}),
        "surveys": surveys,
        "models": EquipmentModel.objects.order_by("code")[:OFFERED],
    }
    status = 200
    if asked:
        try:
            context |= _answer(request, surveys)
        except DomainError as error:
            context["problem"], status = error, error.status
    return render(request, "certification/duty.html", context, status=status)


def _answer(request: HttpRequest, surveys: bool) -> dict[str, Any]:
    equipment = find_equipment(request.GET["equipment"])
    on = parse_day(request.GET.get("on"))
    facts: dict[str, Any] = {"equipment": equipment, "on": on}
    number = request.GET.get("person", "").strip()
    if number or not surveys:
        person = find_person_for_duty(request.user, number or request.user.staff_number)
        answer = duty.ask(person, equipment, on)
        own = person.pk == request.user.pk
        facts["answer"] = answer
        facts["reasons"] = with_hints(answer.reasons, SeatFinder(person), own=own)
    if surveys:
        allowed = allowed_on(request.user, equipment, on)
        facts["page_obj"] = Paginator(allowed, PAGE).get_page(request.GET.get("page"))
    return facts
