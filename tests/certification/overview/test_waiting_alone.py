"""People leave: what only they could do is told to those who can appoint somebody, and lies still nowhere."""

import datetime as dt

import pytest
from django.utils import timezone

from certification.enums import AttemptState
from certification.overview.waiting_alone import waiting_alone
from certification.versions.domain import save_draft
from portal.acting import acting
from portal.enums import Role
from tests.factories.certification import (
    AssessorAppointmentFactory,
    AssessorFactory,
    AttemptFactory,
    PracticalRequirementFactory,
    QuizFactory,
)
from tests.factories.portal import AssignmentFactory, EquipmentModelFactory, PersonFactory

pytestmark = pytest.mark.django_db

TITLE = "在等待，但已无人可办"


def labels():
    return [one.label for one in waiting_alone()]


@pytest.fixture
def dispatcher():
    return PersonFactory(roles=[Role.DISPATCHER])


def test_only_dispatcher_leaves(dispatcher):
    assert labels() == []
    dispatcher.is_active = False
    dispatcher.save()
    assert labels() == [str(Role.DISPATCHER.label)]
    PersonFactory(roles=[Role.DISPATCHER])
    assert labels() == []


def test_last_post_ended_is_left_too(dispatcher):
    post = AssignmentFactory(person=dispatcher, start=dt.date(2026, 1, 1), end=None)
    assert labels() == []
    post.end = timezone.localdate() - dt.timedelta(days=1)
    post.save()
    assert labels() == [str(Role.DISPATCHER.label)]


def test_home_page_tells_managers_and_administrators_alone(client_of, dispatcher):
    dispatcher.is_active = False
    dispatcher.save()
    for role, is_told in (
        (Role.MANAGER, True),
        (Role.ADMINISTRATOR, True),
        (Role.ENGINEER, False),
        (Role.EDITOR, False),
    ):
        assert (TITLE in client_of(PersonFactory(roles=[role])).get("/").content.decode()) == is_told, role


def test_only_assessor_leaves_and_checklists_and_papers_are_named():
    asked = PracticalRequirementFactory()
    sheet = asked.checklist
    assessor = AssessorFactory()
    AssessorAppointmentFactory(person=assessor, category=sheet.category)
    assert str(sheet) not in labels()
    assessor.is_active = False
    assessor.save()
    assert str(sheet) in labels()
    AssessorAppointmentFactory(person=AssessorFactory(), category=sheet.category)
    assert str(sheet) not in labels()


def test_administrator_is_led_to_where_an_assessor_is_appointed(client_of):
    sheet = PracticalRequirementFactory().checklist
    page = client_of(PersonFactory(roles=[Role.ADMINISTRATOR])).get("/").content.decode()
    assert sheet.title in page
    assert 'href="/cms/assessorappointment/"' in page


def test_papers_nobody_may_mark_are_counted():
    quiz = QuizFactory(title="冷库理论")
    paper = AttemptFactory(quiz=quiz, state=AttemptState.MARKING, closed_at=timezone.now(), score=None, is_passed=None)
    told = [one for one in waiting_alone() if one.label == "冷库理论"]
    assert ["1" in one.reason for one in told] == [True]
    AssessorAppointmentFactory(person=AssessorFactory(), category=paper.quiz.bank.category)
    assert "冷库理论" not in labels()


def test_change_of_the_bar_only_its_author_could_confirm():
    administrator = PersonFactory(roles=[Role.ADMINISTRATOR])
    model = EquipmentModelFactory(name="冷库", code="LK", is_regulated=True)
    with acting(administrator):
        model.is_regulated = False
        model.save()
    assert labels() == ["冷库 LK"]
    PersonFactory(roles=[Role.MANAGER])
    assert labels() == []


def test_draft_only_its_author_could_approve():
    author = PersonFactory(is_superuser=True)
    quiz = QuizFactory()
    quiz.title = "换个题目"
    draft = save_draft(quiz, by=author)
    assert str(draft) in labels()
    other = PersonFactory(is_superuser=True)
    assert str(draft) not in labels()
    other.is_active = False
    other.save()
    assert str(draft) in labels()
