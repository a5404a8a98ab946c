"""Pages: skills by equipment and task, what runs out, the coverage forecast, what a move would leave open."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.overview.expiring import SPANS, by_place, ending_within
from certification.overview.exporter import endings_table, forecast_table, works_table
from certification.overview.forecast import Forecast, forecast
from certification.overview.forms import ExpiringForm, ForecastForm, WorksForm
from certification.overview.matrix import schemes_in_use
from certification.overview.moves import left_behind, moves_to
from certification.overview.works import who_should, work_rows, works_shown
from certification.permissions import files_in_sight, may_survey
from portal.access.lookup import find_equipment, people_matching, positions_in_network
from portal.access.once import reading_once
from portal.access.readers import know
from portal.access.sight import organisations_in_sight
from portal.enums import Task, Tier
from portal.errors import DomainError
from portal.exchange.exports import export_asked, export_response
from portal.models import EquipmentModel, Organisation, Person
from portal.ui.charts import Bar, bar_chart
from portal.ui.typed import refuse_typed

PAGE = 20
# Columns of the matrix; more are narrowed by machine or task first, so that a page stays readable.
WIDEST = 40
# Sites of one forecast.
SITES = 20


def _places(request: HttpRequest) -> Any:
    return organisations_in_sight(request.user).exclude(tier=Tier.CUSTOMER).order_by("path")


def _below(branch: Organisation) -> Any:
    return Organisation.objects.filter(path__startswith=branch.path)


def _machine(request: HttpRequest, form: Any) -> EquipmentModel | None:
    """Return the machine the form names, none where it names none or what it names is refused at its field."""
    typed = form.cleaned_data.get("equipment", "").strip()
    if not typed:
        return None
    try:
        return find_equipment(typed, request.user)
    except DomainError as error:
        refuse_typed(form, "equipment", error)
        return None


@login_required
@require_safe
@reading_once()
def works(request: HttpRequest) -> HttpResponse:
    """People × equipment × task as the gate answers today; filtered, as a page, .xlsx or CSV."""
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    places = list(_places(request))
    form = WorksForm(request.GET, places=places)
    form.is_valid()
    chosen, today = form.cleaned_data, timezone.localdate()
    task = Task(chosen["task"]) if chosen.get("task") else None
    shown = works_shown(_machine(request, form), task)
    people = files_in_sight(request.user)
    if chosen.get("organisation"):
        people = people.belonging_to(_below(chosen["organisation"]), today)
    people = people_matching(people, chosen.get("q", ""))
    if chosen.get("should"):
        people = who_should(people, shown, today)
    people = people.with_posts(today).order_by("staff_number")
    if (spreadsheet := export_asked(request.GET)) and not form.errors:
        return export_response(works_table(list(people), shown), spreadsheet)
    page = Paginator(people, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "works": shown[:WIDEST],
        "more": max(len(shown) - WIDEST, 0),
        "rows": work_rows(list(page), shown[:WIDEST]),
    }
    return render(request, "certification/overview/works.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def expiring(request: HttpRequest) -> HttpResponse:
    """What runs out within 30, 60 or 90 days, by person and by outlet; as a page, .xlsx or CSV."""
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    people, today = files_in_sight(request.user), timezone.localdate()
    given, places = {"days": SPANS[0]} | request.GET.dict(), list(_places(request))
    form = ExpiringForm(given, places=places, schemes=schemes_in_use(people).prefetch_related(None))
    form.is_valid()
    chosen = form.cleaned_data
    if chosen.get("organisation"):
        people = people.belonging_to(_below(chosen["organisation"]), today)
    # Counted for the longest span, so that the outlets show all three.
    every = [] if form.errors else ending_within(people, SPANS[-1], chosen.get("scheme"))
    found = [each for each in every if each.is_within(chosen.get("days", SPANS[0]))]
    if (spreadsheet := export_asked(request.GET)) and not form.errors:
        return export_response(endings_table(found), spreadsheet)
    context = {
        "form": form,
        "page_obj": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "places": Paginator(by_place(every), PAGE).get_page(request.GET.get("places")),
        "spans": SPANS,
        "counts": [sum(each.is_within(span) for each in every) for span in SPANS],
    }
    return render(request, "certification/overview/expiring.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
@reading_once()
def coverage_forecast(request: HttpRequest) -> HttpResponse:
    """Heads of the coming months at each outlet against seats booked and what is needed; and sessions to plan."""
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    places = list(_places(request))
    form = ForecastForm({"task": Task.REPAIR} | request.GET.dict(), places=places)
    form.is_valid()
    chosen = form.cleaned_data
    machine, seen_on = _machine(request, form), partial(files_in_sight, request.user)
    branch = chosen["organisation"].path if chosen.get("organisation") else ""
    sites = [place for place in places if place.tier == Tier.OUTLET and place.path.startswith(branch)]
    page = Paginator(sites, SITES).get_page(request.GET.get("page"))
    shown = [] if form.errors else works_shown(machine, Task(chosen["task"]) if chosen.get("task") else None)
    if (spreadsheet := export_asked(request.GET)) and not form.errors:
        return export_response(forecast_table(forecast(sites, seen_on, shown)), spreadsheet)
    found = forecast(list(page), seen_on, shown)
    context = {"form": form, "page_obj": page, "forecast": found, "chart": _chart(found), "machine": machine}
    return render(request, "certification/overview/forecast.html", context, status=422 if form.errors else 200)


def _chart(found: Forecast) -> str:
    """Draw the heads of the sites of the page by month, and how many are missing."""
    bars = []
    for day, month in zip(found.months, found.totals, strict=False):
        facts = {"heads": month.heads, "gap": month.gap}
        text = _("%(heads)s, %(gap)s short") % facts if month.gap else str(month.heads)
        bars.append(Bar(formats.date_format(day, "YEAR_MONTH_FORMAT"), month.heads, text))
    return bar_chart(_("People who may do the work, by month"), bars, highest=max(found.needed, 1) if bars else None)


@login_required
@require_safe
def moves(request: HttpRequest, staff_number: str) -> HttpResponse:
    """What somebody in sight lacks for each post of the network, and what their present posts would lose.

    Raises:
        Http404: nobody in sight has the number.
    """
    know(request)
    if not may_survey(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    person: Person = get_object_or_404(files_in_sight(request.user).with_posts(today), staff_number=staff_number)
    typed = request.GET.get("q", "").strip().casefold()[:60]
    held = {post.position_id for post in person.posts}
    posts = [
        post
        for post in positions_in_network(request.user)
        if post.pk not in held and typed in f"{post.organisation.name} {post.title}".casefold()
    ]
    page = Paginator(posts, PAGE).get_page(request.GET.get("page"))
    context = {
        "subject": person,
        "left": left_behind(person, today),
        "page_obj": page,
        "moves": moves_to(request.user, person, list(page)),
        "q": request.GET.get("q", ""),
    }
    return render(request, "certification/overview/moves.html", context)
