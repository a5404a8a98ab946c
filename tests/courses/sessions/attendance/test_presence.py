"""Nobody is in two places at once: as a trainee, as a trainer, by button, from paper, by a correction."""

import datetime as dt
import threading

import pytest
from django.db import connection

from courses.enums import SessionState
from courses.models import Attendance, AttendanceCorrection, Session
from courses.sessions.attendance.corrections import correct_attendance, strike_attendance
from courses.sessions.attendance.domain import check_in, check_out, record_from_paper
from courses.sessions.attendance.presence import check_present_nowhere_else, is_same_minute
from courses.sessions.errors.attendance import PresentElsewhere
from courses.sessions.scheduling.domain import close_session, open_check_in
from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainerFactory

pytestmark = pytest.mark.engines

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def other(world, seat):
    """Another open session of another trainer at the same time, in which the technician has a seat too."""
    colleague = TrainerFactory(organisation=world.outlet, name="王老师")
    session = SessionFactory(
        title="隔壁的班",
        trainer=colleague,
        organisation=world.west,
        state="open",
        starts_at=seat.session.starts_at,
        ends_at=seat.session.ends_at,
    )
    return EnrolmentFactory(session=session, person=seat.person)


@pytest.fixture
def next_one(world, seat):
    """An open session that begins when the first one ends."""
    colleague = TrainerFactory(organisation=world.outlet)
    start = seat.session.ends_at
    session = SessionFactory(
        trainer=colleague, organisation=world.west, state="open", starts_at=start, ends_at=start + 3 * HOUR
    )
    return EnrolmentFactory(session=session, person=seat.person)


def runner(enrolment):
    return enrolment.session.trainer


def test_who_is_checked_in_is_not_checked_in_next_door(seat, other):
    check_in(seat, by=runner(seat))
    with pytest.raises(PresentElsewhere, match=seat.session.title):
        check_in(other, by=runner(other))
    assert Attendance.objects.get().enrolment == seat


def test_who_left_next_door_may_come(seat, other, time_machine):
    check_in(seat, by=runner(seat))
    time_machine.shift(4 * HOUR)
    check_out(seat, by=runner(seat))
    assert check_in(other, by=runner(other)).came == seat.session.starts_at + 4 * HOUR


def test_two_sessions_that_touch_are_two_places_one_after_the_other(seat, next_one, time_machine):
    check_in(seat, by=runner(seat))
    time_machine.move_to(seat.session.ends_at, tick=False)
    check_in(next_one, by=runner(next_one))
    check_out(seat, by=runner(seat))
    assert Attendance.objects.count() == 2


def test_who_forgot_to_check_out_leaves_at_the_end(seat, next_one, time_machine):
    """A button pressed later says the end of the meeting, so it does not run into where the person went next."""
    check_in(seat, by=runner(seat))
    time_machine.move_to(next_one.session.starts_at + HOUR, tick=False)
    check_in(next_one, by=runner(next_one))
    time_machine.shift(HOUR)
    check_out(next_one, by=runner(next_one))
    assert check_out(seat, by=runner(seat)).went == seat.session.ends_at


def test_sheet_of_the_same_hours_next_door_is_refused(seat, other, time_machine):
    start, end = seat.session.starts_at, seat.session.ends_at
    time_machine.move_to(end + HOUR, tick=False)
    record_from_paper(seat, by=runner(seat), came=start, went=end)
    for came, went in [(start, end), (start, start + HOUR), (start + HOUR, start + 2 * HOUR), (end - HOUR, end)]:
        with pytest.raises(PresentElsewhere):
            record_from_paper(other, by=runner(other), came=came, went=went)
    assert not Attendance.objects.filter(enrolment=other).exists()


def test_sheets_of_morning_and_afternoon_in_two_rooms(seat, other, time_machine):
    start, end = seat.session.starts_at, seat.session.ends_at
    time_machine.move_to(end + HOUR, tick=False)
    record_from_paper(other, by=runner(other), came=start + 4 * HOUR, went=end)
    record_from_paper(seat, by=runner(seat), came=start, went=start + 4 * HOUR)
    assert Attendance.objects.count() == 2


def test_arrival_from_paper_counts_until_now(seat, other, time_machine):
    time_machine.shift(2 * HOUR)
    check_in(seat, by=runner(seat))
    time_machine.shift(HOUR)
    with pytest.raises(PresentElsewhere):
        check_in(other, by=runner(other), at=seat.session.starts_at + HOUR)


def test_correction_into_the_hours_next_door_is_refused(seat, other, time_machine):
    start, end = seat.session.starts_at, seat.session.ends_at
    time_machine.move_to(end + HOUR, tick=False)
    record_from_paper(other, by=runner(other), came=start + 4 * HOUR, went=end)
    record_from_paper(seat, by=runner(seat), came=start, went=start + 3 * HOUR)
    with pytest.raises(PresentElsewhere):
        correct_attendance(seat, by=runner(seat), came=start, went=start + 5 * HOUR, reason="漏签")
    correct_attendance(seat, by=runner(seat), came=start, went=start + 4 * HOUR, reason="漏签")
    assert AttendanceCorrection.objects.count() == 1


def test_what_holds_after_corrections_is_what_counts(seat, other, time_machine):
    start, end = seat.session.starts_at, seat.session.ends_at
    time_machine.move_to(end + HOUR, tick=False)
    record_from_paper(seat, by=runner(seat), came=start, went=end)
    correct_attendance(seat, by=runner(seat), came=start, went=start + HOUR, reason="提前离场")
    record_from_paper(other, by=runner(other), came=start + HOUR, went=end)
    with pytest.raises(PresentElsewhere):
        correct_attendance(seat, by=runner(seat), came=start, went=end, reason="又改回来")


def test_who_was_struck_was_nowhere(seat, other):
    check_in(seat, by=runner(seat))
    strike_attendance(seat, by=runner(seat), reason="签错了人")
    assert check_in(other, by=runner(other)).enrolment == other


def test_who_was_struck_is_not_put_back_into_two_places(seat, other, time_machine):
    check_in(seat, by=runner(seat))
    strike_attendance(seat, by=runner(seat), reason="签错了人")
    check_in(other, by=runner(other))
    time_machine.shift(HOUR)
    with pytest.raises(PresentElsewhere):
        correct_attendance(seat, by=runner(seat), came=seat.session.starts_at, went=None, reason="确实到场")


# --- trainers --------------------------------------------------------------------------------------------------


@pytest.fixture
def learning_trainer(world, seat, other):
    """A seat for the first session's trainer in the session next door."""
    return EnrolmentFactory(session=other.session, person=world.trainer)


def test_who_teaches_is_not_checked_in_next_door(world, other, learning_trainer):
    with pytest.raises(PresentElsewhere, match=world.trainer.name):
        check_in(learning_trainer, by=runner(other))


def test_who_teaches_a_cancelled_or_unopened_session_may_learn(seat, other, learning_trainer):
    for state in (SessionState.SCHEDULED, SessionState.CANCELLED):
        Session.objects.filter(pk=seat.session.pk).update(state=state)
        assert check_in(learning_trainer, by=runner(other)).enrolment == learning_trainer


def test_who_taught_is_not_entered_from_paper_next_door(world, seat, other, learning_trainer, time_machine):
    time_machine.move_to(seat.session.ends_at + HOUR, tick=False)
    close_session(seat.session, by=world.trainer)
    with pytest.raises(PresentElsewhere):
        record_from_paper(learning_trainer, by=runner(other), came=other.session.starts_at, went=other.session.ends_at)


def test_who_closed_early_may_learn_afterwards(world, seat, other, learning_trainer, time_machine):
    time_machine.shift(3 * HOUR)
    close_session(seat.session, by=world.trainer)
    assert check_in(learning_trainer, by=runner(other)).minutes_late == 180


def test_session_is_not_opened_while_its_trainer_sits_in_another(world, seat, other, learning_trainer, time_machine):
    Session.objects.filter(pk=seat.session.pk).update(state=SessionState.SCHEDULED)
    check_in(learning_trainer, by=runner(other))
    time_machine.shift(HOUR)
    with pytest.raises(PresentElsewhere, match="隔壁的班"):
        open_check_in(seat.session, by=world.trainer)
    check_out(learning_trainer, by=runner(other))
    with pytest.raises(PresentElsewhere):
        open_check_in(seat.session, by=world.trainer)


def test_session_after_the_one_its_trainer_sits_in_is_opened(world, seat, next_one, time_machine):
    mine = EnrolmentFactory(session=seat.session, person=runner(next_one))
    Session.objects.filter(pk=next_one.session.pk).update(state=SessionState.SCHEDULED)
    check_in(mine, by=world.trainer)
    time_machine.move_to(next_one.session.starts_at - HOUR, tick=False)
    assert open_check_in(next_one.session, by=runner(next_one)).state == SessionState.OPEN


def test_session_opened_again_to_correct_it_is_not_asked(world, seat, other, learning_trainer, time_machine):
    close_session(seat.session, by=world.trainer)
    check_in(learning_trainer, by=runner(other))
    assert open_check_in(seat.session, by=world.trainer).state == SessionState.OPEN


# --- the rule itself ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("came", "went", "is_free"),
    [
        (0, 2, True),
        (6, 8, True),
        (0, 3, False),
        (3, 3.5, False),
        (5, 9, False),
        (0, 9, False),
        (2, 2, False),
        (6, 6, True),
        (1.9, 1.9, True),
    ],
)
def test_spans_that_share_time_with_two_to_six(seat, other, time_machine, came, went, is_free):
    start = seat.session.starts_at
    time_machine.move_to(seat.session.ends_at + HOUR, tick=False)
    record_from_paper(other, by=runner(other), came=start + 2 * HOUR, went=start + 6 * HOUR)
    span = (start + came * HOUR, start + went * HOUR)
    if is_free:
        check_present_nowhere_else(seat.person, seat.session, *span)
    else:
        with pytest.raises(PresentElsewhere):
            check_present_nowhere_else(seat.person, seat.session, *span)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [("08:30:00", "08:30:59", True), ("08:30:59", "08:31:00", False), ("08:30:00", "20:30:00", False)],
)
def test_minute_of_a_moment(one, other, is_same):
    first, second = (dt.datetime.fromisoformat(f"2026-03-18T{time}+08:00") for time in (one, other))
    assert is_same_minute(first, second) is is_same
    assert is_same_minute(first.astimezone(dt.UTC), second) is is_same


@pytest.mark.django_db(transaction=True)
def test_two_doors_at_one_moment_let_one_in(seat, other):
    start, outcomes = threading.Barrier(2), []

    def enter(enrolment):
        try:
            start.wait()
            check_in(enrolment, by=runner(enrolment))
            outcomes.append("in")
        except PresentElsewhere:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=[enrolment]) for enrolment in (seat, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused"]
    assert Attendance.objects.count() == 1
