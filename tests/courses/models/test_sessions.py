"""Sessions and enrolments: what the database holds by itself."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from courses.enums import EnrolmentState
from courses.models import Session
from tests.factories.courses import EnrolmentFactory, SessionFactory, SessionModuleFactory, TrainingModuleFactory

HOUR = dt.timedelta(hours=1)


def refused(make):
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


@pytest.mark.parametrize("hours", [0, -1])
def test_session_ends_after_its_start(db, hours):
    start = timezone.now()
    refused(lambda: SessionFactory(starts_at=start, ends_at=start + hours * HOUR))


def test_session_has_seats(db):
    refused(lambda: SessionFactory(capacity=0))


def test_module_is_taught_once_a_session(db):
    part = SessionModuleFactory()
    refused(lambda: SessionModuleFactory(session=part.session, module=part.module))


def test_part_of_a_session_takes_time(db):
    refused(lambda: SessionModuleFactory(minutes=0))


def test_module_takes_time(db):
    refused(lambda: TrainingModuleFactory(minutes=0))


def test_person_has_one_place_a_session(db):
    place = EnrolmentFactory(state=EnrolmentState.CANCELLED)
    refused(lambda: EnrolmentFactory(session=place.session, person=place.person))


def test_identity_is_one_sessions(db):
    session = SessionFactory()
    refused(lambda: SessionFactory(uid=session.uid))


@pytest.mark.parametrize("name", ["trainer", "organisation"])
def test_who_and_whom_a_session_is_for_stay(db, name):
    session = SessionFactory()
    with pytest.raises(ProtectedError):
        getattr(session, name).delete()


def test_person_with_a_place_stays(db):
    place = EnrolmentFactory()
    with pytest.raises(ProtectedError):
        place.person.delete()


def test_module_that_was_taught_stays(db):
    part = SessionModuleFactory()
    with pytest.raises(ProtectedError):
        part.module.delete()


@pytest.mark.parametrize(("hours", "breaks", "minutes"), [(9, 60, 480), (1, 0, 60), (0.5, 0, 30), (9, 600, -60)])
def test_planned_minutes_are_without_breaks(hours, breaks, minutes):
    start = timezone.now()
    session = Session(starts_at=start, ends_at=start + hours * HOUR, break_minutes=breaks)
    assert session.planned_minutes == minutes


@pytest.mark.parametrize(("seconds", "is_over"), [(-1, False), (0, True), (1, True)])
def test_session_is_over_at_its_planned_end(make_session, time_machine, seconds, is_over):
    session = make_session()
    time_machine.move_to(session.ends_at + dt.timedelta(seconds=seconds), tick=False)
    assert session.is_over is is_over


@pytest.mark.parametrize("state", list(EnrolmentState))
def test_place_says_what_it_is(state):
    place = EnrolmentFactory.build(state=state, session=None, person=None)
    assert place.is_seated is (state == EnrolmentState.SEATED)
    assert place.is_waiting is (state == EnrolmentState.WAITLISTED)


def test_sessions_are_in_order_of_time(db):
    start = timezone.now()
    made = [SessionFactory(starts_at=start + hours * HOUR) for hours in (3, 1, 2)]
    assert list(Session.objects.all()) == [made[1], made[2], made[0]]
