"""The schedule of organisers: views, lanes, filters, who may move what, and its price."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.calendars import schedule_views
from courses.calendars.board import SHOWN
from courses.models import SpecialDay
from tests.factories.courses import EnrolmentFactory, PlaceFactory, TrainerFactory, TrainingModuleFactory

ADDRESS = "courses:schedule"
VIEWS = ["week", "month", "trainers", "rooms"]


@pytest.fixture
def show(client_of, world):
    """Return a function opening the schedule as somebody."""

    def get(who=None, **query):
        return client_of(who or world.manager).get(reverse(ADDRESS), query)

    return get


@pytest.fixture
def today(time_machine):
    """A Wednesday at eight in the morning in Shanghai."""
    time_machine.move_to(dt.datetime(2026, 3, 18, 0, 0, tzinfo=dt.UTC), tick=False)
    return dt.date(2026, 3, 18)


@pytest.fixture
def at(make_session, today):
    """Return a function making a session some days from today, at nine."""

    def make(days=0, **facts):
        start = timezone.now() + dt.timedelta(days=days, hours=1)
        return make_session(**{"starts_at": start, "ends_at": start + dt.timedelta(hours=3)} | facts)

    return make


def shown(answer):
    """The sessions on the board, by lane."""
    board = answer.context["board"]
    found = {lane.name: [card.session.title for cell in lane.cells for card in cell.cards] for lane in board.lanes}
    return {name: titles for name, titles in found.items() if titles}


def test_week_starts_today(show, at, today):
    at(title="今天")
    at(6, title="第七天")
    at(7, title="第八天")
    at(-1, title="昨天")
    answer = show()
    assert shown(answer) == {"": ["今天", "第七天"]}
    assert answer.context["board"].days[0].date == today
    assert [card.session.title for card in answer.context["board"].today] == ["今天"]


def test_month_shows_five_weeks_from_this_one(show, at):
    at(title="今天")
    at(30, title="下月")
    board = show(view="month").context["board"]
    assert [len(lane.cells) for lane in board.lanes] == [7] * 5
    assert board.days[0].date == dt.date(2026, 3, 16)
    assert len(shown(show(view="month"))[""]) == 1  # lanes of weeks have no names; the last one holds the coming month


def test_lanes_are_trainers_and_places(show, at, world):
    room = PlaceFactory(name="一号教室")
    at(title="甲", place="一号教室", place_record=room)
    at(title="乙", trainer=TrainerFactory(name="李老师", organisation=world.outlet), place="走廊")
    assert shown(show(view="trainers")) == {"李老师": ["乙"], "陈老师": ["甲"]}
    assert shown(show(view="rooms")) == {"一号教室": ["甲"], "其他地点": ["乙"]}


def test_filters_narrow_by_branch_trainer_room_and_equipment(show, at, world):
    room, module = PlaceFactory(), TrainingModuleFactory()
    at(title="甲", place_record=room)
    at(1, title="乙", organisation=world.outlet)
    other = TrainerFactory(organisation=world.outlet)
    at(2, title="丙", trainer=other, modules=[module])
    for query, title in (
        ({"room": room.pk}, "甲"),
        ({"unit": world.outlet.pk}, "乙"),
        ({"trainer": other.pk}, "丙"),
        ({"equipment": module.category_id}, "丙"),
    ):
        assert shown(show(**query)) == {"": [title]}
    assert shown(show(room=10**9)) == {}
    assert show(room="9" * 40, trainer="x").status_code == 200


def test_holidays_are_marked(show, today):
    SpecialDay.objects.create(day=today, name="植树节")
    assert "植树节" in show().text


def test_only_who_runs_a_session_may_move_it(show, at, world):
    at(title="甲")
    at(title="东", organisation=world.east, trainer=TrainerFactory(organisation=world.east))

    def movable(who):
        return {card.session.title for card in show(who).context["board"].today if card.is_movable}

    assert movable(world.manager) == {"甲"}
    assert movable(world.administrator) == {"甲", "东"}
    assert "data-card" in show(world.trainer).text


def test_more_than_fits_a_field_is_counted_and_listed_for_the_day(show, at):
    for number in range(SHOWN + 2):
        at(title=f"场次 {number}", trainer=TrainerFactory())
    answer = show()
    (lane,) = answer.context["board"].lanes
    assert (len(lane.cells[0].shown), lane.cells[0].more) == (SHOWN, 2)
    assert len(answer.context["board"].today) == SHOWN + 2


def test_sessions_and_lanes_of_one_page_are_bounded(show, at, monkeypatch):
    monkeypatch.setattr(schedule_views, "MOST", 3)
    monkeypatch.setattr(schedule_views, "LANES", 2)
    for _ in range(5):
        at(trainer=TrainerFactory())
    answer = show(view="trainers")
    assert len(answer.context["board"].lanes) == 2
    assert answer.context["is_cut"]
    assert sum(len(titles) for titles in shown(show()).values()) == 3


@pytest.mark.parametrize("view", VIEWS)
def test_it_takes_twelve_queries_at_most_at_any_length(client_of, world, at, view):
    client, query = client_of(world.manager), {"view": view, "unit": world.west.pk}

    def price():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(ADDRESS), query).status_code == 200
        return len(captured)

    def add(count):
        for number in range(count):
            trainer = TrainerFactory(organisation=world.outlet)
            EnrolmentFactory(session=at(number, trainer=trainer, place_record=PlaceFactory()))

    client.get(reverse(ADDRESS), query)
    add(1)
    once = price()
    add(3)
    assert price() == once <= 12


def test_it_is_for_who_schedules(show, world):
    for person in (world.technician, world.auditor, world.contact):
        assert show(person).status_code == 403
    assert show(date="1999-01-01").status_code in (400, 422)
