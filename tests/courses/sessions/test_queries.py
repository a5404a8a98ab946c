"""Reads of training: seats, a person's sessions, credited minutes."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from courses.enums import EnrolmentState, SessionState
from courses.models import Session
from courses.sessions.attendance.hours import minutes_credited, minutes_credited_to
from courses.sessions.queries import (
    next_session_of,
    next_session_with_seat,
    next_wait_of,
    sessions_for,
    with_seats,
)
from portal.enums import Tier
from tests.factories.courses import (
    EnrolmentFactory,
    HourCreditFactory,
    SessionFactory,
    TrainerFactory,
    TrainingModuleFactory,
)
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def branch():
    """A headquarters with an outlet, a trainer of the headquarters, a technician of the outlet."""
    hq = OrganisationFactory()
    outlet = OrganisationFactory(parent=hq, tier=Tier.OUTLET)
    return {
        "hq": hq,
        "outlet": outlet,
        "trainer": TrainerFactory(organisation=hq),
        "technician": PersonFactory(organisation=outlet),
    }


def test_with_seats_counts_seats_and_waiting_and_never_shows_less_than_none():
    session = SessionFactory(capacity=1)
    EnrolmentFactory.create_batch(2, session=session)
    EnrolmentFactory(session=session, state=EnrolmentState.WAITLISTED)
    EnrolmentFactory(session=session, state=EnrolmentState.CANCELLED)
    found = with_seats(Session.objects.all()).get()
    assert (found.seats_taken, found.waiting, found.free_seats) == (2, 1, 0)


def test_next_session_with_seat_skips_full_past_cancelled_and_own(branch):
    module = TrainingModuleFactory()
    person, trainer = branch["technician"], branch["trainer"]
    soon = timezone.now() + dt.timedelta(days=1)

    def session(days: int, **kwargs):
        return SessionFactory(trainer=trainer, modules=[module], starts_at=soon + dt.timedelta(days=days), **kwargs)

    session(-5)
    session(1, state=SessionState.CANCELLED)
    EnrolmentFactory(session=session(2, capacity=1))
    EnrolmentFactory(session=session(3), person=person)
    session(4, organisation=OrganisationFactory())
    wanted = session(6, capacity=3)
    session(8)
    found = next_session_with_seat(person, module)
    assert (found, found.free_seats) == (wanted, 3)


def test_next_session_with_seat_is_none_when_nothing_is_planned(branch):
    assert next_session_with_seat(branch["technician"], TrainingModuleFactory()) is None


def test_sessions_for_person_are_those_with_a_place(branch):
    person = branch["technician"]
    later, sooner, left = (SessionFactory(starts_at=timezone.now() + dt.timedelta(days=days)) for days in (5, 2, 1))
    EnrolmentFactory(session=later, person=person)
    EnrolmentFactory(session=sooner, person=person, state=EnrolmentState.WAITLISTED)
    EnrolmentFactory(session=left, person=person, state=EnrolmentState.CANCELLED)
    assert list(sessions_for(person)) == [sooner, later]
    assert next_session_of(person) == later
    assert next_wait_of(person) == sooner


@time_machine.travel("2026-03-18 04:00:00Z", tick=False)
def test_minutes_credited_by_day_and_by_what_was_known():
    person, module = PersonFactory(), TrainingModuleFactory()
    HourCreditFactory(person=person, module=module, minutes=200, earned_on=dt.date(2026, 3, 1))
    late = HourCreditFactory(person=person, module=module, minutes=280, earned_on=dt.date(2026, 3, 10))
    known_before = late.recorded_at - dt.timedelta(seconds=1)
    assert [
        minutes_credited(person, module),
        minutes_credited(person, module, on=dt.date(2026, 3, 9)),
        minutes_credited(person, module, known_at=known_before),
        minutes_credited(person, TrainingModuleFactory()),
    ] == [480, 200, 0, 0]


def test_minutes_credited_to_many_takes_one_query(django_assert_num_queries):
    module = TrainingModuleFactory()
    credits = [HourCreditFactory(module=module, minutes=minutes) for minutes in (60, 120)]
    people = [credit.person for credit in credits]
    with django_assert_num_queries(1):
        found = minutes_credited_to(people, [module])
    assert found == {(people[0].pk, module.pk): 60, (people[1].pk, module.pk): 120}
