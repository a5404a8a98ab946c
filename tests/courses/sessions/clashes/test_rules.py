"""What becomes of a clash, by the organisation's policy; and that looking for clashes does not grow with history."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courses.enums import ClashKind, Policy
from courses.models import ClashPolicy, Session, SpecialDay
from courses.models.places import place_key
from courses.places.domain import put_place
from courses.plans.generating import generate_sessions
from courses.sessions.clashes.domain import clashes_of, clashes_of_session
from courses.sessions.clashes.rules import REFUSALS, check_clashes, judged
from courses.sessions.errors.scheduling import (
    ClashesToConfirm,
    MachineTaken,
    OnPublicHoliday,
    PlaceTaken,
    PlaceTooSmall,
    SessionTooLong,
    SeveralClashes,
    TraineesBusy,
    TrainerBusy,
    TrainerNotAllowedThatDay,
)
from courses.sessions.meetings.domain import MeetingPlan
from courses.sessions.scheduling.domain import reschedule_session
from portal.enums import Task
from portal.models import AuditEvent, Person
from portal.registry.duty import Reason
from tests.courses.plans.test_plans import window
from tests.courses.sessions.courses import plans_of, spans
from tests.factories.courses import EnrolmentFactory, PlaceFactory, PlanRowFactory, ProjectFactory, TrainerFactory
from tests.factories.portal import EquipmentUnitFactory

HOUR = dt.timedelta(hours=1)


def rule(**kinds):
    """Set the policy of some kinds of clash."""
    policy = ClashPolicy.load()
    for name, value in kinds.items():
        setattr(policy, name, value)
    policy.save()


@pytest.fixture
def clashing(world, make_session, monkeypatch):
    """Return a function making two sessions at one time that clash in one way: the one judged, and its modules."""

    def make(kind):
        start = (timezone.now() + dt.timedelta(days=7)).replace(hour=2, minute=0, second=0, microsecond=0)
        span = {"starts_at": start, "ends_at": start + 9 * HOUR}
        other_trainer = TrainerFactory(organisation=world.outlet)
        other = make_session(title="另一场", trainer=other_trainer, place="别处", **span)
        session = make_session(place="这里", **span)
        if kind == ClashKind.TRAINER:
            Session.objects.filter(pk=other.pk).update(trainer=world.trainer)
        elif kind == ClashKind.PLACE:
            put_place(by=world.manager, name="这里", other_names=["别处"], organisation=world.west)
        elif kind == ClashKind.EQUIPMENT:
            unit = EquipmentUnitFactory(serial="LX-001")
            session.machines.add(unit)
            other.machines.add(unit)
        elif kind == ClashKind.TRAINEE:
            for each in (session, other):
                EnrolmentFactory(session=each, person=world.technician)
        elif kind == ClashKind.SEATS:
            put_place(by=world.manager, name="这里", organisation=world.west, capacity=session.capacity - 1)
        elif kind == ClashKind.HOLIDAY:
            SpecialDay.objects.create(day=timezone.localdate(start), name="国庆节")
        elif kind == ClashKind.UNQUALIFIED:
            world.module.task, world.module.trainer_policy = Task.REPAIR, Policy.IGNORE
            world.module.save()
            refused = SimpleNamespace(reasons=[Reason("not_granted", "没有资格", False)])
            monkeypatch.setattr("courses.sessions.clashes.qualified.may_teach", lambda *args: [refused])
        session.refresh_from_db()
        return session, [world.module]

    return make


REFUSED = {
    **REFUSALS,
    ClashKind.TRAINER: TrainerBusy,
    ClashKind.UNQUALIFIED: TrainerNotAllowedThatDay,
}


@pytest.mark.parametrize("kind", list(ClashKind))
def test_each_kind_is_ignored_warned_of_or_refused_as_the_organisation_wants(clashing, kind):
    session, modules = clashing(kind)
    rule(**{kind.value: Policy.IGNORE})
    assert [clash.kind for clash in judged(session, modules)] == []
    check_clashes(session, modules, confirmed=[])
    rule(**{kind.value: Policy.WARN})
    (clash,) = judged(session, modules)
    assert (clash.kind, clash.policy, bool(clash.message)) == (kind, Policy.WARN, True)
    check_clashes(session, modules)
    check_clashes(session, modules, confirmed=[clash.key])
    with pytest.raises(ClashesToConfirm) as asked:
        check_clashes(session, modules, confirmed=["place-0"])
    assert asked.value.details()["clashes"][0]["code"] == f"clash_{kind.value}"
    rule(**{kind.value: Policy.BLOCK})
    with pytest.raises(REFUSED[kind]):
        check_clashes(session, modules, confirmed=[clash.key])


def test_refusals_have_codes_of_their_own():
    errors = [PlaceTaken, MachineTaken, TraineesBusy, PlaceTooSmall, OnPublicHoliday, TrainerBusy]
    assert len({error.code for error in errors}) == len(errors)


def test_a_module_is_stricter_than_the_organisation_never_laxer(clashing):
    session, modules = clashing(ClashKind.UNQUALIFIED)
    modules[0].trainer_policy = Policy.BLOCK
    rule(unqualified=Policy.WARN)
    assert [clash.policy for clash in judged(session, modules)] == [Policy.BLOCK]


def test_only_what_a_change_brings_about_is_judged(world, clashing):
    session, _modules = clashing(ClashKind.HOLIDAY)
    rule(holiday=Policy.BLOCK)
    assert reschedule_session(session, by=world.trainer, title="改名", capacity=20, confirmed=[]).title == "改名"
    with pytest.raises(OnPublicHoliday):
        reschedule_session(session, by=world.trainer, ends_at=session.ends_at + HOUR, confirmed=[])


def test_generator_takes_no_time_that_is_warned_of_and_any_that_is_ignored(world, make_session):
    project = ProjectFactory(customer=world.customer, organisation=world.west)
    PlanRowFactory(project=project, trainer=world.trainer, module=world.module, minutes=60)
    free = generate_sessions(project, window(), by=world.administrator, place="甲").sessions[0]
    for policy, is_taken in ((Policy.WARN, False), (Policy.IGNORE, True)):
        rule(place=policy, trainer=Policy.BLOCK, trainee=Policy.IGNORE)
        row = PlanRowFactory(project=project, module=world.module, minutes=60, number=7 + is_taken)
        row.trainer = TrainerFactory(organisation=world.outlet)
        world.module.trainers.add(row.trainer)
        world.module.save()
        row.save()
        (made,) = generate_sessions(project, window(), by=world.administrator, place="甲").sessions
        assert (made.starts_at == free.starts_at) is is_taken


def test_policy_is_changed_by_administrators_and_the_change_is_on_record(client_of, world):
    address = reverse("wagtailsettings:edit", args=["courses", "clashpolicy", ClashPolicy.load().pk])
    facts = {kind.value: Policy.BLOCK for kind in ClashKind}
    assert client_of(world.manager).post(address, facts).status_code == 302
    assert ClashPolicy.load().place == Policy.WARN
    client_of(world.administrator).post(address, facts)
    assert ClashPolicy.load().place == Policy.BLOCK
    assert AuditEvent.objects.filter(action="courses.clashpolicy_changed", actor=world.administrator).exists()


def test_a_session_of_a_hundred_days_is_refused(world, make_session):
    session = make_session()
    with pytest.raises(SessionTooLong):
        reschedule_session(session, by=world.trainer, ends_at=session.starts_at + dt.timedelta(days=100))


def queries_of_a_look(session):
    with CaptureQueriesContext(connection) as captured:
        clashes_of_session(session)
    return len(captured)


def test_looking_for_clashes_takes_the_same_queries_whatever_is_found(world, make_session):
    session = make_session(place="这里")
    unit = EquipmentUnitFactory()
    session.machines.add(unit)
    EnrolmentFactory(session=session, person=world.technician)

    def add():
        other = make_session(starts_at=session.starts_at, place="这里")
        other.machines.add(unit)
        EnrolmentFactory(session=other, person=world.technician)

    add()
    once = queries_of_a_look(session)
    for _ in range(3):
        add()
    assert queries_of_a_look(session) == once <= 10


@pytest.mark.parametrize("where", ["trainer", "place_record", "place_key"])
def test_clashes_are_found_by_an_index_in_a_span_of_time(db, where):
    place = PlaceFactory(name="101") if where == "place_record" else None
    meetings = [MeetingPlan(starts_at=timezone.now(), ends_at=timezone.now() + HOUR, place="101")]
    with CaptureQueriesContext(connection) as made:
        kind = ClashKind.TRAINER if where == "trainer" else ClashKind.PLACE
        clashes_of(trainer=Person(pk=1), meetings=meetings, kinds=[kind])
    (sql,) = [query["sql"] for query in made if 'FROM "courses_meeting"' in query["sql"]]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            plan = str(cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall())
        assert "SCAN courses_meeting" not in plan
        column = where if where == "place_key" else f"{where}_id"
        assert f"{column}=? AND starts_at>? AND starts_at<?" in plan
    assert (place is not None) == (where == "place_record")


def test_sessions_long_over_are_not_looked_at(world, make_session):
    start = timezone.now() - dt.timedelta(days=200)
    make_session(starts_at=start, ends_at=start + HOUR)
    found = clashes_of(
        trainer=world.trainer, meetings=[MeetingPlan(place="", starts_at=timezone.now(), ends_at=timezone.now() + HOUR)]
    )
    assert found == []


@pytest.mark.parametrize("room", [0, 1])
def test_what_is_refused_of_a_meeting_is_not_hidden_by_a_warning(world, make_session, room):
    """The other session shares the trainer in its first meeting, and the room in the same or in its second."""
    rule(trainer=Policy.WARN, place=Policy.BLOCK)
    start = (timezone.now() + dt.timedelta(days=7)).replace(hour=2, minute=0, second=0, microsecond=0)
    held = spans(start, days=(0, 1))
    other = make_session(meetings=held, break_minutes=0)
    other.meetings.filter(number=room + 1).update(place="甲", place_key=place_key("甲"))
    course = make_session(meetings=held, break_minutes=0, trainer=TrainerFactory(organisation=world.outlet), place="乙")
    Session.objects.filter(pk=course.pk).update(trainer=world.trainer)
    course.refresh_from_db()
    plans = plans_of(course)
    plans[room] = replace(plans[room], place="甲")
    with pytest.raises(PlaceTaken):
        check_clashes(course, [], meetings=plans, kinds=frozenset({ClashKind.TRAINER, ClashKind.PLACE}), confirmed=[])


@pytest.fixture
def twice_taken(world, make_session):
    """A session that shares room and learner with another one, and that other session."""
    start = (timezone.now() + dt.timedelta(days=7)).replace(hour=2, minute=0, second=0, microsecond=0)
    times = {"starts_at": start, "ends_at": start + HOUR * 9, "place": "甲"}
    session, other = make_session(**times), make_session(**times | {"trainer": TrainerFactory()})
    for one in (session, other):
        EnrolmentFactory(session=one, person=world.technician)
    return session, other


def test_a_double_clash_is_said_as_both_each_with_its_key(world, twice_taken):
    rule(place=Policy.WARN, trainee=Policy.WARN)
    session, other = twice_taken
    kinds = (ClashKind.PLACE, ClashKind.TRAINEE)
    found = judged(session, [], kinds=kinds)
    assert [clash.key for clash in found] == [f"{kind.value}-{other.pk}" for kind in kinds]
    assert len({clash.message for clash in found}) == 2
    # Who confirms one has not confirmed the other.
    with pytest.raises(ClashesToConfirm):
        check_clashes(session, [], kinds=kinds, confirmed=[found[0].key])
    check_clashes(session, [], kinds=kinds, confirmed=[clash.key for clash in found])


def test_two_refusals_are_both_said(twice_taken):
    rule(place=Policy.BLOCK, trainee=Policy.BLOCK)
    kinds = (ClashKind.PLACE, ClashKind.TRAINEE)
    with pytest.raises(SeveralClashes) as refused:
        check_clashes(twice_taken[0], [], kinds=kinds, confirmed=[])
    assert [clash.kind for clash in refused.value.clashes] == list(kinds)
    assert {clash["code"] for clash in refused.value.details()["clashes"]} == {"clash_place", "clash_trainee"}


def test_same_trainer_in_the_same_room_is_two_clashes(world, make_session):
    start = (timezone.now() + dt.timedelta(days=7)).replace(hour=2, minute=0, second=0, microsecond=0)
    rule(trainer=Policy.WARN, place=Policy.WARN)
    session = make_session(starts_at=start, ends_at=start + HOUR * 9, place="甲")
    other = make_session(starts_at=start, ends_at=start + HOUR * 9, trainer=TrainerFactory(), place="甲")
    Session.objects.filter(pk=other.pk).update(trainer=world.trainer)
    assert [clash.kind for clash in judged(session, [])] == [ClashKind.TRAINER, ClashKind.PLACE]
