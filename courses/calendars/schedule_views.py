"""The schedule page of organisers: week, month, lanes of trainers and of places, filters in the address."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.calendars.board import WEEKS, Board, Card, days_from, fill, first_of_month_view, weeks
from courses.calendars.grid import days_of
from courses.days.queries import days_of_years, missing_days
from courses.models import Meeting, Place, Session, SessionModule
from courses.places.permissions import managed_organisations
from courses.sessions.clashes.domain import LONGEST
from courses.sessions.permissions import can_schedule, organisations_to_schedule_for, visible_sessions
from courses.sessions.queries import between, with_seats
from courses.sessions.scheduling.moving import is_movable
from portal.access.dates import parse_day, start_of_day
from portal.enums import Role
from portal.errors import ImpossibleDate
from portal.models import EquipmentCategory, Organisation, Person
from portal.ui.filters import Chip, address_with

# Meetings read for one page, lanes on one page, choices of a filter: whatever the network's size.
MOST, LANES, CHOICES = 400, 15, 200
VIEWS = ("week", "month", "trainers", "rooms")


@login_required
@require_safe
def schedule(request: HttpRequest) -> HttpResponse:
    """Show the sessions from ``date`` on, today unless told otherwise; a telephone shows the day as a list.

    Raises:
        ImpossibleDate: ``date`` is none, or lies outside this century.
    """
    if not can_schedule(request.user):
        raise PermissionDenied
    day = parse_day(request.GET.get("date"))
    if not 2000 <= day.year <= 2100:
        raise ImpossibleDate(date=day.isoformat())
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "week"
    first, count = (first_of_month_view(day), 7 * WEEKS) if view == "month" else (day, 7)
    last = first + dt.timedelta(days=count - 1)
    special = days_of_years(first, last)
    days = days_from(first, count, {each.day: each for each in special})
    choices = _choices(request)
    meetings = list(_meetings(request, first, first + dt.timedelta(days=count))[: MOST + 1])
    cards = _cards(meetings[:MOST])
    lanes = _lanes(request, view, cards, choices)
    board = Board(
        days,
        weeks(days, cards) if lanes is None else fill(days, lanes, cards, KEYS[view]),
        [card for card in cards if card.day == day],
    )
    return render(
        request,
        "courses/schedule/schedule.html",
        _context(request, view, day, count, board)
        | {
            "choices": choices,
            "page_obj": lanes,
            "is_cut": len(meetings) > MOST,
            "most": MOST,
            "days_missing": missing_days(day, last, request.user, special),
            "is_filtered": any(request.GET.get(name) for name in ("unit", "trainer", "room", "equipment")),
        },
    )


KEYS: dict[str, Callable[[Card], Any]] = {
    "trainers": lambda card: card.session.trainer_id,
    "rooms": lambda card: card.meeting.place_record_id,
}


def _context(request: HttpRequest, view: str, day: dt.date, count: int, board: Board) -> dict[str, Any]:
    labels = {"week": _("Week"), "month": _("Month"), "trainers": _("By trainer"), "rooms": _("By place")}

    def to(days: int) -> str:
        return address_with(request, date=(day + dt.timedelta(days=days)).isoformat())

    return {
        "board": board,
        "view": view,
        "day": day,
        "tabs": [Chip(labels[name], address_with(request, view=name), name == view) for name in VIEWS],
        "previous": to(-count),
        "next": to(count),
        "day_before": to(-1),
        "day_after": to(1),
        "today": address_with(request, date=""),
        "here": request.get_full_path(),
    }


def _number(request: HttpRequest, name: str) -> int | None:
    """Return the key in the address; None for what is none. No key of a record has more digits."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def _meetings(request: HttpRequest, first: dt.date, end: dt.date) -> QuerySet[Meeting]:
    """Return the meetings of the sessions chosen, earliest first, with ``seats_taken`` and ``is_run``."""
    starts, ends = start_of_day(first), start_of_day(end)
    # What began longer ago is over: the index by time then suffices, however long the history.
    meetings = Meeting.objects.filter(starts_at__lt=ends, ends_at__gt=starts, starts_at__gt=starts - LONGEST)
    sessions = between(visible_sessions(request.user), starts, ends)
    if unit := _number(request, "unit"):
        sessions = sessions.filter(organisation__in=_branch(unit))
    if trainer := _number(request, "trainer"):
        sessions = sessions.filter(trainer=trainer)
    if room := _number(request, "room"):
        meetings = meetings.filter(place_record=room)
    if equipment := _number(request, "equipment"):
        above = EquipmentCategory.objects.filter(pk=equipment).values("path")[:1]
        about = SessionModule.objects.filter(module__category__path__startswith=Subquery(above))
        sessions = sessions.filter(pk__in=about.values("session"))
    managed = managed_organisations(request.user).order_by().values("pk")
    runs = Q(session__trainer=request.user) | Q(session__organisation__in=managed)
    seats = with_seats(Session.objects.filter(pk=OuterRef("session"))).order_by().values("seats_taken")
    meetings = meetings.filter(session__in=sessions.order_by().values("pk")).annotate(
        seats_taken=Subquery(seats), is_run=Case(When(runs, then=Value(True)), default=Value(False))
    )
    return meetings.select_related("session__trainer", "place_record").order_by("starts_at", "session", "pk")


def _branch(unit: int) -> QuerySet[Organisation]:
    above = Organisation.objects.filter(pk=unit).values("path")[:1]
    return Organisation.objects.filter(path__startswith=Subquery(above)).order_by().values("pk")


def _cards(meetings: Iterable[Any]) -> list[Card]:
    """Return a card for each day of each meeting; the reader may move those of their sessions."""
    cards = []
    for meeting in meetings:
        session = meeting.session
        session.seats_taken = meeting.seats_taken
        session.free_seats = max(session.capacity - meeting.seats_taken, 0)
        may_move = meeting.is_run and is_movable(meeting)
        cards += [Card(meeting, day, may_move) for day in days_of(meeting)]
    return cards


def _choices(request: HttpRequest) -> list[tuple[str, str, int | None, list[tuple[int, str]]]]:
    """Return the filters: name, label, what is chosen, choices."""
    units = organisations_to_schedule_for(request.user).order_by("path").values_list("pk", "name")
    trainers = Person.objects.filter(is_active=True, groups__name=Role.TRAINER).order_by("name", "pk")
    rooms = Place.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
    kinds = EquipmentCategory.objects.filter(modules__live=True).distinct().order_by("path").values_list("pk", "name")
    all_of = {
        "unit": (_("Held for"), units),
        "trainer": (_("Taught by"), trainers.values_list("pk", "name")),
        "room": (_("Training place"), rooms),
        "equipment": (_("Equipment"), kinds),
    }
    return [(name, label, _number(request, name), list(rows[:CHOICES])) for name, (label, rows) in all_of.items()]


def _lanes(request: HttpRequest, view: str, cards: list[Card], choices: list[Any]) -> Any:
    """Return a page of lanes, those with meetings first; None where days alone are shown."""
    if view not in KEYS:
        return None
    of_trainers = view == "trainers"
    held = {
        (card.session.trainer_id, card.session.trainer.name)
        if of_trainers
        else (place.pk, place.name)
        if (place := card.meeting.place_record)
        else (None, _("Other places"))
        for card in cards
    }
    name = "trainer" if of_trainers else "room"
    chosen, offered = next((entry[2], entry[3]) for entry in choices if entry[0] == name)
    rest = [row for row in offered if row not in held and (chosen is None or row[0] == chosen)]
    rows = [*sorted(held, key=lambda row: (row[0] is None, row[1])), *rest]
    lanes = [
        {
            "key": key,
            "name": label,
            "trainer": key if of_trainers else "",
            "place": label if not of_trainers and key is not None else "",
        }
        for key, label in rows
    ]
    return Paginator(lanes, LANES).get_page(request.GET.get("page"))
