"""Two sources of one attendance, the button and the signed sheet, in every order."""

import datetime as dt
from itertools import permutations

import pytest

from courses.enums import TimeSource
from courses.models import Attendance, AttendanceCorrection, HourCredit
from courses.sessions.attendance.corrections import correct_attendance, strike_attendance
from courses.sessions.attendance.domain import (
    attendance_of,
    check_in,
    check_out,
    check_out_everybody,
    record_from_paper,
)
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.attendance.recording import CORRECTABLE_DAYS
from courses.sessions.errors.attendance import AttendanceStruck, ClosedForGood, ImpossibleTime, TimeOnRecord
from portal.models import AuditEvent

pytestmark = pytest.mark.engines

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
BUTTON, PAPER, CORRECTION = TimeSource.BUTTON, TimeSource.PAPER, TimeSource.CORRECTION


@pytest.fixture
def press(world, seat, time_machine):
    """Return a function pressing a button some hours after the start."""

    def make(act, hours):
        time_machine.move_to(seat.session.starts_at + hours * HOUR, tick=False)
        return {"in": check_in, "out": check_out}[act](seat, by=world.trainer)

    return make


@pytest.fixture
def enter(world, seat, time_machine):
    """Return a function entering times from the sheet, in hours after the start, on the next day."""

    def make(came=0.0, went=9.0, **facts):
        start = seat.session.starts_at
        time_machine.move_to(start + dt.timedelta(days=1), tick=False)
        times = {"came": start + came * HOUR, "went": start + went * HOUR}
        return record_from_paper(seat, **{"by": world.trainer} | times | facts)

    return make


def stands(seat) -> tuple:
    """Return when the person came and left, in hours after the start, and what says so."""
    attendance, start = attendance_of(seat), seat.session.starts_at
    hours = [(moment - start) / HOUR if moment else None for moment in (attendance.came, attendance.went)]
    return (*hours, attendance.came_from, attendance.went_from)


def trace(seat) -> list[tuple]:
    start = seat.session.starts_at
    rows = AttendanceCorrection.objects.order_by("number").values_list("came_at", "went_at", "source")
    return [((came - start) / HOUR, (went - start) / HOUR if went else None, source) for came, went, source in rows]


# --- the sheet after the button --------------------------------------------------------------------------


def test_sheet_alone_is_the_first_record(seat, enter):
    enter(0.5, 9)
    assert stands(seat) == (0.5, 9, PAPER, PAPER)
    assert trace(seat) == []


def test_sheet_after_both_buttons_replaces_them_with_a_trace(world, seat, press, enter):
    press("in", 1)
    press("out", 8)
    recorded = Attendance.objects.values().get()
    enter(0, 9)
    assert stands(seat) == (0, 9, PAPER, PAPER)
    assert trace(seat) == [(0, 9, PAPER)]
    assert Attendance.objects.values().get() == recorded
    assert minutes_credited(world.technician, world.module) == 480


def test_sheet_after_check_in_replaces_the_arrival_and_says_when_they_left(world, seat, press, enter):
    press("in", 2)
    enter(0, 9)
    assert stands(seat) == (0, 9, PAPER, PAPER)
    assert trace(seat) == [(0, 9, PAPER)]
    assert attendance_of(seat).checked_in_at == seat.session.starts_at + 2 * HOUR
    assert minutes_credited(world.technician, world.module) == 480
    assert not Attendance.objects.inside(seat.session).exists()


def test_sheet_that_agrees_on_the_arrival_only_checks_out(seat, press, enter):
    press("in", 0)
    enter(0, 9)
    assert stands(seat) == (0, 9, BUTTON, PAPER)
    assert trace(seat) == []


def test_sheet_that_says_an_earlier_leaving_than_the_button_knew_of_the_arrival(seat, press, enter):
    press("in", 3)
    enter(0, 2)
    assert stands(seat) == (0, 2, PAPER, PAPER)
    assert attendance_of(seat).checked_in_at == seat.session.starts_at + 3 * HOUR


def test_sheet_that_says_the_same_changes_nothing(seat, press, enter, time_machine):
    press("in", 0)
    press("out", 9)
    before = AuditEvent.objects.count()
    enter(0, 9)
    assert stands(seat) == (0, 9, BUTTON, BUTTON)
    assert (trace(seat), AuditEvent.objects.count()) == ([], before)


def test_seconds_are_not_written_on_a_sheet(world, seat, time_machine):
    time_machine.shift(dt.timedelta(seconds=42))
    check_in(seat, by=world.trainer)
    time_machine.move_to(seat.session.ends_at + dt.timedelta(seconds=13), tick=False)
    check_out(seat, by=world.trainer)
    record_from_paper(seat, by=world.trainer, came=seat.session.starts_at, went=seat.session.ends_at)
    assert trace(seat) == []


@pytest.mark.parametrize(("came", "went"), [(0, 8), (1, 9), (1, 8)])
def test_one_minute_that_differs_is_enough_for_a_trace(seat, press, enter, came, went):
    press("in", 0)
    press("out", 9)
    enter(came / 60, 9 - (9 - went) / 60)
    assert len(trace(seat)) == 1


# --- the button after the sheet ----------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["in", "out"])
def test_button_after_the_sheet_is_refused_and_says_what_the_sheet_says(world, seat, enter, act):
    enter(0.5, 8.5)
    verb = {"in": check_in, "out": check_out}[act]
    with pytest.raises(TimeOnRecord, match=r"09:00–17:00.*签到表"):
        verb(seat, by=world.trainer)
    assert stands(seat) == (0.5, 8.5, PAPER, PAPER)


def test_everybody_out_leaves_those_the_sheet_knows(world, seat, press, enter):
    press("in", 2)
    enter(0, 8)
    assert check_out_everybody(seat.session, by=world.trainer) == []
    assert stands(seat)[1] == 8


def test_button_pressed_twice_is_one_press(seat, press):
    press("in", 0)
    press("in", 1)
    press("out", 8)
    press("out", 9)
    assert stands(seat) == (0, 8, BUTTON, BUTTON)
    assert HourCredit.objects.count() == 1


def test_button_after_a_correction_is_refused(world, seat, press):
    press("in", 1)
    press("out", 8)
    start = seat.session.starts_at
    correct_attendance(seat, by=world.trainer, came=start, went=start + 8 * HOUR, reason="漏签")
    for verb in (check_in, check_out):
        with pytest.raises(TimeOnRecord, match="更正"):
            verb(seat, by=world.trainer)


def test_check_out_by_button_after_an_arrival_from_paper(world, seat, press, time_machine):
    time_machine.shift(2 * HOUR)
    check_in(seat, by=world.trainer, at=seat.session.starts_at + HOUR / 2)
    press("out", 9)
    assert stands(seat) == (0.5, 9, PAPER, BUTTON)


@pytest.mark.parametrize("verb", [check_in, check_out])
def test_time_given_again_is_fine_and_another_is_refused(world, seat, enter, verb):
    enter(0.5, 8.5)
    start = seat.session.starts_at
    right = start + (0.5 if verb is check_in else 8.5) * HOUR
    assert verb(seat, by=world.trainer, at=right + dt.timedelta(seconds=20)).came == start + HOUR / 2
    with pytest.raises(TimeOnRecord):
        verb(seat, by=world.trainer, at=right + 2 * MINUTE)


# --- sheet after sheet, sheet after correction ---------------------------------------------------------------


def test_second_sheet_replaces_the_first_with_a_trace(world, seat, enter):
    enter(0, 4.5)
    enter(0, 9)
    assert (stands(seat), trace(seat)) == ((0, 9, PAPER, PAPER), [(0, 9, PAPER)])
    assert list(HourCredit.objects.order_by("pk").values_list("minutes", flat=True)) == [240, 240]


def test_sheet_after_a_correction_is_one_more_correction(world, seat, press, enter):
    press("in", 1)
    press("out", 8)
    start = seat.session.starts_at
    correct_attendance(seat, by=world.trainer, came=start, went=start + 8 * HOUR, reason="漏签")
    enter(0, 9)
    assert trace(seat) == [(0, 8, CORRECTION), (0, 9, PAPER)]


def test_correction_after_the_sheet_is_one_more_correction(world, seat, press, enter):
    press("in", 1)
    enter(0, 9)
    start = seat.session.starts_at
    correct_attendance(seat, by=world.trainer, came=start + HOUR, went=start + 9 * HOUR, reason="看错了行")
    assert trace(seat) == [(0, 9, PAPER), (1, 9, CORRECTION)]


def test_sheet_does_not_bring_back_who_was_struck(world, seat, enter, press):
    press("in", 0)
    strike_attendance(seat, by=world.trainer, reason="签错了人")
    with pytest.raises(AttendanceStruck, match="小林"):
        enter(0, 9)


@pytest.mark.parametrize("verb", [check_in, check_out])
def test_button_does_not_bring_back_who_was_struck(world, seat, press, verb):
    press("in", 0)
    strike_attendance(seat, by=world.trainer, reason="签错了人")
    with pytest.raises(AttendanceStruck):
        verb(seat, by=world.trainer)


# --- who, why, and what is refused ---------------------------------------------------------------------------


def test_trace_of_the_sheet_says_who_entered_it_and_that_the_sheet_says_so(world, seat, press, enter):
    press("in", 1)
    enter(0, 9, by=world.manager)
    correction = AttendanceCorrection.objects.get()
    assert (correction.corrected_by, correction.reason) == (world.manager, "以签到表为准")
    assert AuditEvent.objects.get(action="courses.attendance_corrected").actor == world.manager


def test_remark_on_the_sheet_is_the_reason(seat, press, enter):
    press("in", 1)
    enter(0, 9, reason=" 第 3 行，本人补签 ")
    assert AttendanceCorrection.objects.get().reason == "第 3 行，本人补签"


def test_sheet_of_a_session_closed_for_good_replaces_nothing(world, seat, press, time_machine):
    press("in", 0)
    press("out", 8)
    type(seat.session).objects.update(closed_at=seat.session.ends_at)
    time_machine.move_to(seat.session.ends_at + dt.timedelta(days=CORRECTABLE_DAYS, minutes=1), tick=False)
    with pytest.raises(ClosedForGood):
        record_from_paper(seat, by=world.trainer, came=seat.session.starts_at, went=seat.session.ends_at)
    assert stands(seat)[1] == 8


@pytest.mark.parametrize(("came", "went"), [(0, -1), (9, 9), (-5, 9), (-72, 9), (0, 26)])
def test_impossible_sheet_leaves_what_the_button_recorded(seat, press, enter, came, went):
    press("in", 1)
    with pytest.raises(ImpossibleTime):
        enter(came, went)
    assert stands(seat) == (1, None, BUTTON, "")


ACTS = ("in", "out", "paper")


@pytest.mark.parametrize("order", list(permutations(ACTS)))
def test_no_order_loses_what_the_sheet_says(world, seat, time_machine, order):
    """Check-in at 0:30, check-out at 8:30, sheet 0:00–9:00: the sheet holds, whatever came before or after it."""
    start = seat.session.starts_at
    time_machine.move_to(start + HOUR / 2, tick=False)
    refused = []
    for act in order:
        if act == "paper" or order.index("paper") == 0:
            time_machine.move_to(max(start + 10 * HOUR, start), tick=False)
        elif act == "out":
            time_machine.move_to(start + 8.5 * HOUR, tick=False)
        try:
            if act == "paper":
                record_from_paper(seat, by=world.trainer, came=start, went=start + 9 * HOUR)
            else:
                {"in": check_in, "out": check_out}[act](seat, by=world.trainer)
        except Exception as refusal:
            refused.append((act, refusal.code))
    assert stands(seat) == (0, 9, PAPER, PAPER)
    after = order[order.index("paper") + 1 :]
    assert [act for act, code in refused if code == "attendance_time_on_record"] == list(after)
    assert minutes_credited(world.technician, world.module) == 480
