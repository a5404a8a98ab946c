"""Sessions of several meetings: arranging, changing, clashing by meeting, repeating."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from courses.enums import SessionState
from courses.models import DroppedMeeting, Session
from courses.sessions.errors.meetings import (
    MeetingHeld,
    MeetingsAhead,
    MeetingsOverlap,
    NoSuchMeeting,
    NothingButBreaks,
    OnlyComingMeetings,
    TooManyMeetings,
)
from courses.sessions.errors.scheduling import EndsBeforeStart, StartsInThePast, TooLittleTime
from courses.sessions.errors.states import WrongState
from courses.sessions.meetings.domain import MOST, MeetingPlan
from courses.sessions.queries import next_session_of
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import close_session, open_check_in, reschedule_session, schedule_session
from courses.sessions.scheduling.moving import move_session, version_in_schedule
from courses.sessions.wording import written_time
from portal.models import AuditEvent
from tests.courses.sessions.courses import DAY, HOUR, plans_of, spans
from tests.factories.courses import (
    AttendanceFactory,
    EnrolmentFactory,
    MeetingFactory,
    TrainerFactory,
)

pytestmark = pytest.mark.engines


@pytest.fixture
def schedule(world, start):
    """Return a function scheduling three meetings of three hours, a day apart, in two rooms."""

    def make(*, more=None, **changes):
        further = [
            MeetingPlan(starts_at=start + days * DAY, ends_at=start + days * DAY + 3 * HOUR, place=place)
            for days, place in ((2, "二号教室"), (1, "一号教室"))
        ]
        given = {
            "trainer": world.trainer,
            "organisation": world.west,
            "modules": {world.module: 480},
            "starts_at": start,
            "ends_at": start + 3 * HOUR,
            "place": "一号教室",
            "more": further if more is None else more,
        }
        return schedule_session(SessionPlan(**given | changes), by=world.trainer)

    return make


def test_the_session_says_what_holds_for_all_meetings(schedule, start):
    session = Session.objects.get(pk=schedule().pk)
    assert (session.starts_at, session.ends_at) == (start, start + 2 * DAY + 3 * HOUR)
    assert (session.place, session.meeting_count, session.planned_minutes) == ("一号教室", 3, 540)
    meetings = list(session.meetings.all())
    assert [(one.number, one.label, one.place) for one in meetings] == [
        (1, "1/3", "一号教室"),
        (2, "2/3", "一号教室"),
        (3, "3/3", "二号教室"),
    ]
    assert meetings[0].uid == session.uid
    assert len({one.uid for one in meetings}) == 3
    assert written_time(session).endswith("，共 3 次课")


def test_a_session_of_one_day_has_one_meeting_without_a_number(world, start, schedule):
    session = schedule(more=[], modules={world.module: 180})
    assert [(one.label, one.uid) for one in session.meetings.all()] == [("", session.uid)]
    assert written_time(session).endswith("08:30–11:30")


@pytest.mark.parametrize("minutes", [540, 541])
def test_the_modules_fit_into_all_meetings_together(world, schedule, minutes):
    if minutes > 540:
        with pytest.raises(TooLittleTime):
            schedule(modules={world.module: minutes})
        assert not Session.objects.exists()
    else:
        assert schedule(modules={world.module: minutes}).meetings.count() == 3


@pytest.mark.parametrize("breaks", [60, 90])
def test_breaks_that_fill_a_meeting_are_refused_though_the_sum_suffices(schedule, start, breaks):
    short = MeetingPlan(starts_at=start + DAY, ends_at=start + DAY + HOUR, break_minutes=breaks, place="一号教室")
    whole = MeetingPlan(starts_at=start + 2 * DAY, ends_at=start + 2 * DAY + 9 * HOUR, place="一号教室")
    with pytest.raises(NothingButBreaks):
        schedule(more=[short, whole])
    assert not Session.objects.exists()
    schedule(more=[replace(short, break_minutes=59), whole])


@pytest.mark.parametrize(
    ("hours", "refusal"), [(2, MeetingsOverlap), (0, MeetingsOverlap), (-24 * 30, StartsInThePast)]
)
def test_meetings_that_cannot_be_are_refused(schedule, start, hours, refusal):
    odd = MeetingPlan(starts_at=start + hours * HOUR, ends_at=start + (hours + 3) * HOUR, place="一号教室")
    with pytest.raises(refusal):
        schedule(more=[odd])
    assert not Session.objects.exists()


def test_a_meeting_ends_after_it_begins(schedule, start):
    with pytest.raises(EndsBeforeStart):
        schedule(more=[MeetingPlan(starts_at=start + DAY, ends_at=start + DAY, place="一号教室")])


def test_touching_meetings_share_no_time(schedule, start):
    afternoon = MeetingPlan(starts_at=start + 3 * HOUR, ends_at=start + 8 * HOUR, place="二号教室")
    assert schedule(more=[afternoon]).meeting_count == 2


def test_so_many_meetings_and_no_more(schedule, start):
    more = [
        MeetingPlan(starts_at=at, ends_at=end, place="一号教室") for at, end in spans(start, days=range(1, MOST + 1))
    ]
    with pytest.raises(TooManyMeetings):
        schedule(more=more)


def test_naive_times_are_impossible(schedule, start):
    naive = start.replace(tzinfo=None) + DAY
    with pytest.raises(TypeError):
        schedule(more=[MeetingPlan(starts_at=naive, ends_at=naive + HOUR, place="一号教室")])


def test_the_database_knows_each_number_once(schedule):
    session = schedule()
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingFactory(session=session, number=3)


# --- changes ---------------------------------------------------------------------------------------------


def test_a_dropped_meeting_is_remembered_for_calendars(world, schedule, start):
    session = schedule(modules={world.module: 300})
    gone = session.meetings.get(number=2)
    plans = plans_of(session)
    moved = reschedule_session(session, by=world.trainer, meetings=[plans[0], plans[2]])
    assert (moved.meeting_count, moved.sequence) == (2, 1)
    assert [(one.number, one.starts_at) for one in moved.meetings.all()] == [(1, start), (2, start + 2 * DAY)]
    assert DroppedMeeting.objects.get().uid == gone.uid
    (change,) = [
        one
        for one in AuditEvent.objects.get(action="courses.session_rescheduled").detail["changes"]
        if one["field"] == "meetings"
    ]
    assert (len(change["old"]), len(change["new"])) == (3, 2)


def test_a_meeting_keeps_its_identity_when_an_earlier_one_is_added(world, schedule, start):
    session = schedule()
    uids = {one.starts_at: one.uid for one in session.meetings.all()}
    earlier = MeetingPlan(starts_at=start - DAY, ends_at=start - DAY + HOUR, place="一号教室")
    moved = reschedule_session(session, by=world.trainer, meetings=[*plans_of(session), earlier])
    assert moved.starts_at == start - DAY
    assert {one.starts_at: one.uid for one in moved.meetings.all() if one.starts_at in uids} == uids


def test_saving_the_same_meetings_changes_nothing(world, schedule):
    session = schedule()
    same = reschedule_session(session, by=world.trainer, meetings=plans_of(session))
    assert same.sequence == 0


def test_one_meeting_is_moved_alone(world, schedule, start):
    session = schedule()
    second = session.meetings.get(number=2)
    facts = {"trainer": world.trainer, "place": "三号教室", "seen": version_in_schedule(second)}
    moved = move_session(session, by=world.trainer, starts_at=start + 5 * DAY, meeting=second, **facts)
    assert [(one.place, one.starts_at - start) for one in moved.meetings.all()] == [
        ("一号教室", 0 * DAY),
        ("二号教室", 2 * DAY),
        ("三号教室", 5 * DAY),
    ]
    assert moved.meetings.get(number=3).pk == second.pk
    with pytest.raises(NoSuchMeeting):
        move_session(session, by=world.trainer, starts_at=start, trainer=world.trainer, place="三号教室")


def test_coming_meetings_are_moved_while_check_in_is_open(world, running, start):
    plans = plans_of(running)
    moved = reschedule_session(running, by=world.trainer, meetings=[*plans[:2], plans[2].moved(DAY, key=plans[2].key)])
    assert moved.meetings.get(number=3).starts_at == start + 3 * DAY


@pytest.mark.parametrize("what", ["begun", "longer", "more", "before"])
def test_nothing_else_is_changed_while_check_in_is_open(world, running, start, what):
    first, second, third = plans_of(running)
    wanted = {
        "begun": [first.moved(HOUR, key=first.key), second, third],
        "longer": [first, second, MeetingPlan(**vars(third) | {"ends_at": third.ends_at + HOUR})],
        "more": [first, second, third, third.moved(DAY)],
        "before": [first, second, third.moved(-9 * DAY, key=third.key)],
    }[what]
    with pytest.raises((OnlyComingMeetings, StartsInThePast)):
        reschedule_session(running, by=world.trainer, meetings=wanted)
    with pytest.raises(WrongState):
        reschedule_session(running, by=world.trainer, title="别的")


def test_a_meeting_to_which_somebody_came_stays(world, schedule):
    session = schedule(modules={world.module: 300})
    second = session.meetings.get(number=2)
    AttendanceFactory(enrolment__session=session, meeting=second)
    plans = plans_of(session)
    with pytest.raises(MeetingHeld):
        reschedule_session(session, by=world.trainer, meetings=[plans[0], plans[2]])


def test_a_course_is_closed_after_its_last_meeting(world, running, time_machine, start):
    with pytest.raises(MeetingsAhead, match="3/3"):
        close_session(running, by=world.trainer)
    time_machine.move_to(start + 2 * DAY + 3 * HOUR, tick=False)
    assert close_session(running, by=world.trainer).state == SessionState.CLOSED


def test_check_in_opens_before_the_first_meeting(world, make_session, start, time_machine):
    course = make_session(meetings=spans(start))
    time_machine.move_to(start - 4 * HOUR, tick=False)
    assert open_check_in(course, by=world.trainer).state == SessionState.OPEN


def test_the_next_session_is_the_one_with_the_next_meeting(world, make_session, start, time_machine):
    course = make_session(meetings=spans(start, days=(0, 6)))
    single = make_session(starts_at=start + 2 * DAY, trainer=TrainerFactory(organisation=world.west))
    for session in (course, single):
        EnrolmentFactory(session=session, person=world.technician)
    assert next_session_of(world.technician) == course
    time_machine.move_to(start + DAY, tick=False)
    assert next_session_of(world.technician) == single
    assert course.shown_meeting.label == "2/2"
