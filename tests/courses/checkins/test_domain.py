"""Scan, confirm, refuse, leave; a scan alone is no attendance."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.checkins.domain import TICKET, arrive, confirm, leave, named_people_out, refuse
from courses.checkins.errors import CheckInOver, NoSeatHere, NotOpenYet
from courses.enums import TimeSource
from courses.models import Arrival, Attendance, Enrolment, HourCredit
from courses.nominations.errors import NotOfTheSession
from courses.nominations.times import record_times
from courses.sessions.errors.attendance import OwnAttendance
from courses.sessions.errors.seats import NotHeldForYou, TeachesThere
from courses.sessions.errors.states import NotYourSession, WrongState
from portal.models import AuditEvent, PortalSettings
from tests.factories.courses import EnrolmentFactory, NomineeFactory

pytestmark = pytest.mark.django_db


def test_scan_is_attendance_only_once_the_trainer_confirms(seat, world):
    arrival = arrive(seat.session, at=timezone.now(), person=world.technician)
    assert not Attendance.objects.exists()
    confirm(arrival, by=world.trainer)
    attendance = Attendance.objects.get()
    assert (attendance.checked_in_at, attendance.checked_in_from) == (arrival.came_at, TimeSource.SCAN)
    assert attendance.checked_in_by == world.trainer


def test_first_scan_counts(seat, world, time_machine):
    first = arrive(seat.session, at=timezone.now(), person=world.technician)
    time_machine.shift(600)
    assert arrive(seat.session, at=timezone.now(), person=world.technician).came_at == first.came_at
    assert Arrival.objects.count() == 1


def test_time_of_the_scan_is_bounded(seat, world, time_machine):
    now = timezone.now()
    arrival = arrive(seat.session, at=now - dt.timedelta(hours=5), person=world.technician)
    assert arrival.came_at == now - TICKET
    Arrival.objects.all().delete()
    assert arrive(seat.session, at=now + dt.timedelta(hours=5), person=world.technician).came_at == now


def test_scan_too_early_says_when_and_keeps_nothing(make_session, world):
    session = make_session()
    with pytest.raises(NotOpenYet) as refusal:
        arrive(session, at=timezone.now(), person=world.technician)
    opens = timezone.localtime(session.starts_at - dt.timedelta(hours=4))
    assert str(opens.day) in str(refusal.value)
    assert not Arrival.objects.exists()
    session.refresh_from_db()
    assert session.state == "scheduled"


@pytest.mark.parametrize("state", ["closed", "cancelled"])
def test_nobody_arrives_at_what_is_over(make_session, world, state):
    with pytest.raises(CheckInOver):
        arrive(make_session(state=state), at=timezone.now(), person=world.technician)


def test_walk_in_gets_a_seat_when_confirmed(open_session, world, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)
    arrival = arrive(open_session, at=timezone.now(), person=world.technician)
    assert not Enrolment.objects.exists()
    confirm(arrival, by=world.trainer)
    assert Enrolment.objects.get().is_seated
    assert Attendance.objects.count() == 1


def test_walk_in_is_sent_to_the_trainer_where_policy_says_so(open_session, world, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)
    settings = PortalSettings.load()
    settings.walk_ins_by_scan = False
    settings.save()
    with pytest.raises(NoSeatHere):
        arrive(open_session, at=timezone.now(), person=world.technician)


def test_people_of_another_branch_do_not_walk_in(open_session, world, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)
    with pytest.raises(NotHeldForYou):
        arrive(open_session, at=timezone.now(), person=world.stranger)


def test_trainer_needs_no_scan(open_session, world, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)
    with pytest.raises(TeachesThere):
        arrive(open_session, at=timezone.now(), person=world.trainer)


def test_nobody_confirms_themselves(open_session, world, time_machine):
    time_machine.move_to(open_session.starts_at, tick=False)
    EnrolmentFactory(session=open_session, person=world.manager)
    arrival = arrive(open_session, at=timezone.now(), person=world.manager)
    with pytest.raises(OwnAttendance):
        confirm(arrival, by=world.manager)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("verb", [confirm, refuse])
def test_others_decide_nothing(seat, world, verb):
    arrival = arrive(seat.session, at=timezone.now(), person=world.technician)
    with pytest.raises(NotYourSession):
        verb(arrival, by=world.other_manager)
    arrival.refresh_from_db()
    assert arrival.is_waiting


def test_refused_scan_may_be_made_again(seat, world):
    arrival = arrive(seat.session, at=timezone.now(), person=world.technician)
    refuse(refuse(arrival, by=world.trainer), by=world.trainer)
    assert AuditEvent.objects.filter(action="courses.arrival_refused").count() == 1
    assert arrive(seat.session, at=timezone.now(), person=world.technician).is_waiting
    confirm(arrival, by=world.trainer)
    assert Attendance.objects.count() == 1


def test_confirmed_scan_is_not_refused_any_more(seat, world):
    arrival = confirm(arrive(seat.session, at=timezone.now(), person=world.technician), by=world.trainer)
    with pytest.raises(WrongState):
        refuse(arrival, by=world.trainer)


def test_leaving_by_scan_is_confirmed_too_and_credited(seat, world, time_machine):
    arrival = confirm(arrive(seat.session, at=timezone.now(), person=world.technician), by=world.trainer)
    time_machine.move_to(seat.session.ends_at - dt.timedelta(hours=4, minutes=30), tick=False)
    leave(arrival, at=timezone.now())
    assert not HourCredit.objects.exists()
    confirm(arrival, by=world.trainer)
    attendance = Attendance.objects.get()
    assert attendance.minutes_early == 270
    assert attendance.checked_out_from == TimeSource.SCAN
    assert HourCredit.objects.exists()


def test_named_person_gets_times_when_they_leave(named, world, time_machine):
    session = named.request.session
    arrival = confirm(arrive(session, at=timezone.now(), nominee=named), by=world.trainer)
    assert not named.times.exists()
    time_machine.shift(3 * 3600)
    named_people_out(session, by=world.trainer)
    times = named.times.get()
    assert times.came_at == arrival.came_at
    assert times.went_at == timezone.now()
    assert named_people_out(session, by=world.trainer) == []


def test_times_of_the_sheet_stand_when_the_named_people_are_checked_out(named, world, time_machine):
    session = named.request.session
    other = NomineeFactory(request=named.request, name="后来的人", mobile="13800000152")
    gone = NomineeFactory(request=named.request, name="撤回的人", mobile="13800000153")
    for nominee in (named, other, gone):
        confirm(arrive(session, at=timezone.now(), nominee=nominee), by=world.trainer)
    gone.withdrawn_at = timezone.now()
    gone.save()
    time_machine.shift(3 * 3600)
    record_times(session, {named.pk: (session.starts_at, timezone.now())}, by=world.trainer)
    assert len(named_people_out(session, by=world.trainer)) == 2
    assert named.times.get().came_at == session.starts_at
    assert other.times.exists()


def test_confirmation_is_on_record_once(seat, world):
    arrival = arrive(seat.session, at=timezone.now(), person=world.technician)
    for _turn in range(2):
        confirm(arrival, by=world.trainer)
    event = AuditEvent.objects.get(action="courses.arrival_confirmed")
    assert (event.actor, event.detail["who"]) == (world.trainer, "小林")


def test_named_person_of_another_list_does_not_arrive(open_session, named):
    stranger = NomineeFactory(name="别家的人")
    with pytest.raises(NotOfTheSession):
        arrive(named.request.session, at=timezone.now(), nominee=stranger)
