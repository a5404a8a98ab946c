"""The schedule of organisers: days across, and weeks, trainers or rooms down; built without a query."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from courses.calendars.grid import Day
from courses.enums import SessionState
from courses.models import Meeting, Session, SpecialDay
from courses.sessions.scheduling.moving import version_in_schedule

# Cards named in one field; how many more there are is told, and the list of the day has all.
SHOWN = 6
WEEKS = 5


@dataclass(frozen=True)
class Card:
    """A meeting of a session on one day of the schedule."""

    meeting: Meeting
    day: dt.date
    is_movable: bool

    @property
    def session(self) -> Session:
        """The session it is a meeting of."""
        return self.meeting.session

    @property
    def version(self) -> str:
        """What somebody who moves the card has seen."""
        return version_in_schedule(self.meeting)

    @property
    def starts_on(self) -> dt.date:
        """The first day of the meeting."""
        return timezone.localdate(self.meeting.starts_at)

    @property
    def look(self) -> str:
        """The name of its colour: its state, and whether a scheduled one is full."""
        is_full = self.session.state == SessionState.SCHEDULED and not self.session.free_seats
        return "full" if is_full else self.session.state


@dataclass
class Cell:
    """A field: one day of one lane."""

    day: Day
    cards: list[Card] = field(default_factory=list)

    @property
    def shown(self) -> Sequence[Card]:
        """The cards there is room for."""
        return self.cards[:SHOWN]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(len(self.cards) - SHOWN, 0)


@dataclass
class Lane:
    """A row: a week, a trainer or a place.

    Args:
        trainer, place: what a meeting dropped here gets; empty where it keeps its own.
    """

    name: str
    cells: list[Cell]
    trainer: int | str = ""
    place: str = ""


@dataclass
class Board:
    """What the schedule shows.

    Args:
        today: the sessions of the day looked at, for telephones.
    """

    days: list[Day]
    lanes: list[Lane]
    today: list[Card]


def days_from(first: dt.date, count: int, special: Mapping[dt.date, SpecialDay]) -> list[Day]:
    """Return ``count`` days, marked as holidays, weekends and today."""
    now = timezone.localdate()
    dates = [first + dt.timedelta(days=each) for each in range(count)]
    return [Day(date, is_within=True, is_today=date == now, special=special.get(date)) for date in dates]


def first_of_month_view(day: dt.date) -> dt.date:
    """Return the Monday from which the month view shows its weeks: this week stands first."""
    return day - dt.timedelta(days=day.weekday())


def fill(
    days: list[Day], lanes: Sequence[Mapping[str, Any]], cards: Iterable[Card], key: Callable[[Card], Any]
) -> list[Lane]:
    """Return a lane for each of ``lanes`` with the cards whose ``key`` it has.

    Args:
        lanes: facts of :class:`Lane`, and ``key``: what cards of it have in common.
        key: returns what is compared with it.
    """
    made = {
        facts["key"]: Lane(facts["name"], [Cell(day) for day in days], facts["trainer"], facts["place"])
        for facts in lanes
    }
    place_of = {day.date: number for number, day in enumerate(days)}
    for card in cards:
        lane = made.get(key(card))
        if lane is not None and card.day in place_of:
            lane.cells[place_of[card.day]].cards.append(card)
    return list(made.values())


def weeks(days: list[Day], cards: Iterable[Card]) -> list[Lane]:
    """Return the days as rows of seven with their cards."""
    cells = {day.date: Cell(day) for day in days}
    for card in cards:
        if card.day in cells:
            cells[card.day].cards.append(card)
    rows = list(cells.values())
    return [Lane("", rows[start : start + 7]) for start in range(0, len(rows), 7)]
