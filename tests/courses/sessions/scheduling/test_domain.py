"""Sessions through their life: the state table, scheduling, moving, calling off, opening, closing."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.enums import ClashKind, EnrolmentState, SessionState
from courses.models import Session
from courses.sessions.attendance.domain import check_in, check_out_everybody
from courses.sessions.clashes.domain import clashes_of_session, clashes_of_trainee
from courses.sessions.errors.attendance import AttendanceRecorded, StillInside, TooEarly
from courses.sessions.errors.scheduling import (
    EndsBeforeStart,
    NothingTaught,
    StartsInThePast,
    TooLittleTime,
    TrainerBusy,
    TrainerNotQualified,
)
from courses.sessions.errors.seats import FewerSeatsThanPeople
from courses.sessions.errors.states import NotYourSession, WrongState
from courses.sessions.scheduling.arrangement import SessionPlan
from courses.sessions.scheduling.domain import (
    cancel_session,
    close_session,
    open_check_in,
    reschedule_session,
    schedule_session,
)
from portal.enums import Role
from portal.models import AuditEvent
from tests.factories.courses import EnrolmentFactory, SessionFactory, TrainerFactory, TrainingModuleFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.engines

SCHEDULED, OPEN, CLOSED, CANCELLED = SessionState


@pytest.fixture
def schedule(world):
    """Return a function scheduling a day of class in a week, told only what differs."""
    start = (timezone.now() + dt.timedelta(days=7)).replace(hour=0, minute=30, second=0, microsecond=0)

    def make(*, by=world.trainer, already_held=False, **changes):
        given = {
            "trainer": world.trainer,
            "organisation": world.west,
            "modules": {world.module: 480},
            "starts_at": start,
            "ends_at": start + dt.timedelta(hours=9),
            "break_minutes": 60,
            "place": "一号教室",
        }
        return schedule_session(SessionPlan(**given | changes), by=by, already_held=already_held)

    return make


def test_schedule_session_keeps_what_was_planned_and_says_so_in_the_audit_log(world, schedule):
    session = schedule()
    assert (session.title, session.state, session.sequence) == ("冷冻设备技术培训", SCHEDULED, 0)
    assert [(part.module, part.minutes) for part in session.parts.all()] == [(world.module, 480)]
    event = AuditEvent.objects.get(action="courses.session_scheduled")
    assert (event.actor, event.subject) == (world.trainer, f"courses.session:{session.pk}")


def test_schedule_session_refuses_a_trainer_who_is_not_qualified(world, schedule):
    other = TrainingModuleFactory(title="灶具设备技术培训")
    with pytest.raises(TrainerNotQualified, match="灶具设备技术培训"):
        schedule(modules={world.module: 240, other: 240})
    no_trainer = PersonFactory(organisation=world.outlet)
    world.module.trainers.add(no_trainer)
    world.module.save()
    with pytest.raises(TrainerNotQualified):
        schedule(by=world.manager, trainer=no_trainer)


def test_schedule_session_refuses_a_trainer_who_is_busy_but_not_touching_times(world, schedule):
    first = schedule()
    with pytest.raises(TrainerBusy):
        schedule(starts_at=first.ends_at - dt.timedelta(minutes=1), ends_at=first.ends_at + dt.timedelta(hours=9))
    schedule(starts_at=first.ends_at, ends_at=first.ends_at + dt.timedelta(hours=9))
    assert Session.objects.count() == 2


def test_schedule_session_next_to_a_cancelled_one_is_fine(world, schedule):
    cancel_session(schedule(), by=world.trainer)
    assert schedule().state == SCHEDULED


def test_taken_place_is_a_warning_given_as_data(world, schedule):
    first = schedule()
    colleague = TrainerFactory(organisation=world.outlet)
    world.module.trainers.add(colleague)
    world.module.save()
    second = schedule(by=colleague, trainer=colleague, place=" 一号教室 ")
    clashes = clashes_of_session(second)
    assert [(clash.kind, clash.session, clash.code) for clash in clashes] == [(ClashKind.PLACE, first, "clash_place")]
    assert first.title in clashes[0].message


def test_trainee_is_told_of_the_other_booking_at_that_time(world, make_session):
    first, second = make_session(), make_session(trainer=TrainerFactory(organisation=world.outlet))
    EnrolmentFactory(session=first, person=world.technician)
    assert [clash.session for clash in clashes_of_trainee(world.technician, second)] == [first]
    assert clashes_of_trainee(world.technician, first) == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"modules": {}}, NothingTaught),
        ({"break_minutes": 61}, TooLittleTime),
        ({"ends_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, EndsBeforeStart),
        ({"starts_at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, StartsInThePast),
    ],
)
def test_schedule_session_refuses_facts_that_do_not_fit(schedule, changes, error):
    with pytest.raises(error):
        schedule(**changes)
    assert not Session.objects.exists()


def test_training_that_took_place_can_be_recorded(schedule):
    start = timezone.now() - dt.timedelta(days=3)
    session = schedule(starts_at=start, ends_at=start + dt.timedelta(hours=9), already_held=True)
    assert session.is_over


def test_who_may_schedule_for_whom(world, schedule):
    colleague = TrainerFactory(organisation=world.outlet)
    for intruder in (world.technician, world.contact, world.auditor, colleague, world.other_manager):
        with pytest.raises(NotYourSession):
            schedule(by=intruder)
    assert schedule(by=world.manager).trainer == world.trainer
    later = timezone.now() + dt.timedelta(days=30)
    times = {"starts_at": later, "ends_at": later + dt.timedelta(hours=9)}
    assert schedule(organisation=world.customer, audience="customers", **times).organisation == world.customer


def test_reschedule_session_grows_the_sequence_and_keeps_the_identity(world, make_session, time_machine):
    session = make_session()
    time_machine.move_to(session.changed_at + dt.timedelta(hours=1))
    start = session.starts_at + dt.timedelta(days=1)
    moved = reschedule_session(
        session, by=world.trainer, starts_at=start, ends_at=start + dt.timedelta(hours=9), place="二号教室"
    )
    assert (moved.sequence, moved.uid, moved.place) == (1, session.uid, "二号教室")
    assert moved.changed_at > session.changed_at


def test_reschedule_session_leaves_the_sequence_when_calendars_show_nothing_new(world, make_session):
    session = reschedule_session(make_session(), by=world.trainer, note="请带工作服", capacity=20)
    assert (session.sequence, session.note, session.capacity) == (0, "请带工作服", 20)


def test_reschedule_session_with_more_seats_lets_people_move_up(world, make_session):
    session = make_session(capacity=1)
    EnrolmentFactory(session=session)
    waiting = EnrolmentFactory(session=session, state=EnrolmentState.WAITLISTED)
    reschedule_session(session, by=world.trainer, capacity=2)
    waiting.refresh_from_db()
    assert waiting.is_seated


def test_reschedule_session_refusals(world, make_session):
    session = make_session(capacity=3)
    EnrolmentFactory.create_batch(2, session=session)
    past = timezone.now() - dt.timedelta(days=1)
    for by, changes, error in [
        (world.technician, {"place": "别处"}, NotYourSession),
        (world.other_manager, {"place": "别处"}, NotYourSession),
        (world.trainer, {"capacity": 1}, FewerSeatsThanPeople),
        (world.trainer, {"starts_at": past}, StartsInThePast),
        (world.trainer, {"break_minutes": 120}, TooLittleTime),
        (world.manager, {"trainer": TrainerFactory(organisation=world.outlet)}, TrainerNotQualified),
    ]:
        with pytest.raises(error):
            reschedule_session(session, by=by, **changes)
    session.state = OPEN
    session.save()
    with pytest.raises(WrongState):
        reschedule_session(session, by=world.trainer, place="别处", capacity=9)
    assert reschedule_session(session, by=world.trainer, place=session.place, capacity=9).capacity == 9


def test_cancel_session_is_kept_with_its_reason_and_counts_once(world, make_session):
    session = make_session()
    for _ in range(2):
        session = cancel_session(session, by=world.manager, reason="讲师出差")
    assert (session.state, session.sequence, session.cancel_reason) == (CANCELLED, 1, "讲师出差")
    assert AuditEvent.objects.filter(action="courses.session_cancelled").count() == 1


def test_cancel_session_refusals(world, make_session):
    for intruder in (world.technician, world.stranger, world.other_manager, world.auditor, world.contact):
        with pytest.raises(NotYourSession):
            cancel_session(make_session(starts_at=timezone.now()), by=intruder)
    with pytest.raises(WrongState):
        cancel_session(make_session(state=CLOSED), by=world.trainer)


def test_check_in_opens_four_hours_before_and_not_earlier(world, make_session, time_machine):
    session = make_session()
    time_machine.move_to(session.starts_at - dt.timedelta(hours=4, minutes=1))
    with pytest.raises(TooEarly):
        open_check_in(session, by=world.trainer)
    time_machine.shift(dt.timedelta(minutes=1))
    assert open_check_in(session, by=world.trainer).state == OPEN
    assert open_check_in(session, by=world.trainer).state == OPEN
    assert AuditEvent.objects.filter(action="courses.check_in_opened").count() == 1


def test_close_session_waits_until_everybody_is_checked_out(world, open_session, time_machine):
    time_machine.move_to(open_session.starts_at)
    enrolment = EnrolmentFactory(session=open_session, person=world.technician)
    check_in(enrolment, by=world.trainer)
    with pytest.raises(StillInside, match="小林"):
        close_session(open_session, by=world.trainer)
    with pytest.raises(AttendanceRecorded):
        cancel_session(open_session, by=world.trainer)
    time_machine.move_to(open_session.ends_at)
    check_out_everybody(open_session, by=world.trainer)
    assert close_session(open_session, by=world.trainer).state == CLOSED
    assert close_session(open_session, by=world.trainer).state == CLOSED
    assert open_check_in(open_session, by=world.manager).state == OPEN


def test_close_session_that_never_opened_is_refused(world, make_session):
    with pytest.raises(WrongState):
        close_session(make_session(), by=world.trainer)


def test_trainer_without_the_role_any_more_still_ends_the_own_session(world):
    former = PersonFactory(organisation=world.outlet, roles=[Role.ENGINEER])
    session = SessionFactory(trainer=former, state=OPEN)
    assert close_session(session, by=former).state == CLOSED
