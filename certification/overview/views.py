"""Pages: skills matrix, cover, posts with headcount, qualified people on a past day."""

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.duty.queries import allowed_on
from certification.duty.work import machines_once
from certification.enums import PostState
from certification.overview.cover import Wanted, coverage
from certification.overview.exporter import matrix_table, posts_table
from certification.overview.forms import AsOfForm, PostFilterForm
from certification.overview.matrix import in_use, keys_in_use, matrix_rows
from certification.overview.posts import posts_on, staffed_places, totals
from certification.permissions import files_in_sight, may_audit, may_survey
from certification.schemes.queries import schemes_in_force
from portal.access.dates import parse_day
from portal.access.lookup import find_equipment, find_task, people_matching
from portal.access.once import reading_once
from portal.access.readers import know
from portal.access.sight import organisations_in_sight
from portal.access.together import together
from portal.enums import Task, Tier
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.models import EquipmentModel, Organisation
from portal.typed import LONGEST_TYPED
from portal.ui.typed import offer_choices

PAGE = 20
# Machines offered while typing; more than these are found by typing them out.
OFFERED = 200


@login_required
@require_safe
@reading_once()
def matrix(request: HttpRequest) -> HttpResponse:
    """People × schemes, filtered by organisation and by name or staff number; as a page, .xlsx or CSV."""
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    people = files_in_sight(request.user)
    found = together(places=_places(request), used=keys_in_use(people))
    places, schemes = found["places"], in_use(found["used"])
    chosen = next((place for place in places if place.code == request.GET.get("organisation")), None)
    if chosen:
        people = people.belonging_to(Organisation.objects.filter(path__startswith=chosen.path), timezone.localdate())
    query = request.GET.get("q", "").strip()[:LONGEST_TYPED]
    people = people_matching(people, query).with_posts(timezone.localdate()).order_by("staff_number")
    if spreadsheet := export_asked(request.GET):
        return export_response(matrix_table(list(people), schemes), spreadsheet)
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
@reading_once()
def coverage_page(request: HttpRequest) -> HttpResponse:
    """People per outlet the gate allows against how many it needs: for one scheme, a task, a machine, or anything.

    A condition alone certifies nobody: it is counted only where it is asked for.
    """
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    found = together(places=_places(request).filter(tier=Tier.OUTLET), used=keys_in_use(files_in_sight(request.user)))
    page = Paginator(found["places"], PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "schemes": in_use(found["used"]), "tasks": Task.choices, "q": request.GET}
    status = 200
    try:
        wanted, day = _wanted(request), parse_day(request.GET.get("on"))
    except DomainError as error:
        context["problem"], status = error, error.status
    else:
        people = files_in_sight(request.user, day)
        context |= {"wanted": wanted, "on": day, "covers": coverage(list(page), people, wanted, day)}
    # Read for the cover already, unless it was of one machine.
    context["models"] = machines_once()[:OFFERED]
    return render(request, "certification/overview/coverage.html", context, status=status)


def _wanted(request: HttpRequest) -> Wanted:
    """Return what cover is asked for; a scheme goes before task and machine.

    Raises:
        DomainError: no machine answers to the name.
    """
    code = request.GET.get("scheme", "")
    scheme = next((each for each in schemes_in_force().schemes if each.code == code), None) if code else None
    if scheme is not None:
        return Wanted(scheme)
    task, name = request.GET.get("task", ""), request.GET.get("equipment", "").strip()
    return Wanted(
        task=Task(task) if task in Task.values else None, equipment=find_equipment(name, request.user) if name else None
    )


@login_required
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Posts in sight on a day: planned, assigned, allowed by the gate, open; as a page or an .xlsx.

    The sums are of every post listed, so all of them are judged, in a fixed number of queries.
    """
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    form = PostFilterForm(request.GET or None, places=list(_places(request)))
    is_valid = form.is_valid()
    chosen = form.cleaned_data if form.is_bound else {}
    day = chosen.get("on") or timezone.localdate()
    listed = posts_on(staffed_places(request.user, chosen.get("organisation")), day)
    match chosen.get("state"):
        case PostState.UNQUALIFIED:
            listed = [post for post in listed if post.unqualified]
        case PostState.OPEN:
            listed = [post for post in listed if post.open_seats]
    if (spreadsheet := export_asked(request.GET)) and is_valid:
        name = f"{_('Posts and headcount')}-{day.isoformat()}"
        return export_response(posts_table(listed, day), spreadsheet, name)
    context = {
        "form": form,
        "on": day,
        "page_obj": Paginator(listed, PAGE).get_page(request.GET.get("page")),
        "totals": totals(listed),
        "is_filtered": any(chosen.values()),
    }
    status = 422 if form.is_bound and not is_valid else 200
    return render(request, "certification/overview/posts.html", context, status=status)


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
            equipment = find_equipment(form.cleaned_data["equipment"], request.user)
            task = find_task(form.cleaned_data["task"])
        except DomainError as error:
            context["problem"], status = error, error.status
            offer_choices(form, error)
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
