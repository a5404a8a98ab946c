"""Attendance as it stands after its corrections."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.enums import TimeSource
from courses.models import Attendance
from tests.factories.courses import (
    AttendanceCorrectionFactory,
    AttendanceFactory,
    EnrolmentFactory,
    HourCreditFactory,
    SessionFactory,
    TrainingModuleFactory,
)

HOUR = dt.timedelta(hours=1)


def still_there(**facts):
    return AttendanceFactory(checked_out_at=None, checked_out_by=None, checked_out_from=None, **facts)


def fresh(attendance):
    return Attendance.objects.prefetch_related("corrections").get(pk=attendance.pk)


def test_without_corrections_what_was_recorded_holds(db):
    attendance = AttendanceFactory()
    assert (attendance.came, attendance.went) == (attendance.checked_in_at, attendance.checked_out_at)
    assert (attendance.came_from, attendance.went_from) == (TimeSource.BUTTON, TimeSource.BUTTON)
    assert (attendance.correction, attendance.is_void) == (None, False)


def test_last_correction_holds_whatever_its_order_in_the_table(db):
    attendance = AttendanceFactory()
    start = attendance.checked_in_at
    for number, hours in ((3, 3), (1, 1), (2, 2)):
        AttendanceCorrectionFactory(attendance=attendance, number=number, went_at=start + hours * HOUR)
    stands = fresh(attendance)
    assert (stands.correction.number, stands.went) == (3, start + 3 * HOUR)


def test_correction_of_the_arrival_leaves_the_leaving(db):
    attendance = still_there()
    earlier = attendance.checked_in_at - HOUR
    AttendanceCorrectionFactory(attendance=attendance, came_at=earlier, went_at=None)
    stands = fresh(attendance)
    assert (stands.came, stands.went, stands.went_from) == (earlier, None, "")
    assert stands.minutes_early == 0


def test_struck_attendance_is_no_presence(db):
    attendance = AttendanceFactory()
    AttendanceCorrectionFactory(attendance=attendance, is_void=True)
    attendance.enrolment.refresh_from_db()
    assert attendance.enrolment.present is None
    assert attendance.enrolment.recorded == attendance


def test_who_never_came_has_neither(db):
    enrolment = EnrolmentFactory()
    assert (enrolment.present, enrolment.recorded) == (None, None)


@pytest.mark.parametrize(
    ("corrections", "is_inside"),
    [
        ([], True),
        ([{"went_at": None}], True),
        ([{}], False),
        ([{"is_void": True, "went_at": None}], False),
        ([{"went_at": None}, {}], False),
    ],
)
def test_who_is_inside(db, corrections, is_inside):
    attendance = still_there()
    session = attendance.enrolment.session
    for facts in corrections:
        AttendanceCorrectionFactory(
            attendance=attendance, **{"went_at": session.ends_at, "came_at": session.starts_at} | facts
        )
    assert Attendance.objects.inside(session).exists() is is_inside


def test_inside_is_of_one_session(db):
    still_there()
    assert not Attendance.objects.inside(SessionFactory()).exists()


def test_who_checked_out_is_not_inside(db):
    attendance = AttendanceFactory()
    assert not Attendance.objects.inside(attendance.enrolment.session).exists()


def test_leaving_before_coming_is_refused_by_the_database(db):
    start = SessionFactory().starts_at
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(checked_in_at=start, checked_out_at=start - HOUR)


def test_one_attendance_a_seat(db):
    first = AttendanceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(enrolment=first.enrolment)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(late=st.integers(min_value=-240, max_value=539), early=st.integers(min_value=-240, max_value=540))
def test_minutes_late_and_early_are_never_negative(late, early):
    session = SessionFactory.build(trainer=None, organisation=None, starts_at=_MOMENT, ends_at=_MOMENT + 9 * HOUR)
    came = session.starts_at + dt.timedelta(minutes=late)
    went = max(came, session.ends_at - dt.timedelta(minutes=early))
    attendance = Present(session, came, went)
    assert attendance.minutes_late == max(late, 0)
    assert 0 <= attendance.minutes_early <= 540


_MOMENT = dt.datetime(2026, 3, 18, 0, 30, tzinfo=dt.UTC)


class Present:
    """An attendance without a database: the same properties on plain times."""

    minutes_late = Attendance.minutes_late
    minutes_early = Attendance.minutes_early

    def __init__(self, session, came, went):
        self.meeting = session
        self.came, self.went = came, went


def test_credits_add_up_by_module(db):
    attendance = AttendanceFactory()
    first, second = TrainingModuleFactory(), TrainingModuleFactory()
    original = HourCreditFactory(attendance=attendance, module=first, minutes=100)
    HourCreditFactory(attendance=attendance, module=first, minutes=-40, number=1, corrects=original)
    gone = HourCreditFactory(attendance=attendance, module=second, minutes=30)
    HourCreditFactory(attendance=attendance, module=second, minutes=-30, number=1, corrects=gone)
    assert attendance.credited == [(first, 60)]


def test_one_credit_an_attendance_module_and_correction(db):
    credit = HourCreditFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        HourCreditFactory(attendance=credit.attendance, module=credit.module, person=credit.person)
    HourCreditFactory(attendance=credit.attendance, module=credit.module, person=credit.person, number=1, minutes=-5)


def test_names_say_who_and_where(db):
    correction = AttendanceCorrectionFactory()
    assert str(correction.attendance.enrolment) in str(correction)
    credit = HourCreditFactory(minutes=30)
    assert str(credit) == f"{credit.person} · {credit.module} · 30"
