"""Assigning training and taking it back: who may, what is refused, what the database keeps out."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.assignments.domain import assign_training, withdraw_training
from courses.assignments.errors import (
    AlreadyAssigned,
    AlreadyWithdrawn,
    DueDayPassed,
    NotOfBranch,
    NotPublished,
    NotYourBranch,
)
from courses.models import DueLetter, TrainingDue
from portal.models import AuditEvent
from tests.factories.courses import CourseFactory, TrainingDueFactory, TrainingModuleFactory

IN_A_MONTH = dt.timedelta(days=30)


@pytest.fixture
def assign(world):
    """Return a function assigning the module to the west by its manager, told only what differs."""

    def make(**facts):
        given = {"by": world.manager, "organisation": world.west, "module": world.module, "reason": "复训"}
        return assign_training(**given | {"due_on": timezone.localdate() + IN_A_MONTH} | facts)

    return make


def test_manager_assigns_to_the_branch_with_a_trail(world, assign):
    due = assign(reason=" 旺季前复训 ")
    assert (due.target, due.title, due.reason) == (world.module, world.module.title, "旺季前复训")
    assert AuditEvent.objects.get(action="courses.training_assigned").actor == world.manager


def test_headquarters_assigns_a_course_to_everybody(world, assign):
    course = CourseFactory(modules=[world.module])
    due = assign(by=world.administrator, organisation=world.hq, module=None, course=course)
    assert due.target == course


@pytest.mark.parametrize("who", ["other_manager", "trainer", "technician", "auditor", "contact"])
def test_who_does_not_manage_the_branch_is_refused(world, assign, who):
    with pytest.raises(NotYourBranch):
        assign(by=getattr(world, who))
    assert not TrainingDue.objects.exists()


def test_manager_does_not_assign_above_the_branch(world, assign):
    with pytest.raises(NotYourBranch):
        assign(organisation=world.hq)


def test_day_behind_is_refused(assign):
    with pytest.raises(DueDayPassed):
        assign(due_on=timezone.localdate() - dt.timedelta(days=1))
    assert assign(due_on=timezone.localdate()).pk


def test_person_of_another_branch_is_refused(world, assign):
    with pytest.raises(NotOfBranch, match="东区的人"):
        assign(person=world.stranger)
    assert assign(person=world.technician).person == world.technician


def test_same_people_have_it_once_until_it_is_withdrawn(world, assign):
    due = assign()
    with pytest.raises(AlreadyAssigned):
        assign(reason="又一次")
    assert assign(post_title="技术工程师").pk
    assert assign(due_on=None, within_days=30).pk
    withdraw_training(due, by=world.manager)
    assert assign().pk


@pytest.mark.parametrize(
    "facts",
    [
        {"module": None},
        {"course": True},
        {"within_days": 30},
        {"due_on": None},
        {"reason": "  "},
        {"person": True, "post_title": "技术工程师"},
        {"within_days": 0, "due_on": None},
        {"within_days": 731, "due_on": None},
    ],
)
def test_what_does_not_fit_together_is_refused(world, assign, facts):
    given = facts | ({"course": CourseFactory()} if facts.get("course") else {})
    given |= {"person": world.technician} if facts.get("person") else {}
    with pytest.raises(ValidationError):
        assign(**given)
    assert not TrainingDue.objects.exists()


@pytest.mark.parametrize("facts", [{"module": None}, {"within_days": 3}, {"reason": ""}, {"due_on": None}])
def test_database_keeps_it_out_too(world, facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingDueFactory(organisation=world.west, **facts)


def test_withdrawing_is_for_who_manages_the_branch_and_done_once(world, assign):
    due = assign()
    with pytest.raises(NotYourBranch):
        withdraw_training(due, by=world.other_manager)
    assert withdraw_training(due, by=world.administrator).withdrawn_at
    with pytest.raises(AlreadyWithdrawn):
        withdraw_training(due, by=world.manager)
    assert AuditEvent.objects.get(action="courses.training_withdrawn").actor == world.administrator


def test_letter_is_noted_once_a_person_and_kind(world):
    due = TrainingDueFactory(organisation=world.west)
    DueLetter.objects.create(due=due, person=world.technician, notice="reminder")
    with pytest.raises(IntegrityError), transaction.atomic():
        DueLetter.objects.create(due=due, person=world.technician, notice="reminder")
    with pytest.raises(IntegrityError), transaction.atomic():
        DueLetter.objects.create(due=due, person=world.technician, notice="x")


@pytest.mark.parametrize(
    "what", ["draft", "template", "course of drafts", "course without modules", "course not offered"]
)
def test_what_nobody_can_be_credited_is_not_assigned(world, assign, what):
    draft = TrainingModuleFactory(live=False, is_template=what == "template")
    if "course" not in what:
        facts = {"module": draft}
    else:
        modules = [] if "without" in what else [world.module] if "not offered" in what else [draft]
        facts = {"module": None, "course": CourseFactory(modules=modules, is_active="not offered" not in what)}
    with pytest.raises(NotPublished):
        assign(**facts)
