"""A longer list takes no more queries: every page of training at one and at three rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.models import PlaceName
from courses.sessions.attendance.domain import check_in, check_out_everybody
from tests.factories.courses import (
    AttendanceCorrectionFactory,
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    ModuleTopicFactory,
    PlaceFactory,
    TrainingModuleFactory,
)


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("catalogue", 10), ("sessions", 11), ("calendar", 10), ("my", 21), ("module", 23)]
)
def test_lists_take_the_same_queries_at_any_length(
    client_of, world, make_session, django_assert_num_queries, name, queries, count
):
    for _ in range(count):
        module = TrainingModuleFactory(trainers=[world.trainer])
        ModuleTopicFactory(module=world.module)
        session = make_session(modules=[world.module, module], starts_at=timezone.now() + dt.timedelta(hours=2))
        EnrolmentFactory(session=session, person=world.technician)
        past = make_session(modules=[module], starts_at=timezone.now() - dt.timedelta(days=9))
        enrolment = EnrolmentFactory(session=past, person=world.technician)
        HourCreditFactory(person=world.technician, module=module, attendance=AttendanceFactory(enrolment=enrolment))
    client = client_of(world.technician)
    address = url(name, world.module.code) if name == "module" else url(name)
    client.get(address)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("session", 12), ("attendance", 20)])
def test_session_and_roster_take_the_same_queries_at_any_length(
    client_of, world, open_session, django_assert_num_queries, name, queries, count
):
    EnrolmentFactory.create_batch(count, session=open_session)
    client = client_of(world.trainer)
    client.get(url(name, open_session.pk))
    with django_assert_num_queries(queries):
        assert client.get(url(name, open_session.pk)).status_code == 200


# --- at one and at three, by everybody who opens the page --------------------------------------------------------


@pytest.fixture
def filled(world, make_session):
    """Return a function filling every list of training with so many rows."""

    def make(count):
        for number in range(count):
            module = TrainingModuleFactory(trainers=[world.trainer])
            PlaceFactory(organisation=world.west, names=[f"别名 {PlaceName.objects.count()}"])
            soon = timezone.now() + dt.timedelta(hours=2 + number)
            session = make_session(modules=[world.module, module], starts_at=soon, capacity=1)
            EnrolmentFactory(session=session, person=world.technician)
            EnrolmentFactory(session=session, state="waitlisted")
            past = make_session(modules=[module], starts_at=timezone.now() - dt.timedelta(days=9 + number))
            enrolment = EnrolmentFactory(session=past, person=world.technician)
            attendance = AttendanceFactory(enrolment=enrolment)
            HourCreditFactory(person=world.technician, module=module, attendance=attendance)
            AttendanceCorrectionFactory(attendance=attendance, number=1)

    return make


def number_of_queries(client, address, query=None) -> int:
    client.get(address, query or {})
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, query or {})
    assert response.status_code == 200, address
    return len(captured)


PAGES = [
    ("catalogue", {}),
    ("catalogue", {"level": "basic"}),
    ("sessions", {}),
    ("sessions", {"when": "past"}),
    ("sessions", {"place": "培训中心"}),
    ("sessions", {"module": "tm"}),
    ("calendar", {}),
    ("calendar", {"view": "week"}),
    ("my", {}),
    ("feeds", {}),
]


@pytest.mark.parametrize("who", ["technician", "trainer", "manager", "administrator", "auditor"])
@pytest.mark.parametrize(("name", "query"), PAGES)
def test_every_list_takes_as_many_queries_for_three_rows_as_for_one(client_of, world, filled, who, name, query):
    client, address = client_of(getattr(world, who)), url(name)
    filled(1)
    once = number_of_queries(client, address, query)
    filled(2)
    assert number_of_queries(client, address, query) <= once


@pytest.mark.parametrize("who", ["trainer", "manager", "administrator"])
def test_places_take_as_many_queries_for_three_rows_as_for_one(client_of, world, filled, who):
    client, address = client_of(getattr(world, who)), url("places")
    filled(1)
    once = number_of_queries(client, address)
    filled(2)
    assert number_of_queries(client, address) == once <= 12


@pytest.mark.parametrize("who", ["trainer", "manager", "auditor"])
def test_roster_takes_as_many_for_three_people_as_for_one(client_of, world, open_session, who):
    client, address = client_of(getattr(world, who)), url("attendance", open_session.pk)

    def fill(count):
        for _ in range(count):
            attendance = AttendanceFactory(enrolment__session=open_session)
            AttendanceCorrectionFactory(attendance=attendance, number=1)
            HourCreditFactory(attendance=attendance, person=attendance.enrolment.person, module=world.module)
            EnrolmentFactory(session=open_session, state="waitlisted")

    fill(1)
    once = number_of_queries(client, address)
    fill(2)
    assert number_of_queries(client, address) <= once


def test_home_and_own_page_take_as_many_for_three_rows_as_for_one(client_of, world, filled):
    client = client_of(world.technician)
    filled(1)
    once = [number_of_queries(client, address) for address in ("/", "/me/")]
    filled(2)
    assert [number_of_queries(client, address) for address in ("/", "/me/")] <= once


def test_checking_everybody_out_grows_by_the_person_alone(world, open_session, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)

    def cost(count):
        for enrolment in EnrolmentFactory.create_batch(count, session=open_session):
            check_in(enrolment, by=world.trainer)
        with CaptureQueriesContext(connection) as captured:
            check_out_everybody(open_session, by=world.trainer)
        return len(captured)

    one, three, six = cost(1), cost(3), cost(6)
    assert six - three == 3 * (three - one) / 2
