"""Calendar page by month or week, Monday first."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.calendars.grid import Grid, month_grid, week_grid
from courses.days.queries import MissingDays, missing_days, special_days
from courses.sessions.permissions import can_schedule, visible_sessions
from courses.sessions.queries import between, for_lists, held_by, with_own_state
from portal.access.dates import parse_day
from portal.errors import ImpossibleDate
from portal.ui.filters import Chip, address_with, chips


@login_required
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the sessions of the month or week around ``date``; a phone shows the days that have some as a list.

    Raises:
        ImpossibleDate: ``date`` is none, or lies outside this century.
    """
    day = parse_day(request.GET.get("date"))
    if not 2000 <= day.year <= 2100:
        raise ImpossibleDate(date=day.isoformat())
    is_week = request.GET.get("view") == "week"
    shown, may_schedule = [("mine", _("Mine only"))], can_schedule(request.user)
    if may_schedule:
        shown.append(("teaching", _("I teach")))
    empty = week_grid(day) if is_week else month_grid(day)
    empty = empty.with_special(special_days(empty.days[0].date, empty.last))
    grid = _filled(request, empty)
    context = {
        "grid": grid,
        "is_week": is_week,
        "tabs": [
            Chip(_("Month"), address_with(request, view=""), not is_week),
            Chip(_("Week"), address_with(request, view="week"), is_week),
        ],
        "shown": chips(request, "show", shown),
        "previous": address_with(request, date=grid.previous.isoformat()),
        "next": address_with(request, date=grid.next.isoformat()),
        "today": address_with(request, date=""),
        "can_schedule": may_schedule,
        # The month in view, not the days of the next one in its last row.
        "days_missing": missing_days(grid.first, grid.first if not is_week else grid.last, request.user)
        if may_schedule
        else MissingDays(),
    }
    return render(request, "courses/calendars/calendar.html", context)


def _filled(request: HttpRequest, grid: Grid) -> Grid:
    sessions = visible_sessions(request.user)
    if request.GET.get("show") == "mine":
        sessions = held_by(request.user)
    elif request.GET.get("show") == "teaching":
        sessions = request.user.sessions_taught.all()
    found = between(sessions, grid.starts_at, grid.ends_at)
    shown = with_own_state(for_lists(found), request.user)
    return grid.with_meetings(meeting for session in shown for meeting in session.meetings.all())
