"""Attendance of each meeting: pressed, scanned, from paper, corrected; hours are the sum of the meetings attended."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.checkins.domain import arrive, confirm, leave
from courses.checkins.errors import NotOpenYet
from courses.checkins.taps import Tap, record_taps
from courses.enums import SessionState
from courses.evaluations.domain import ask_for_reviews, invite
from courses.models import Attendance, EffectReview, HourCredit, Meeting, Session
from courses.nominations.times import match_nominee, record_times
from courses.sessions.attendance.corrections import correct_attendance, strike_attendance
from courses.sessions.attendance.credits import share_of
from courses.sessions.attendance.domain import (
    attendance_of,
    check_in,
    check_out,
    check_out_everybody,
    record_from_paper,
)
from courses.sessions.attendance.hours import minutes_credited
from courses.sessions.attendance.presence import check_present_nowhere_else
from courses.sessions.errors.attendance import AlreadyThere, ImpossibleTime, NotCheckedIn, PresentElsewhere, StillInside
from courses.sessions.errors.meetings import NoSuchMeeting
from courses.sessions.meetings.domain import current_meeting
from courses.sessions.queries import people_present, roster_of
from courses.sessions.scheduling.domain import close_session
from courses.sessions.seats.domain import cancel_seat
from tests.courses.conftest import NOON
from tests.courses.sessions.courses import DAY, HOUR, spans
from tests.factories.courses import (
    AttendanceFactory,
    EnrolmentFactory,
    NomineeFactory,
    TrainerFactory,
    TrainingModuleFactory,
    TrainingRequestFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines

# Eight o'clock in Shanghai.
START = NOON - HOUR * 4


@pytest.fixture
def course(world, make_session, time_machine):
    """Three meetings of three hours on three days, open, at the moment the first one begins."""
    time_machine.move_to(START, tick=False)
    return make_session(meetings=spans(START), break_minutes=0, state=SessionState.OPEN)


@pytest.fixture
def seat(world, course):
    """The technician's seat in the course."""
    return EnrolmentFactory(session=course, person=world.technician)


def meetings_of(session):
    return list(session.meetings.all())


def test_buttons_are_about_the_meeting_of_the_moment(world, seat, time_machine):
    first, second, _third = meetings_of(seat.session)
    assert check_in(seat, by=world.trainer).meeting == first
    time_machine.move_to(START + 3 * HOUR, tick=False)
    assert check_out(seat, by=world.trainer).meeting == first
    time_machine.move_to(START + DAY + 10 * dt.timedelta(minutes=1), tick=False)
    late = check_in(seat, by=world.trainer)
    assert (late.meeting, late.minutes_late) == (second, 10)
    assert seat.meetings_attended == 2


def test_hours_are_the_sum_of_the_meetings_attended(world, seat, time_machine):
    for number, (begins, ends) in enumerate(spans(START)):
        time_machine.move_to(begins, tick=False)
        check_in(seat, by=world.trainer)
        time_machine.move_to(ends - HOUR if number == 2 else ends, tick=False)
        check_out(seat, by=world.trainer)
        expected = {0: 160, 1: 320, 2: 320 + 160 * 2 // 3}[number]
        assert minutes_credited(world.technician, world.module) == expected
    days = HourCredit.objects.order_by("earned_on").values_list("earned_on", flat=True)
    assert list(days) == [timezone.localdate(START + day * DAY) for day in range(3)]
    (row,) = roster_of(seat.session)
    assert row.credited == [(world.module, 426)]


@given(
    minutes=st.integers(min_value=1, max_value=2000),
    lengths=st.lists(st.integers(min_value=10, max_value=600), min_size=1, max_size=8),
)
def test_shares_of_a_module_add_up_to_all_of_it(minutes, lengths):
    held = [
        Meeting(pk=number, number=number, starts_at=starts, ends_at=starts + dt.timedelta(minutes=length))
        for number, length in enumerate(lengths, start=1)
        for starts in [START + number * DAY]
    ]
    session = Session(pk=1, meeting_count=len(held))
    session._prefetched_objects_cache = {"meetings": held, "dropped_meetings": []}
    for meeting in held:
        meeting.session = session
    shares = [share_of(meeting, minutes) for meeting in held]
    assert sum(shares) == minutes
    assert min(shares) >= 0


def test_who_is_still_inside_leaves_that_meeting(world, course, seat, time_machine):
    """Morning and afternoon of one day: the press after the morning is about the morning."""
    course.meetings.filter(number=2).update(starts_at=START + 4 * HOUR, ends_at=START + 7 * HOUR)
    first, second, _third = meetings_of(course)
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + 3 * HOUR + dt.timedelta(minutes=5), tick=False)
    assert current_meeting(course) == second
    assert check_out(seat, by=world.trainer).meeting == first
    assert check_in(seat, by=world.trainer).meeting == second


def test_a_press_kept_by_a_telephone_is_of_the_meeting_of_its_moment(world, course, seat, time_machine):
    time_machine.move_to(START + DAY + 2 * HOUR, tick=False)
    record_taps(course, [Tap(uuid.uuid4(), seat.pk, "check-in", dt.timedelta(hours=2))], by=world.trainer)
    record_taps(course, [Tap(uuid.uuid4(), seat.pk, "check-out", dt.timedelta(hours=1))], by=world.trainer)
    there = Attendance.objects.get()
    assert (there.meeting.number, there.came, there.went) == (2, START + DAY, START + DAY + HOUR)


def test_paper_and_corrections_are_of_a_meeting(world, seat, time_machine):
    first, second, third = meetings_of(seat.session)
    time_machine.move_to(START + 2 * DAY + 4 * HOUR, tick=False)
    for meeting in (first, second):
        record_from_paper(seat, by=world.trainer, came=meeting.starts_at, went=meeting.ends_at, meeting=meeting)
    assert record_from_paper(seat, by=world.trainer, came=third.starts_at, went=third.ends_at).meeting == third
    assert minutes_credited(world.technician, world.module) == 480
    times = {"came": second.starts_at, "went": second.ends_at - 2 * HOUR}
    correct_attendance(seat, by=world.trainer, reason="早退", meeting=second, **times)
    strike_attendance(seat, by=world.trainer, reason="未到", meeting=first)
    assert minutes_credited(world.technician, world.module) == 160 // 3 + 160
    assert attendance_of(seat, third).correction is None
    assert seat.meetings_attended == 2
    with pytest.raises(NoSuchMeeting):
        strike_attendance(seat, by=world.trainer, reason="哪一次？")


def test_paper_of_one_meeting_with_the_times_of_another_is_refused(world, seat, time_machine):
    first, second, _third = meetings_of(seat.session)
    time_machine.move_to(START + 2 * DAY, tick=False)
    with pytest.raises(ImpossibleTime):
        record_from_paper(seat, by=world.trainer, came=second.starts_at, went=second.ends_at, meeting=first)
    assert not Attendance.objects.exists()


def test_one_attendance_a_meeting(world, seat):
    first = meetings_of(seat.session)[0]
    AttendanceFactory(enrolment=seat, meeting=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttendanceFactory(enrolment=seat, meeting=first)


def test_nobody_checks_out_of_a_meeting_they_did_not_come_to(world, seat, time_machine):
    AttendanceFactory(enrolment=seat, meeting=meetings_of(seat.session)[0])
    time_machine.move_to(START + DAY + HOUR, tick=False)
    with pytest.raises(NotCheckedIn):
        check_out(seat, by=world.trainer)


def test_everybody_leaves_whatever_meeting_they_are_in(world, course, seat, time_machine):
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + DAY, tick=False)
    other = EnrolmentFactory(session=course)
    check_in(other, by=world.trainer)
    time_machine.move_to(START + DAY + 3 * HOUR, tick=False)
    assert {found.meeting.number for found in check_out_everybody(course, by=world.trainer)} == {1, 2}


def test_who_was_forgotten_leaves_at_the_end_of_the_meeting(world, course, seat, make_session, time_machine):
    """Forgotten on the first day, elsewhere in between: the next day's mass check-out is not held up by it."""
    first, second, _third = meetings_of(course)
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + DAY, tick=False)
    evening = {"starts_at": START + 8 * HOUR, "ends_at": START + 10 * HOUR, "state": SessionState.OPEN}
    other = EnrolmentFactory(
        session=make_session(trainer=TrainerFactory(organisation=world.west), **evening), person=world.technician
    )
    there = {"checked_in_at": START + 8 * HOUR, "checked_out_at": START + 10 * HOUR}
    AttendanceFactory(enrolment=other, meeting=meetings_of(other.session)[0], **there)
    check_in(seat, by=world.trainer, meeting=second)
    time_machine.move_to(START + DAY + 4 * HOUR, tick=False)
    left = check_out_everybody(course, by=world.trainer)
    assert [(one.meeting, one.went) for one in left] == [(first, first.ends_at), (second, second.ends_at)]


def test_who_is_inside_two_meetings_leaves_the_last_one(world, course, seat, time_machine):
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + DAY, tick=False)
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + DAY + HOUR, tick=False)
    assert check_out(seat, by=world.trainer).meeting.number == 2
    assert check_out(seat, by=world.trainer).went == START + 3 * HOUR


def test_nobody_comes_to_a_meeting_while_inside_another(world, course, seat, time_machine):
    course.meetings.filter(number=2).update(starts_at=START + 4 * HOUR, ends_at=START + 7 * HOUR)
    first, second, _third = meetings_of(course)
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + 2 * HOUR, tick=False)
    with pytest.raises(PresentElsewhere):
        check_in(seat, by=world.trainer, meeting=second)
    check_out(seat, by=world.trainer, meeting=first)
    assert check_in(seat, by=world.trainer, meeting=second).meeting == second


def test_a_press_kept_by_a_telephone_is_of_the_meeting_of_its_roster(world, course, seat, time_machine):
    first, second, _third = meetings_of(course)
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + DAY, tick=False)
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + DAY + 2 * HOUR, tick=False)
    record_taps(course, [Tap(uuid.uuid4(), seat.pk, "check-out", HOUR, first.pk)], by=world.trainer)
    assert attendance_of(seat, first).went == first.ends_at
    assert attendance_of(seat, second).went is None
    (sent,) = record_taps(course, [Tap(uuid.uuid4(), seat.pk, "check-out", HOUR, 0)], by=world.trainer)
    assert sent.refusal == NoSuchMeeting.code


def test_closing_waits_for_who_is_inside_any_meeting(world, course, seat, time_machine):
    check_in(seat, by=world.trainer)
    time_machine.move_to(START + 3 * DAY, tick=False)
    with pytest.raises(StillInside):
        close_session(course, by=world.trainer)


def test_who_came_to_a_meeting_keeps_the_seat(world, seat):
    check_in(seat, by=world.trainer)
    with pytest.raises(AlreadyThere):
        cancel_seat(seat, by=world.trainer)


def test_nobody_is_in_two_places_but_may_be_elsewhere_between_meetings(world, course, seat, make_session):
    other = make_session(trainer=TrainerFactory(organisation=world.west), meetings=spans(START, days=(1, 4)))
    AttendanceFactory(
        enrolment=seat,
        meeting=meetings_of(course)[1],
        checked_in_at=START + DAY,
        checked_out_at=START + DAY + 3 * HOUR,
    )
    check_present_nowhere_else(world.technician, other, START + 4 * DAY, START + 4 * DAY + HOUR)
    check_present_nowhere_else(world.technician, other, START, START + HOUR)
    with pytest.raises(PresentElsewhere):
        check_present_nowhere_else(world.technician, other, START + DAY, START + DAY + HOUR)
    with pytest.raises(PresentElsewhere):
        check_present_nowhere_else(world.trainer, other, START + 2 * DAY, START + 2 * DAY + HOUR)
    check_present_nowhere_else(world.trainer, other, START + 4 * HOUR, START + 5 * HOUR)


def test_scans_are_of_a_meeting(world, course, seat, time_machine):
    arrival = arrive(course, at=timezone.now(), person=world.technician)
    confirm(arrival, by=world.trainer)
    time_machine.move_to(START + 3 * HOUR, tick=False)
    leave(arrival, at=timezone.now())
    confirm(arrival, by=world.trainer)
    with pytest.raises(NotOpenYet):
        arrive(course, at=timezone.now(), person=world.technician)
    time_machine.move_to(START + DAY, tick=False)
    again = arrive(course, at=timezone.now(), person=world.technician)
    assert again != arrival
    confirm(again, by=world.trainer)
    assert [(one.meeting.number, bool(one.went)) for one in seat.recordings] == [(1, True), (2, False)]


def test_named_people_have_times_of_each_meeting(world, make_session, time_machine):
    facts = {"organisation": world.customer, "audience": "customers", "state": SessionState.OPEN}
    course = make_session(meetings=spans(START), break_minutes=0, **facts)
    nominee = NomineeFactory(request=TrainingRequestFactory(organisation=world.customer, session=course))
    time_machine.move_to(START + 3 * DAY, tick=False)
    for meeting in meetings_of(course)[:2]:
        record_times(course, {nominee.pk: (meeting.starts_at, meeting.ends_at)}, by=world.trainer, meeting=meeting)
    assert [times.meeting.number for times in nominee.presences] == [1, 2]
    assert nominee.credited == [(world.module, 320)]
    assert people_present([course]) == {course.pk: 1}
    with pytest.raises(NoSuchMeeting):
        record_times(course, {nominee.pk: None}, by=world.trainer, reason="未到")
    person = PersonFactory(organisation=world.customer)
    match_nominee(nominee, person, by=world.trainer)
    assert minutes_credited(person, world.module) == 320
    assert Attendance.objects.filter(enrolment__person=person).count() == 2


def test_one_invitation_and_one_review_for_a_course(world, course, seat, time_machine):
    for meeting in meetings_of(course):
        AttendanceFactory(
            enrolment=seat, meeting=meeting, checked_in_at=meeting.starts_at, checked_out_at=meeting.ends_at
        )
    assert (invite(course), people_present([course])) == (1, {course.pk: 1})
    Session.objects.filter(pk=course.pk).update(state=SessionState.CLOSED)
    time_machine.move_to(START + 35 * DAY, tick=False)
    assert (ask_for_reviews(), ask_for_reviews()) == (1, 0)
    assert EffectReview.objects.get().due_on == timezone.localdate(START + 32 * DAY)


def test_modules_are_shared_out_apart(world, course, seat, time_machine):
    other = TrainingModuleFactory(trainers=[world.trainer])
    course.parts.create(module=other, minutes=50)
    first = meetings_of(course)[0]
    time_machine.move_to(first.ends_at, tick=False)
    record_from_paper(seat, by=world.trainer, came=first.starts_at, went=first.ends_at)
    assert minutes_credited(world.technician, world.module) == 160
    assert minutes_credited(world.technician, other) == 16
