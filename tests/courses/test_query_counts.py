"""A longer list takes no more queries: every page of training at one and at three rows."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories.courses import (
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    ModuleTopicFactory,
    TrainingModuleFactory,
)


def url(name: str, *args) -> str:
    return reverse(f"courses:{name}", args=args)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("catalogue", 9), ("sessions", 10), ("calendar", 8), ("my", 15), ("module", 15)]
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
@pytest.mark.parametrize(("name", "queries"), [("session", 9), ("attendance", 12)])
def test_session_and_roster_take_the_same_queries_at_any_length(
    client_of, world, open_session, django_assert_num_queries, name, queries, count
):
    EnrolmentFactory.create_batch(count, session=open_session)
    client = client_of(world.trainer)
    client.get(url(name, open_session.pk))
    with django_assert_num_queries(queries):
        assert client.get(url(name, open_session.pk)).status_code == 200
