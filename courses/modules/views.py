"""Catalogue and module page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.enums import Level
from courses.models import TrainingModule
from courses.modules.coverage import (
    machine_covers,
    machine_table,
    module_gaps,
    module_table,
    topic_table,
    topics_without_module,
)
from courses.modules.domain import copy_module
from courses.modules.forms import CopyForm
from courses.modules.permissions import can_see_module, may_see_coverage, visible_courses, visible_modules
from courses.modules.queries import (
    courses_for_reading,
    module_demands,
    modules_for_reading,
    open_materials,
    topics_with_reading,
)
from courses.modules.teaching import may_teach
from courses.sessions.attendance.hours import minutes_credited, minutes_credited_to
from courses.sessions.permissions import can_schedule
from courses.sessions.queries import SESSIONS_SHOWN, upcoming_of_module, with_next_session
from courses.sessions.seats.interests import interest_facts
from portal.access.dates import parse_day
from portal.audiences import hide
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.models import EquipmentCategory
from portal.ui.filters import Chip, address_with, chips

PAGE = 20


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the modules by category, with hours and next session; narrowed by category and level."""
    modules = visible_modules(request.user)
    in_use = EquipmentCategory.objects.filter(pk__in=modules.values("category")).order_by("path")
    categories = [(category.code, category.name) for category in in_use]
    chosen_category, chosen_level = request.GET.get("category", ""), request.GET.get("level", "")
    found = with_next_session(modules, request.user).select_related("category").order_by("category__path", "code")
    if chosen_category:
        found = found.filter(category__code=chosen_category)
    if chosen_level:
        found = found.filter(level=chosen_level)
    context = {
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "filters": [
            (_("Equipment category"), chips(request, "category", categories)),
            (_("Level"), chips(request, "level", Level.choices)),
        ],
        "is_filtered": bool(chosen_category or chosen_level),
        "can_schedule": can_schedule(request.user),
        "courses": visible_courses(request.user).order_by("code"),
    }
    return render(request, "courses/modules/catalogue.html", context)


@require_safe
def module(request: HttpRequest, code: str) -> HttpResponse:
    """Show a module: what is covered and where to read it, who teaches it, when one can attend."""
    found = get_object_or_404(modules_for_reading(), code=code)
    if not can_see_module(request.user, found):
        hide()
    context = module_facts(found, request.user) | {"can_schedule": can_schedule(request.user)}
    context |= interest_facts(found, request.user)
    return render(request, "courses/modules/module.html", context)


@require_safe
def course(request: HttpRequest, code: str) -> HttpResponse:
    """Show a course: its modules in order, what the reader has been credited of each, and when the next one is held."""
    found = get_object_or_404(courses_for_reading(), code=code)
    if not visible_courses(request.user).filter(pk=found.pk).exists():
        hide()
    parts = [part.module for part in found.parts.all()]
    modules = with_next_session(visible_modules(request.user).filter(pk__in=[one.pk for one in parts]), request.user)
    by_key = modules.select_related("category").in_bulk()
    shown = [by_key[one.pk] for one in parts if one.pk in by_key]
    is_known = request.user.is_authenticated
    credited = minutes_credited_to([request.user], shown) if is_known and shown else {}
    rows = [(one, min(credited.get((request.user.pk, one.pk), 0), one.minutes)) for one in shown]
    context = {
        "course": found,
        "rows": rows,
        "minutes": sum(one.minutes for one, _done in rows),
        "credited": sum(done for _one, done in rows),
        "can_schedule": can_schedule(request.user),
    }
    return render(request, "courses/modules/course.html", context)


@login_required
@require_safe
def trainers(request: HttpRequest, code: str) -> HttpResponse:
    """List who is named as a trainer of a module and may teach it on a day, or why not.

    Raises:
        PermissionDenied: the reader arranges no training.
    """
    found = get_object_or_404(modules_for_reading(), code=code)
    if not can_see_module(request.user, found):
        hide()
    if not can_schedule(request.user):
        raise PermissionDenied
    day = parse_day(request.GET.get("on"))
    context = {"module": found, "on": day, "answers": may_teach([found], list(found.trainers.all()), day)}
    return render(request, "courses/modules/trainers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """Copy a module, a draft or a template, and go on editing the copy.

    Raises:
        PermissionDenied: the reader writes no modules.
    """
    if not request.user.has_perm("courses.add_trainingmodule"):
        raise PermissionDenied
    source = get_object_or_404(TrainingModule, code=code)
    form = CopyForm(request.POST or None, initial={"title": source.title})
    if request.method == "POST" and form.is_valid():
        try:
            copied = copy_module(source, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error("code", str(refusal))
        else:
            return redirect("wagtailsnippets_courses_trainingmodule:edit", copied.pk)
    context = {"form": form, "module": source}
    return render(request, "courses/modules/copy.html", context, status=422 if form.errors else 200)


def module_facts(module: TrainingModule, reader: Any) -> dict[str, Any]:
    """Return what the page of ``module`` shows to ``reader``; chapters only where the reader may open the manual."""
    is_known = reader.is_authenticated
    return {
        "module": module,
        "topics": topics_with_reading(module, reader),
        "trainers": module.trainers.all(),
        "materials": open_materials(module, reader),
        "prerequisites": [one for one in module.prerequisites.all() if can_see_module(reader, one)],
        "courses": visible_courses(reader).filter(parts__module=module).order_by("code"),
        "sessions": upcoming_of_module(module, reader)[:SESSIONS_SHOWN] if is_known else [],
        "demands": module_demands(module),
        "credited": minutes_credited(reader, module) if is_known else 0,
    }


#: What the page of coverage lists: rows, and the table they are exported as.
COVERAGE = {
    "machines": (machine_covers, machine_table),
    "modules": (module_gaps, module_table),
    "topics": (topics_without_module, topic_table),
}


@login_required
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """List machines with the topics no module teaches, modules without faults or maintenance, topics nobody teaches.

    Raises:
        PermissionDenied: the reader neither writes nor arranges training.
    """
    if not may_see_coverage(request.user):
        raise PermissionDenied
    labels = {"machines": _("By machine"), "modules": _("By module"), "topics": _("By topic")}
    chosen = request.GET.get("view", "")
    chosen = chosen if chosen in COVERAGE else "machines"
    rows, table = COVERAGE[chosen]
    found = rows()
    if spreadsheet := export_asked(request.GET, "xlsx"):
        return export_response(table(found), spreadsheet)
    context = {
        "view": chosen,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "tabs": [Chip(label, address_with(request, view=name), name == chosen) for name, label in labels.items()],
        "export_url": address_with(request, export="xlsx"),
        "may_edit": request.user.has_perm("courses.change_trainingmodule"),
    }
    return render(request, "courses/modules/coverage.html", context)
