"""What is credited for time spent in a session, first and after corrections."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.models import HourCredit, NomineeCredit, Session
from courses.nominations.times import record_times
from courses.sessions.attendance.corrections import correct_attendance, strike_attendance
from courses.sessions.attendance.credits import credited_minutes, settle
from courses.sessions.attendance.domain import attendance_of, check_in, check_out
from courses.sessions.attendance.hours import minutes_credited, progress_of
from courses.signals import hours_credited
from tests.courses.conftest import NOON
from tests.courses.sessions.courses import HOUR, spans
from tests.factories.courses import (
    HourCreditFactory,
    NomineeFactory,
    SessionModuleFactory,
    TrainingModuleFactory,
    TrainingRequestFactory,
)

pytestmark = pytest.mark.engines

START = NOON
END = START + dt.timedelta(hours=9)
SESSION = Session(starts_at=START, ends_at=END)
moments = st.integers(min_value=-7200, max_value=9 * 3600 + 7200).map(lambda s: START + dt.timedelta(seconds=s))
module_minutes = st.integers(min_value=1, max_value=600)


@given(came=moments, went=moments, minutes=module_minutes)
def test_credit_is_never_more_than_the_module_nor_less_than_nothing(came, went, minutes):
    assert 0 <= credited_minutes(SESSION, came, went, minutes) <= minutes


@given(came=moments, went=moments, minutes=module_minutes, more=st.integers(min_value=0, max_value=7200))
def test_credit_grows_with_the_time_stayed(came, went, minutes, more):
    longer = went + dt.timedelta(seconds=more)
    assert credited_minutes(SESSION, came, went, minutes) <= credited_minutes(SESSION, came, longer, minutes)


@given(came=moments, went=moments, minutes=module_minutes)
def test_credit_is_whole_from_ninety_per_cent_and_a_rounded_down_share_below(came, went, minutes):
    present = max(dt.timedelta(), min(went, END) - max(came, START))
    if present >= (END - START) * 0.9:
        expected = minutes
    else:
        expected = int(minutes * present.total_seconds() // (END - START).total_seconds())
    assert credited_minutes(SESSION, came, went, minutes) == expected


@pytest.mark.parametrize(
    ("late", "early", "credited"),
    [(0, 0, 480), (-30, -30, 480), (54, 0, 480), (55, 0, 431), (0, 270, 240), (270, 270, 0), (600, 0, 0)],
)
def test_credit_by_minutes_late_and_early(late, early, credited):
    came, went = START + dt.timedelta(minutes=late), END - dt.timedelta(minutes=early)
    assert credited_minutes(SESSION, came, went, 480) == credited


@pytest.fixture
def gained(db):
    """The minutes that receivers of ``hours_credited`` were told of."""
    told: list[int] = []

    def listen(credits, **kwargs):
        told.extend(credit.minutes for credit in credits)

    hours_credited.connect(listen)
    yield told
    hours_credited.disconnect(listen)


@pytest.fixture
def half_day(world, seat, time_machine):
    """The technician was there from the start for half of the session: 240 of 480 minutes are credited."""
    check_in(seat, by=world.trainer)
    time_machine.shift(dt.timedelta(hours=4, minutes=30))
    check_out(seat, by=world.trainer)
    time_machine.move_to(seat.session.ends_at + dt.timedelta(hours=1), tick=False)
    return seat


def test_first_credit_corrects_nothing(half_day):
    credit = HourCredit.objects.get()
    assert (credit.minutes, credit.number, credit.corrects) == (240, 0, None)


def test_settling_twice_adds_nothing(half_day):
    assert settle(attendance_of(half_day)) == []
    assert HourCredit.objects.count() == 1


def test_correction_appends_the_difference_and_names_what_it_corrects(world, half_day):
    first = HourCredit.objects.get()
    correct_attendance(
        half_day,
        by=world.trainer,
        came=half_day.session.starts_at,
        went=half_day.session.ends_at,
        reason="提前按了签退",
    )
    second = HourCredit.objects.exclude(pk=first.pk).get()
    assert (second.minutes, second.number, second.corrects) == (240, 1, first)
    assert minutes_credited(world.technician, world.module) == 480


def test_difference_may_be_negative(world, half_day):
    start = half_day.session.starts_at
    correct_attendance(
        half_day, by=world.trainer, came=start, went=start + dt.timedelta(hours=1, minutes=7, seconds=30), reason="早退"
    )
    assert list(HourCredit.objects.order_by("pk").values_list("minutes", flat=True)) == [240, -180]
    assert minutes_credited(world.technician, world.module) == 60


def test_what_was_known_before_the_correction_stays_known(world, half_day, time_machine):
    before = dt.datetime.fromisoformat(half_day.session.ends_at.isoformat()) + dt.timedelta(minutes=30)
    strike_attendance(half_day, by=world.trainer, reason="签错了人")
    assert minutes_credited(world.technician, world.module) == 0
    assert minutes_credited(world.technician, world.module, known_at=before) == 240


def test_day_of_the_training_stays_the_day_of_the_difference(world, half_day, time_machine):
    time_machine.shift(dt.timedelta(days=20))
    strike_attendance(half_day, by=world.trainer, reason="签错了人")
    assert HourCredit.objects.values_list("earned_on").distinct().count() == 1


def test_module_that_was_worth_nothing_before_is_credited_by_the_correction(world, seat, time_machine):
    SessionModuleFactory(session=seat.session, module=TrainingModuleFactory(code="TM-KURZ"), minutes=1)
    check_in(seat, by=world.trainer)
    time_machine.shift(dt.timedelta(minutes=5))
    check_out(seat, by=world.trainer)
    time_machine.move_to(seat.session.ends_at)
    came, went = seat.session.starts_at, seat.session.ends_at
    correct_attendance(seat, by=world.trainer, came=came, went=went, reason="误签退")
    credit = HourCredit.objects.get(module__code="TM-KURZ")
    assert (credit.minutes, credit.number, credit.corrects) == (1, 1, None)


def test_who_listens_hears_only_of_hours_gained(world, half_day, gained):
    start = half_day.session.starts_at
    correct_attendance(half_day, by=world.trainer, came=start, went=half_day.session.ends_at, reason="误签退")
    strike_attendance(half_day, by=world.trainer, reason="签错了人")
    assert gained == [240]


def test_progress_follows_the_correction(world, half_day):
    strike_attendance(half_day, by=world.trainer, reason="签错了人")
    assert [(progress.module, progress.credited) for progress in progress_of(world.technician)] == [(world.module, 0)]


@pytest.mark.parametrize("minutes", [0, -30])
def test_first_credit_adds_time(db, minutes):
    with pytest.raises(IntegrityError), transaction.atomic():
        HourCreditFactory(minutes=minutes)


def test_attendance_adds_its_credits_up_by_module(world, half_day):
    strike_attendance(half_day, by=world.trainer, reason="签错了人")
    assert attendance_of(half_day).credited == []
    correct_attendance(
        half_day, by=world.trainer, came=half_day.session.starts_at, went=half_day.session.ends_at, reason="确实到场"
    )
    assert attendance_of(half_day).credited == [(world.module, 480)]


def test_meetings_are_read_once_for_all_people_and_modules(world, make_session):
    """Three people named for a course of three meetings and three modules."""
    begin = timezone.now() - 2 * HOUR
    course = make_session(
        meetings=spans(begin, hours=1), break_minutes=0, state="open", modules=TrainingModuleFactory.create_batch(3)
    )
    asked = TrainingRequestFactory(organisation=world.customer, asked_by=world.contact, session=course, state="planned")
    people = NomineeFactory.create_batch(3, request=asked)
    first = course.meetings.get(number=1)
    times = {one.pk: (first.starts_at, first.ends_at) for one in people}
    with CaptureQueriesContext(connection) as seen:
        record_times(course, times, by=world.trainer, meeting=first)
    read = [one for one in seen.captured_queries if 'FROM "courses_meeting"' in one["sql"]]
    assert len(read) <= 2
    assert NomineeCredit.objects.count() == 9
