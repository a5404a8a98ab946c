"""Attendance corrected after check-out: what changes, what stays, who may, and what is refused by name."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from courses.enums import EnrolmentState, SessionState, TimeSource
from courses.models import Attendance, AttendanceCorrection, HourCredit, Session
from courses.sessions.attendance.corrections import correct_attendance, strike_attendance
from courses.sessions.attendance.domain import attendance_of, check_in, check_out
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.attendance.recording import CORRECTABLE_DAYS
from courses.sessions.errors.attendance import (
    AttendanceRecorded,
    ClosedForGood,
    CorrectionNeedsReason,
    ImpossibleTime,
    NotCheckedIn,
    NothingCorrected,
    OwnAttendance,
    StillThere,
)
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.scheduling.domain import cancel_session, close_session, open_check_in
from portal.models import AuditEvent
from tests.factories.courses import AttendanceCorrectionFactory, AttendanceFactory, EnrolmentFactory

pytestmark = pytest.mark.engines

HOUR = dt.timedelta(hours=1)


def stands(enrolment) -> tuple:
    attendance = attendance_of(enrolment)
    return attendance.came, attendance.went, attendance.is_void


def test_correction_holds_and_what_was_recorded_stays(world, left, correct):
    recorded = Attendance.objects.values().get()
    corrected = correct()
    assert (corrected.came, corrected.went) == (left.session.starts_at, left.session.ends_at)
    assert Attendance.objects.values().get() == recorded
    correction = AttendanceCorrection.objects.get()
    assert (correction.number, correction.corrected_by, correction.reason) == (1, world.trainer, "签到表上是 17:30")
    assert correction.source == TimeSource.CORRECTION


def test_hours_follow_the_correction(world, left, correct):
    assert minutes_credited(world.technician, world.module) == 426
    correct()
    assert minutes_credited(world.technician, world.module) == 480
    correct(went=left.session.starts_at + 3 * HOUR)
    assert minutes_credited(world.technician, world.module) == 160


def test_lateness_and_early_leaving_follow_the_correction(left, correct):
    corrected = correct(came=left.session.starts_at + dt.timedelta(minutes=20), went=left.session.ends_at - HOUR)
    assert (corrected.minutes_late, corrected.minutes_early) == (20, 60)


def test_corrections_are_counted_and_the_last_one_holds(left, correct):
    correct()
    correct(went=left.session.ends_at - 2 * HOUR)
    assert list(AttendanceCorrection.objects.values_list("number", flat=True)) == [1, 2]
    assert stands(left) == (left.session.starts_at, left.session.ends_at - 2 * HOUR, False)


def test_audit_says_who_why_and_what_changed_into_what(world, left, correct):
    correct(by=world.manager)
    event = AuditEvent.objects.get(action="courses.attendance_corrected")
    assert (event.actor, event.subject) == (world.manager, f"courses.session:{left.session_id}")
    assert event.detail["person"] == world.technician.staff_number
    assert event.detail["reason"] == "签到表上是 17:30"
    assert event.detail["credited"] == {world.module.code: 54}
    assert {change["field"]: (change["old"], change["new"]) for change in event.detail["changes"]} == {
        "went_at": ((left.session.ends_at - HOUR).isoformat(), left.session.ends_at.isoformat()),
        "source": ("button", "correction"),
    }


def test_seconds_of_the_time_that_is_right_are_kept(world, seat, time_machine):
    time_machine.shift(dt.timedelta(seconds=41))
    came = check_in(seat, by=world.trainer).came
    time_machine.move_to(seat.session.ends_at, tick=False)
    check_out(seat, by=world.trainer)
    on_paper = came.replace(second=0, microsecond=0)
    corrected = correct_attendance(
        seat, by=world.trainer, came=on_paper, went=seat.session.ends_at - HOUR, reason="提前离场"
    )
    assert corrected.came == came


@pytest.mark.parametrize("who", ["trainer", "manager", "administrator"])
def test_who_runs_the_session_corrects(world, correct, who):
    assert correct(by=getattr(world, who)).correction.corrected_by == getattr(world, who)


@pytest.mark.parametrize("who", ["technician", "stranger", "other_manager", "auditor", "contact"])
def test_nobody_else_corrects(world, correct, who):
    with pytest.raises(NotYourSession):
        correct(by=getattr(world, who))
    assert not AttendanceCorrection.objects.exists()


def test_nobody_corrects_their_own_attendance(world, seat, time_machine):
    mine = EnrolmentFactory(session=seat.session, person=world.manager)
    check_in(mine, by=world.trainer)
    time_machine.shift(HOUR)
    check_out(mine, by=world.trainer)
    with pytest.raises(OwnAttendance):
        correct_attendance(mine, by=world.manager, came=seat.session.starts_at, went=None, reason="想多要学时")
    with pytest.raises(OwnAttendance):
        strike_attendance(mine, by=world.manager, reason="没来")


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u3000"])
def test_correction_without_a_reason_is_refused(left, correct, reason):
    with pytest.raises(CorrectionNeedsReason):
        correct(reason=reason)
    assert stands(left)[1] == left.session.ends_at - HOUR


def test_database_keeps_no_correction_without_a_reason(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceCorrectionFactory(reason="")


def test_database_keeps_no_correction_that_leaves_before_coming(db):
    attendance = AttendanceFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceCorrectionFactory(attendance=attendance, went_at=attendance.checked_in_at - HOUR)


def test_database_keeps_one_correction_a_number(db):
    first = AttendanceCorrectionFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceCorrectionFactory(attendance=first.attendance, number=first.number)


def test_correction_that_changes_nothing_is_refused(left, correct):
    with pytest.raises(NothingCorrected):
        correct(went=left.session.ends_at - HOUR + dt.timedelta(seconds=20))


@pytest.mark.parametrize(
    ("came", "went"),
    [
        (0 * HOUR, -1 * HOUR),
        (0 * HOUR, 11 * HOUR),
        (9 * HOUR, 9 * HOUR),
        (-5 * HOUR, 9 * HOUR),
        (-48 * HOUR, 9 * HOUR),
    ],
)
def test_impossible_times_are_refused(left, correct, came, went):
    start = left.session.starts_at
    with pytest.raises(ImpossibleTime):
        correct(came=start + came, went=start + went)
    assert not AttendanceCorrection.objects.exists()


def test_time_of_leaving_is_not_taken_away(correct):
    with pytest.raises(StillThere, match="小林"):
        correct(went=None)


def test_who_is_still_there_may_have_come_earlier(world, seat, time_machine):
    time_machine.shift(2 * HOUR)
    check_in(seat, by=world.trainer)
    correct_attendance(seat, by=world.trainer, came=seat.session.starts_at, went=None, reason="签到机没电")
    assert not HourCredit.objects.exists()
    assert list(Attendance.objects.inside(seat.session)) == [attendance_of(seat)]
    time_machine.move_to(seat.session.ends_at, tick=False)
    left = check_out(seat, by=world.trainer)
    assert (left.came, left.went) == (seat.session.starts_at, seat.session.ends_at)
    assert minutes_credited(world.technician, world.module) == 480


def test_nothing_on_record_is_nothing_to_correct(world, seat):
    with pytest.raises(NotCheckedIn):
        correct_attendance(seat, by=world.trainer, came=seat.session.starts_at, went=None, reason="漏签")


@pytest.mark.parametrize("state", [SessionState.CLOSED, SessionState.SCHEDULED, SessionState.CANCELLED])
def test_correction_needs_an_open_session(left, correct, state):
    Session.objects.update(state=state)
    with pytest.raises(WrongState):
        correct()


# --- closed, opened again, closed for good --------------------------------------------------------------


def test_closed_session_is_opened_again_to_correct_it(world, left, correct):
    close_session(left.session, by=world.trainer)
    open_check_in(left.session, by=world.trainer)
    correct()
    close_session(left.session, by=world.trainer)
    assert stands(left)[1] == left.session.ends_at


def test_first_closing_is_the_one_that_counts(world, left, time_machine):
    closed_at = close_session(left.session, by=world.trainer).closed_at
    time_machine.shift(dt.timedelta(days=3))
    open_check_in(left.session, by=world.trainer)
    assert close_session(left.session, by=world.trainer).closed_at == closed_at


def test_session_closed_long_ago_is_not_opened_again(world, left, time_machine):
    close_session(left.session, by=world.trainer)
    time_machine.shift(dt.timedelta(days=CORRECTABLE_DAYS))
    assert open_check_in(left.session, by=world.trainer).state == SessionState.OPEN
    close_session(left.session, by=world.trainer)
    time_machine.shift(dt.timedelta(seconds=1))
    with pytest.raises(ClosedForGood, match=str(CORRECTABLE_DAYS)):
        open_check_in(left.session, by=world.administrator)


def test_session_left_open_after_that_takes_no_correction_either(world, left, correct, time_machine):
    close_session(left.session, by=world.trainer)
    open_check_in(left.session, by=world.trainer)
    time_machine.shift(dt.timedelta(days=CORRECTABLE_DAYS, seconds=1))
    with pytest.raises(ClosedForGood):
        correct()
    with pytest.raises(ClosedForGood):
        strike_attendance(left, by=world.trainer, reason="签错了人")


# --- not there after all ----------------------------------------------------------------------------------


def test_struck_attendance_counts_nowhere(world, left):
    struck = strike_attendance(left, by=world.trainer, reason="签错了人")
    assert struck.is_void
    left.refresh_from_db()
    assert left.present is None
    assert left.recorded == struck
    assert minutes_credited(world.technician, world.module) == 0


def test_who_was_struck_does_not_keep_the_session_open(world, seat):
    check_in(seat, by=world.trainer)
    strike_attendance(seat, by=world.trainer, reason="签错了人")
    assert not Attendance.objects.inside(seat.session).exists()
    assert close_session(seat.session, by=world.trainer).state == SessionState.CLOSED


def test_striking_twice_is_nothing_new(world, left):
    strike_attendance(left, by=world.trainer, reason="签错了人")
    with pytest.raises(NothingCorrected):
        strike_attendance(left, by=world.trainer, reason="签错了人")


def test_who_was_struck_can_be_put_back_by_a_correction(world, left, correct):
    strike_attendance(left, by=world.trainer, reason="签错了人")
    correct(went=left.session.ends_at - HOUR, reason="确实到场")
    assert stands(left) == (left.session.starts_at, left.session.ends_at - HOUR, False)
    assert minutes_credited(world.technician, world.module) == 426


def test_session_with_a_struck_attendance_is_still_evidence(world, seat):
    check_in(seat, by=world.trainer)
    strike_attendance(seat, by=world.trainer, reason="签错了人")
    with pytest.raises(AttendanceRecorded):
        cancel_session(seat.session, by=world.trainer)


def test_who_gave_the_seat_back_meanwhile_is_corrected_all_the_same(left, correct):
    type(left).objects.update(state=EnrolmentState.CANCELLED)
    assert correct().went == left.session.ends_at
