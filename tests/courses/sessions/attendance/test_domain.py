"""Coming, going, and what is credited for it."""

import datetime as dt

import pytest

from courses.enums import EnrolmentState
from courses.models import Attendance, HourCredit, Session
from courses.sessions.attendance.domain import check_in, check_out, check_out_everybody, record_from_paper
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.errors.attendance import ImpossibleTime, NotCheckedIn, NotSeated
from courses.sessions.errors.states import NotYourSession, WrongState
from portal.models import AuditEvent
from tests.factories.courses import EnrolmentFactory, SessionModuleFactory, TrainingModuleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines


def test_check_in_and_out_credits_each_module_once(world, seat, time_machine):
    second = SessionModuleFactory(session=seat.session, module=TrainingModuleFactory(), minutes=100)
    check_in(seat, by=world.trainer)
    time_machine.shift(dt.timedelta(hours=4, minutes=30))
    for _ in range(2):
        attendance = check_out(seat, by=world.trainer)
    assert (attendance.minutes_late, attendance.minutes_early) == (0, 270)
    assert {credit.module: credit.minutes for credit in HourCredit.objects.all()} == {
        world.module: 240,
        second.module: 50,
    }
    assert minutes_credited(world.technician, world.module) == 240


def test_check_in_twice_keeps_the_first_time(world, seat, time_machine):
    first = check_in(seat, by=world.trainer)
    time_machine.shift(dt.timedelta(minutes=10))
    assert check_in(seat, by=world.manager).checked_in_at == first.checked_in_at
    assert AuditEvent.objects.filter(action="courses.checked_in").count() == 1


def test_lateness_is_kept(world, seat, time_machine):
    time_machine.shift(dt.timedelta(minutes=25, seconds=40))
    assert check_in(seat, by=world.trainer).minutes_late == 25
    event = AuditEvent.objects.get(action="courses.checked_in")
    assert event.detail["minutes_late"] == 25


def test_only_those_who_run_the_session_check_in(world, seat):
    for intruder in (world.technician, world.stranger, world.other_manager, world.auditor, world.contact):
        with pytest.raises(NotYourSession):
            check_in(seat, by=intruder)
    for runner in (world.trainer, world.manager, world.administrator):
        check_in(seat, by=runner)
    assert Attendance.objects.count() == 1


def test_check_in_needs_an_open_session_and_a_seat(world, seat):
    waiting = EnrolmentFactory(session=seat.session, state=EnrolmentState.WAITLISTED)
    with pytest.raises(NotSeated):
        check_in(waiting, by=world.trainer)
    with pytest.raises(NotCheckedIn):
        check_out(seat, by=world.trainer)
    Session.objects.update(state="closed")
    with pytest.raises(WrongState):
        check_in(seat, by=world.trainer)


def test_impossible_times_are_refused_and_nothing_is_kept(world, seat, time_machine):
    session = seat.session
    time_machine.move_to(session.ends_at + dt.timedelta(hours=1))
    with pytest.raises(ImpossibleTime):
        check_in(seat, by=world.trainer, at=session.ends_at)
    with pytest.raises(ImpossibleTime):
        check_in(seat, by=world.trainer, at=session.ends_at + dt.timedelta(hours=2))
    with pytest.raises(ImpossibleTime):
        record_from_paper(seat, by=world.trainer, came=session.ends_at - dt.timedelta(hours=1), went=session.starts_at)
    assert not Attendance.objects.exists()


def test_times_from_paper_are_credited(world, seat, time_machine):
    time_machine.move_to(seat.session.ends_at + dt.timedelta(days=1))
    record_from_paper(seat, by=world.trainer, came=seat.session.starts_at, went=seat.session.ends_at)
    credit = HourCredit.objects.get()
    assert (credit.minutes, credit.earned_on) == (480, dt.date.fromisoformat(seat.session.ends_at.date().isoformat()))


def test_check_out_everybody_leaves_those_who_have_gone(world, seat, time_machine):
    other = EnrolmentFactory(session=seat.session, person=PersonFactory(organisation=world.outlet))
    for enrolment in (seat, other):
        check_in(enrolment, by=world.trainer)
    time_machine.shift(dt.timedelta(hours=1))
    check_out(other, by=world.trainer)
    time_machine.move_to(seat.session.ends_at)
    assert [attendance.enrolment for attendance in check_out_everybody(seat.session, by=world.trainer)] == [seat]
