"""Pages: skills matrix, cover, qualified people on a past day."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from certification.duty.queries import allowed_on
from certification.models import Scheme
from certification.overview.cover import coverage
from certification.overview.exporter import matrix_table
from certification.overview.forms import AsOfForm
from certification.overview.matrix import matrix_rows, schemes_in_use
from certification.permissions import files_in_sight, may_audit, may_survey
from portal.access.lookup import find_equipment, find_task
from portal.access.sight import organisations_in_sight
from portal.enums import Task, Tier
from portal.errors import DomainError
from portal.exchange.exports import FORMATS, export_response
from portal.models import EquipmentModel, Organisation
from portal.people.queries import search_people

PAGE = 20


@login_required
@require_safe
def matrix(request: HttpRequest) -> HttpResponse:
    """People × schemes, filtered by organisation and by name or staff number; as a page, .xlsx or CSV."""
    if not may_survey(request.user):
        raise PermissionDenied
    places = _places(request)
    chosen = places.filter(code=request.GET.get("organisation", "")).first()
    people = files_in_sight(request.user)
    schemes = list(schemes_in_use(people))
    if chosen:
        people = people.belonging_to(Organisation.objects.filter(path__startswith=chosen.path), timezone.localdate())
    query = request.GET.get("q", "").strip()[:60]
    people = search_people(people, query).with_posts(timezone.localdate()).order_by("staff_number")
    if request.GET.get("export") in FORMATS:
        return export_response(matrix_table(list(people), schemes), request.GET["export"])
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": matrix_rows(list(page), schemes),
        "schemes": schemes,
        "places": places,
        "chosen": chosen,
        "q": query,
    }
    return render(request, "certification/overview/matrix.html", context)


@login_required
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Certified people per outlet against how many it needs: of one scheme, for one task, or any that opens tasks.

    A condition alone certifies nobody: it is counted only where it is asked for.
    """
    if not may_survey(request.user):
        raise PermissionDenied
    people = files_in_sight(request.user)
    places = _places(request).filter(tier=Tier.OUTLET)
    page = Paginator(places, PAGE).get_page(request.GET.get("page"))
    schemes = Scheme.objects.in_force().order_by("code")
    scheme = schemes.filter(code=request.GET.get("scheme", "")).first()
    task = request.GET.get("task", "")
    counted = [scheme] if scheme else schemes.openers()
    if task in Task.values and not scheme:
        counted = schemes.openers().filter(tasks__task=task)
    context = {
        "page_obj": page,
        "covers": coverage(list(page), people, counted),
        "schemes": schemes_in_use(people),
        "chosen": scheme,
        "tasks": Task.choices,
        "task": task,
    }
    return render(request, "certification/overview/coverage.html", context)


@login_required
@require_safe
def as_of(request: HttpRequest) -> HttpResponse:
    """Who was qualified on a day, as known at a moment: what an auditor asks."""
    if not may_audit(request.user):
        raise PermissionDenied
    form = AsOfForm({"task": Task.REPAIR} | request.GET.dict() if request.GET else None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if form.is_valid():
        try:
            equipment = find_equipment(form.cleaned_data["equipment"])
            task = find_task(form.cleaned_data["task"])
        except DomainError as error:
            context["problem"], status = error, error.status
        else:
            days = form.cleaned_data["on"], form.cleaned_data["known_at"]
            context |= _qualified(request, equipment, task, *days)
    elif request.GET.get("equipment"):
        status = 422
    return render(request, "certification/overview/as_of.html", context, status=status)


def _qualified(
    request: HttpRequest, equipment: EquipmentModel, task: Task, on: dt.date | None, known_at: dt.datetime | None
) -> dict[str, Any]:
    day, now = on or timezone.localdate(), timezone.now()
    found = allowed_on(request.user, equipment, task, day, known_at or now, with_former=True)
    return {
        "equipment": equipment,
        "task": task,
        "on": day,
        "known_at": known_at or now,
        "is_past_knowledge": known_at is not None and known_at < now,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
    }


def _places(request: HttpRequest) -> Any:
    places: Any = organisations_in_sight(request.user).exclude(tier=Tier.CUSTOMER)
    return places.order_by(*Organisation._meta.ordering or ("path",))
