"""Who owes what, by when, and what of it is credited."""

import datetime as dt

import pytest
from django.utils import timezone

from courses.assignments.permissions import visible_dues
from courses.assignments.queries import open_dues, owed_by, owed_in_sight, owed_of_due
from tests.factories.courses import CourseFactory, HourCreditFactory, TrainingDueFactory, TrainingModuleFactory
from tests.factories.portal import AssignmentFactory, PersonFactory, PositionFactory

pytestmark = pytest.mark.django_db


def names(rows):
    return {row.person.name for row in rows}


def test_branch_owes_with_the_places_below_it_customers_apart(world):
    due = TrainingDueFactory(organisation=world.hq)
    owing = names(owed_of_due(due, world.administrator))
    assert {"小林", "东区的人", "西区经理"} <= owing
    assert "客户联系人" not in owing


def test_customers_owe_what_is_assigned_to_them(world):
    due = TrainingDueFactory(organisation=world.customer)
    assert names(owed_of_due(due, world.administrator)) == {"客户联系人"}
    assert [row.due for row in owed_by(world.contact)] == [due]
    TrainingDueFactory(organisation=world.hq)
    assert len(owed_by(world.contact)) == 1


def test_manager_sees_what_is_pushed_down_only_of_their_own_people(world):
    due = TrainingDueFactory(organisation=world.hq)
    assert "东区的人" not in names(owed_of_due(due, world.manager))
    assert "小林" in names(owed_of_due(due, world.manager))


def test_only_holders_of_the_post_owe(world):
    post = PositionFactory(organisation=world.outlet, title="技术工程师")
    AssignmentFactory(person=world.technician, position=post, organisation=world.outlet)
    due = TrainingDueFactory(organisation=world.west, post_title="技术工程师")
    assert names(owed_of_due(due, world.manager)) == {"小林"}
    assert [row.due for row in owed_by(world.technician)] == [due]
    assert owed_by(world.manager) == []


def test_one_person_owes_what_is_assigned_to_them(world):
    due = TrainingDueFactory(organisation=world.west, person=world.technician)
    assert names(owed_of_due(due, world.manager)) == {"小林"}
    assert owed_by(world.manager) == []
    assert owed_by(world.technician)[0].due == due


def test_who_joins_has_days_from_then_on(world):
    today = timezone.localdate()
    post = PositionFactory(organisation=world.outlet)
    old = PersonFactory(organisation=world.outlet, name="老员工")
    new = PersonFactory(organisation=world.outlet, name="新员工")
    AssignmentFactory(person=old, position=post, organisation=world.outlet, start=today - dt.timedelta(days=400))
    AssignmentFactory(person=new, position=post, organisation=world.outlet, start=today - dt.timedelta(days=2))
    since = today - dt.timedelta(days=9)
    due = TrainingDueFactory(organisation=world.west, due_on=None, within_days=30, since=since)
    (row,) = owed_of_due(due, world.manager)
    assert (row.person, row.due_on) == (new, today + dt.timedelta(days=28))


def test_credit_of_the_whole_module_is_enough_and_more_of_another_is_not(world):
    other = TrainingModuleFactory(minutes=60)
    course = CourseFactory(modules=[world.module, other])
    TrainingDueFactory(organisation=world.west, module=None, course=course)
    HourCreditFactory(person=world.technician, module=other, minutes=999)
    (row,) = owed_by(world.technician)
    assert (row.credited, row.needed, row.is_done) == (60, 540, False)
    HourCreditFactory(person=world.technician, module=world.module, minutes=480)
    assert owed_by(world.technician)[0].is_done


@pytest.mark.parametrize(("days", "lamp"), [(-1, "red"), (0, "amber"), (1, "amber")])
def test_late_is_who_has_not_done_it_after_the_last_day(world, days, lamp):
    TrainingDueFactory(organisation=world.west, due_on=timezone.localdate() + dt.timedelta(days=days))
    (row,) = owed_by(world.technician)
    assert row.lamp == lamp


def test_done_late_is_done(world):
    due = TrainingDueFactory(organisation=world.west, due_on=timezone.localdate() - dt.timedelta(days=9))
    HourCreditFactory(person=world.technician, module=due.module, minutes=due.module.minutes)
    assert owed_by(world.technician)[0].lamp == "green"


def test_withdrawn_is_owed_by_nobody(world):
    TrainingDueFactory(organisation=world.west, withdrawn_at=timezone.now())
    assert owed_by(world.technician) == []
    assert not open_dues().exists()


def test_who_has_left_owes_nothing(world):
    TrainingDueFactory(organisation=world.west)
    world.technician.is_active = False
    world.technician.save()
    assert owed_by(world.technician) == []


@pytest.mark.parametrize("count", [1, 3])
def test_what_many_owe_takes_the_same_queries(world, django_assert_num_queries, count):
    for _ in range(count):
        PersonFactory(organisation=world.outlet)
        TrainingDueFactory(organisation=world.west, module=None, course=CourseFactory(modules=[world.module]))
    dues = list(open_dues())
    with django_assert_num_queries(5):
        assert len(owed_in_sight(dues, world.manager)) >= count


@pytest.fixture
def joiners(world):
    """A rule for who joins the west, nine days old."""
    since = timezone.localdate() - dt.timedelta(days=9)
    return TrainingDueFactory(organisation=world.west, due_on=None, within_days=30, since=since)


def moved(world, *, gap, to):
    """Somebody of the outlet for a year, who took up another post two days ago."""
    start = timezone.localdate() - dt.timedelta(days=2)
    person = PersonFactory(organisation=world.outlet, name="调动的人")
    first, second = (PositionFactory(organisation=place) for place in (world.outlet, to))
    ended = start - dt.timedelta(days=gap)
    AssignmentFactory(
        person=person, position=first, organisation=world.outlet, start=start - dt.timedelta(days=365), end=ended
    )
    AssignmentFactory(person=person, position=second, organisation=to, start=start)
    return person


def test_transfer_inside_the_branch_is_no_joining(world, joiners):
    moved(world, gap=1, to=world.west)
    assert owed_of_due(joiners, world.manager) == []


def test_who_comes_back_after_a_break_or_from_another_branch_joins(world, joiners):
    back = moved(world, gap=60, to=world.west)
    assert names(owed_of_due(joiners, world.manager)) == {back.name}
    east = TrainingDueFactory(organisation=world.east, due_on=None, within_days=30, since=joiners.since)
    come = moved(world, gap=1, to=world.east)
    assert names(owed_of_due(east, world.other_manager)) == {come.name}


def test_what_is_not_published_any_more_nobody_owes(world):
    draft = TrainingModuleFactory(minutes=60, live=False)
    TrainingDueFactory(organisation=world.west, module=None, course=CourseFactory(modules=[world.module, draft]))
    TrainingDueFactory(organisation=world.west, module=draft)
    (row,) = owed_by(world.technician)
    assert row.needed == world.module.minutes


def test_due_of_one_person_is_for_who_has_them_in_sight(world):
    due = TrainingDueFactory(organisation=world.hq, person=world.technician)
    assert due in visible_dues(world.manager)
    assert due not in visible_dues(world.other_manager)
    assert TrainingDueFactory(organisation=world.hq) in visible_dues(world.other_manager)
