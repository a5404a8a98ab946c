"""Catalogue and module page."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

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
from courses.modules.permissions import can_see_module, may_see_coverage, visible_modules
from courses.modules.queries import module_demands, modules_for_reading, topics_with_reading
from courses.sessions.hours import minutes_credited
from courses.sessions.permissions import can_schedule
from courses.sessions.queries import SESSIONS_SHOWN, upcoming_of_module, with_next_session
from portal.audiences import hide
from portal.exchange.exports import FORMATS, export_response
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
    }
    return render(request, "courses/modules/catalogue.html", context)


@require_safe
def module(request: HttpRequest, code: str) -> HttpResponse:
    """Show a module: what is covered and where to read it, who teaches it, when one can attend."""
    found = get_object_or_404(modules_for_reading(), code=code)
    if not can_see_module(request.user, found):
        hide()
    context = module_facts(found, request.user) | {"can_schedule": can_schedule(request.user)}
    return render(request, "courses/modules/module.html", context)


def module_facts(module: TrainingModule, reader: Any) -> dict[str, Any]:
    """Return what the page of ``module`` shows to ``reader``; chapters only where the reader may open the manual."""
    is_known = reader.is_authenticated
    return {
        "module": module,
        "topics": topics_with_reading(module, reader),
        "trainers": module.trainers.all(),
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
    if request.GET.get("export") in FORMATS:
        return export_response(table(found), request.GET["export"])
    context = {
        "view": chosen,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "tabs": [Chip(label, address_with(request, view=name), name == chosen) for name, label in labels.items()],
        "export_url": address_with(request, export="xlsx"),
        "may_edit": request.user.has_perm("courses.change_trainingmodule"),
    }
    return render(request, "courses/modules/coverage.html", context)
