"""Places as records: names, sessions under them, merging, the resolver of forms and plans."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.enums import ClashKind, PlaceKind
from courses.models import Place
from courses.places.domain import merge_places, put_place
from courses.places.errors import NotYourPlace, PlaceNameTaken, SamePlace
from courses.places.queries import place_named
from courses.sessions.clashes.domain import clashes_of, clashes_of_session
from courses.sessions.meetings.domain import MeetingPlan
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import reschedule_session, schedule_session
from portal.models import AuditEvent
from tests.factories.courses import PlaceFactory, TrainerFactory

SOON = dt.timedelta(days=7)


@pytest.fixture
def plan(world):
    """Return a function making the plan of a morning in a week at a place."""
    start = timezone.now() + SOON

    def make(place, **facts):
        given = {"trainer": world.trainer, "organisation": world.west, "modules": {world.module: 60}, "place": place}
        return SessionPlan(**given | {"starts_at": start, "ends_at": start + dt.timedelta(hours=3)} | facts)

    return make


def test_a_place_is_found_by_any_name_in_any_spelling(world):
    place = put_place(by=world.manager, name="Ａ 号教室", other_names=["培训楼 101"], organisation=world.west)
    assert place.name == "A 号教室"
    assert [place_named(name) for name in ("a号教室", "培训楼１０１", "别处", "")] == [place, place, None, None]
    assert place.names.count() == 2


@pytest.mark.parametrize("name", ["一号教室", " 一号 教室", "101"])
def test_no_two_places_have_a_name_in_common(world, name):
    put_place(by=world.manager, name="一号教室", other_names=["101"], organisation=world.west)
    with pytest.raises(PlaceNameTaken, match="一号教室"):
        put_place(by=world.manager, name="二号教室", other_names=[name], organisation=world.west)
    assert Place.objects.count() == 1


def test_names_given_up_are_free_again_and_what_changed_is_on_record(world):
    place = put_place(by=world.manager, name="一号教室", other_names=["101"], organisation=world.west)
    put_place(by=world.manager, place=place, name="一号教室", other_names=["102"], organisation=world.west)
    assert place_named("101") is None
    assert put_place(by=world.manager, name="101", organisation=world.west) != place
    event = AuditEvent.objects.get(action="courses.place_changed")
    assert event.actor == world.manager
    assert "102" in str(event.detail)


def test_places_of_a_branch_are_kept_by_its_manager(world):
    place = put_place(by=world.manager, name="一号教室", organisation=world.west)
    for stranger in (world.trainer, world.other_manager, world.auditor, world.contact):
        with pytest.raises(NotYourPlace):
            put_place(by=stranger, name="二号教室", organisation=world.west)
        with pytest.raises(NotYourPlace):
            put_place(by=stranger, place=place, name="一号教室", organisation=world.east)
    with pytest.raises(NotYourPlace):
        put_place(by=world.manager, place=place, name="一号教室", organisation=None)


def test_a_session_is_held_at_the_record_its_text_names(world, plan):
    place = put_place(by=world.manager, name="一号教室", other_names=["培训楼 101"], organisation=world.west)
    session = schedule_session(plan("培训楼１０１"), by=world.trainer)
    assert (session.place_record, session.place) == (place, "一号教室")
    elsewhere = reschedule_session(session, by=world.trainer, place="走廊")
    assert (elsewhere.place_record, elsewhere.place) == (None, "走廊")


def test_who_keeps_the_list_adds_a_place_by_scheduling_there(world, plan):
    assert schedule_session(plan("一号教室"), by=world.manager).place_record.organisation == world.west
    later = {"starts_at": timezone.now() + 2 * SOON, "ends_at": timezone.now() + 2 * SOON + dt.timedelta(hours=3)}
    at_customer = plan("后厨", organisation=world.customer, **later)
    assert schedule_session(at_customer, by=world.administrator).place_record.kind == PlaceKind.SITE


def test_sessions_written_under_a_name_are_held_there_once_the_place_has_it(world, make_session):
    sessions = [make_session(place="一号教室"), make_session(place="１０１")]
    place = put_place(by=world.manager, name="一号教室", other_names=["101"], organisation=world.west)
    assert list(place.sessions.order_by("pk")) == sessions


def test_two_names_of_one_room_clash(world, make_session):
    place = put_place(by=world.manager, name="一号教室", other_names=["101"], organisation=world.west)
    held = make_session(place="一号教室", place_record=place)
    span = {"starts_at": held.starts_at, "ends_at": held.ends_at}
    found = clashes_of(trainer=TrainerFactory(), meetings=[MeetingPlan(place="101", **span)])
    assert [(clash.kind, clash.session) for clash in found] == [(ClashKind.PLACE, held)]


def test_more_seats_than_the_place_holds_are_warned_of(world, make_session):
    place = put_place(by=world.manager, name="小间", organisation=world.west, capacity=6)
    (clash,) = clashes_of_session(make_session(place="小间", place_record=place, capacity=7))
    assert clash.kind == ClashKind.SEATS
    assert "小间" in clash.message
    assert clashes_of_session(make_session(place_record=place, capacity=6, trainer=TrainerFactory())) != [clash]


def test_merging_takes_sessions_and_names_over(world, make_session):
    wrong = put_place(by=world.manager, name="1号室", other_names=["101"], organisation=world.west)
    right = put_place(by=world.manager, name="一号教室", organisation=world.west)
    session = make_session(place="1号室", place_record=wrong)
    assert merge_places(wrong, right, by=world.manager) == right
    session.refresh_from_db()
    assert (session.place_record, session.place) == (right, "1号室")
    assert [place_named(name) for name in ("1号室", "101", "一号教室")] == [right] * 3
    assert not Place.objects.filter(pk=wrong.pk).exists()
    event = AuditEvent.objects.get(action="courses.places_merged")
    assert (event.detail["merged"], event.detail["sessions"]) == ("1号室", 1)


def test_merging_is_for_who_keeps_both(world):
    ours, theirs = PlaceFactory(organisation=world.west), PlaceFactory(organisation=world.east)
    with pytest.raises(NotYourPlace):
        merge_places(ours, theirs, by=world.manager)
    with pytest.raises(SamePlace):
        merge_places(ours, ours, by=world.manager)
    assert Place.objects.count() == 2
