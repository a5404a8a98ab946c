"""Tiles of training on the home page and on one's own page."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.sessions.queries import next_session_of, next_wait_of
from courses.sessions.tiles import hours_tile, next_session_tile, unit_trainings_tile, without_trainer_tile
from tests.factories.courses import (
    AttendanceCorrectionFactory,
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    NomineeFactory,
    NomineeTimesFactory,
    TrainingRequestFactory,
)
from tests.factories.portal import AssignmentFactory, EquipmentUnitFactory, PersonFactory

DAY = dt.timedelta(days=1)


def asked_by(person):
    request = RequestFactory().get("/")
    request.user = person
    return request


@pytest.fixture
def place(world, make_session):
    """Return a function giving the technician a place some days from now."""

    def make(days, state=EnrolmentState.SEATED, **facts):
        session = make_session(starts_at=timezone.now() + days * DAY, **facts)
        return EnrolmentFactory(session=session, person=world.technician, state=state).session

    return make


def test_confirmed_session_goes_before_a_waitlisted_one(world, place):
    waiting, seated = place(1, EnrolmentState.WAITLISTED), place(5)
    context = next_session_tile(asked_by(world.technician)).context
    assert (context["session"], context["waiting"], context["teaching"]) == (seated, waiting, None)


def test_waitlisted_session_alone_is_shown_once(world, place):
    waiting = place(1, EnrolmentState.WAITLISTED)
    context = next_session_tile(asked_by(world.technician)).context
    assert (context["session"], context["waiting"]) == (waiting, None)


def test_home_shows_the_confirmed_one_first(client_of, world, place):
    place(1, EnrolmentState.WAITLISTED, title="在候补的班")
    place(5, title="有座位的班")
    page = client_of(world.technician).get("/").text
    assert 0 < page.index("有座位的班") < page.index("在候补的班")


@pytest.mark.parametrize(
    ("facts", "is_shown"),
    [
        ({"days": 2}, True),
        ({"days": 2, "state": EnrolmentState.CANCELLED}, False),
        ({"days": -2}, False),
    ],
)
def test_next_session_is_one_that_comes(world, place, facts, is_shown):
    session = place(**facts)
    assert next_session_of(world.technician) == (session if is_shown else None)


def test_session_called_off_is_not_the_next(world, place, make_session):
    session = place(2)
    type(session).objects.update(state="cancelled")
    assert next_session_of(world.technician) is None
    assert next_wait_of(world.technician) is None


def test_next_of_several_is_the_earliest(world, place):
    place(7)
    first = place(3)
    place(6, EnrolmentState.WAITLISTED)
    waiting = place(4, EnrolmentState.WAITLISTED)
    assert (next_session_of(world.technician), next_wait_of(world.technician)) == (first, waiting)


def test_trainer_sees_what_they_teach_next(world, make_session):
    session = make_session()
    context = next_session_tile(asked_by(world.trainer)).context
    assert (context["session"], context["teaching"]) == (None, session)


def test_a_running_course_comes_with_its_next_meeting(client_of, world, make_session):
    """A session next week goes before a course that began and goes on in a month, on the tile and in the lists."""
    now = timezone.now()
    spans = [(now + days * DAY, now + days * DAY + dt.timedelta(hours=3)) for days in (-1, 30)]
    course = make_session(meetings=spans, break_minutes=0)
    single = make_session(starts_at=now + 7 * DAY)
    assert next_session_tile(asked_by(world.trainer)).context["teaching"] == single
    listed = client_of(world.trainer).get(reverse("courses:sessions")).context["page_obj"]
    assert list(listed) == [single, course]


def test_nobody_has_no_tile(db):
    assert next_session_tile(asked_by(AnonymousUser())) is None


@pytest.mark.parametrize("count", [1, 3])
def test_tile_takes_the_same_queries_at_any_number(world, place, django_assert_num_queries, count):
    for number in range(count):
        place(number + 1)
        place(number + 10, EnrolmentState.WAITLISTED)
    request = asked_by(world.technician)
    assert world.technician.role_names
    with django_assert_num_queries(7):
        next_session_tile(request)


def test_hours_tile_only_for_those_who_were_trained(world):
    assert hours_tile(asked_by(world.technician)) is None
    HourCreditFactory(person=world.technician, module=world.module, minutes=60)
    (progress,) = hours_tile(asked_by(world.technician)).context["progress"]
    assert (progress.module, progress.credited, progress.is_complete) == (world.module, 60, False)


@pytest.fixture
def orphan(world, make_session):
    """A session of the west whose trainer is deactivated."""
    session = make_session(title="无人授课的班", starts_at=timezone.now() + 3 * DAY)
    world.trainer.is_active = False
    world.trainer.save()
    return session


def test_organiser_is_told_that_the_trainer_has_left(client_of, world, orphan):
    for person in (world.manager, world.administrator):
        assert without_trainer_tile(asked_by(person)).context["sessions"] == [orphan]
        page = client_of(person).get("/").text
        assert "没有授课人的场次" in page
        assert "无人授课的班" in page


def test_others_are_not_told(client_of, world, orphan):
    for person in (world.other_manager, world.technician, world.contact, AnonymousUser()):
        assert without_trainer_tile(asked_by(person)) is None


def test_trainer_whose_last_post_ends_before_the_day_has_left(world, make_session):
    make_session(starts_at=timezone.now() + 3 * DAY)
    later = make_session(starts_at=timezone.now() + 30 * DAY)
    assert without_trainer_tile(asked_by(world.manager)) is None
    today = timezone.localdate()
    AssignmentFactory(person=world.trainer, start=today - 90 * DAY, end=today + 10 * DAY)
    assert without_trainer_tile(asked_by(world.manager)).context["sessions"] == [later]


def test_session_that_is_called_off_or_over_needs_no_trainer(world, orphan, make_session):
    make_session(starts_at=timezone.now() - 3 * DAY)
    orphan.state = "cancelled"
    orphan.save()
    assert without_trainer_tile(asked_by(world.manager)) is None


def test_tile_of_a_machine_counts_who_was_there_and_links_what_the_reader_may_open(world, make_session):
    unit = EquipmentUnitFactory(model__category=world.module.category, customer=world.customer)
    session = make_session(organisation=world.customer, audience="customers", state="closed")
    for is_void in (False, True):
        attendance = AttendanceFactory(enrolment=EnrolmentFactory(session=session))
        AttendanceCorrectionFactory(attendance=attendance, is_void=is_void)
    request = TrainingRequestFactory(organisation=world.customer, session=session, state="planned")
    for name, is_void in (("来的", False), ("没来", True)):
        NomineeTimesFactory(nominee=NomineeFactory(request=request, name=name), number=1, is_void=is_void)
    colleague = PersonFactory(organisation=world.west, roles=["engineer"])
    shown = {}
    for person in (world.administrator, colleague):
        tile = unit_trainings_tile(asked_by(person), unit)
        if tile is not None:
            shown[person] = [(found.present, found.may_open) for found in tile.context["sessions"]]
    assert shown == {world.administrator: [(2, True)], colleague: [(2, False)]}
