"""Practical assessments: who may sign what, and what it decides."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from certification.enums import PracticalResult
from certification.errors import ActKeyTaken
from certification.models import ChecklistItem, LedgerEntry, PracticalAssessment
from certification.practicals.assessors import may_assess
from certification.practicals.domain import Judgement, sign_practical
from certification.practicals.errors import FutureAssessment, IncompleteChecklist, NotAppointed, OwnAssessment
from portal.enums import Role
from tests.factories.certification import (
    AssessorAppointmentFactory,
    AssessorFactory,
    ChecklistFactory,
    PracticalRequirementFactory,
)
from tests.factories.portal import EquipmentCategoryFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture
def sheet():
    """A checklist, its appointed assessor, a candidate."""
    checklist = ChecklistFactory()
    appointment = AssessorAppointmentFactory(category=checklist.category)
    return checklist, appointment.person, PersonFactory()


def judged(checklist, failing=()):
    return {
        item.pk: Judgement(False, "未做到位") if item.text in failing else Judgement(True)
        for item in checklist.items.all()
    }


def sign(sheet, failing=(), **kwargs):
    checklist, assessor, person = sheet
    return sign_practical(
        assessor, person, checklist, judged(checklist, failing), **({"form_key": uuid.uuid4()} | kwargs)
    )


@pytest.mark.parametrize(
    ("failing", "result"),
    [
        ((), PracticalResult.PASSED),
        (("项目 0",), PracticalResult.FAILED),
        (("项目 1",), PracticalResult.FAILED),
    ],
    ids=["all shown", "critical failed", "three of four are less than eighty percent"],
)
def test_result_follows_the_rule(sheet, failing, result):
    assert sign(sheet, failing).result == result


def test_share_to_be_shown_is_the_checklists(sheet):
    sheet[0].pass_percent = 75
    sheet[0].save()

    assert sign(sheet, ("项目 1",)).result == PracticalResult.PASSED


def test_signed_words_stay_when_the_checklist_changes(sheet):
    practical = sign(sheet)
    ChecklistItem.objects.filter(checklist=sheet[0]).update(text="改过")

    practical.refresh_from_db()
    assert [row["text"] for row in practical.rows] == [f"项目 {n}" for n in range(5)]
    assert practical.rows[0]["is_critical"] is True


def test_signing_the_same_form_twice_is_one_record(sheet):
    key = uuid.uuid4()

    assert sign(sheet, form_key=key) == sign(sheet, form_key=key)
    assert PracticalAssessment.objects.count() == 1


def test_one_form_for_two_people_is_refused(sheet):
    key = uuid.uuid4()
    sign(sheet, form_key=key)

    with pytest.raises(ActKeyTaken):
        sign((sheet[0], sheet[1], PersonFactory()), form_key=key)


def test_nobody_assesses_oneself(sheet):
    checklist, assessor, _person = sheet

    with pytest.raises(OwnAssessment):
        sign((checklist, assessor, assessor))


def test_appointment_above_the_category_is_enough():
    parent = EquipmentCategoryFactory()
    checklist = ChecklistFactory(category=EquipmentCategoryFactory(parent=parent))
    assessor = AssessorAppointmentFactory(category=parent).person

    assert sign((checklist, assessor, PersonFactory())).result == PracticalResult.PASSED


def test_who_may_not_assess(sheet):
    checklist, _assessor, person = sheet
    today = timezone.localdate()
    other_category = AssessorAppointmentFactory().person
    ended = AssessorAppointmentFactory(category=checklist.category, end=today - dt.timedelta(days=1)).person
    not_begun = AssessorAppointmentFactory(category=checklist.category, start=today + dt.timedelta(days=1)).person
    without_role = AssessorAppointmentFactory(
        category=checklist.category, person=PersonFactory(roles=[Role.TRAINER])
    ).person

    for intruder in (AssessorFactory(), other_category, ended, not_begun, without_role):
        assert not may_assess(intruder, checklist, today)
        with pytest.raises(NotAppointed):
            sign((checklist, intruder, person))
    assert not PracticalAssessment.objects.exists()


def test_appointment_counts_on_the_day_of_the_assessment(sheet):
    checklist, _assessor, person = sheet
    today = timezone.localdate()
    ended = AssessorAppointmentFactory(category=checklist.category, end=today - dt.timedelta(days=1)).person

    signed = sign((checklist, ended, person), assessed_on=today - dt.timedelta(days=1))

    assert signed.assessed_on == today - dt.timedelta(days=1)


def test_every_item_is_judged(sheet):
    checklist, assessor, person = sheet
    some = dict(list(judged(checklist).items())[:3])

    with pytest.raises(IncompleteChecklist) as caught:
        sign_practical(assessor, person, checklist, some, form_key=uuid.uuid4())
    assert caught.value.params["count"] == 2


def test_no_assessment_of_a_day_to_come(sheet):
    with pytest.raises(FutureAssessment):
        sign(sheet, assessed_on=timezone.localdate() + dt.timedelta(days=1))


def test_passing_grants_failing_does_not(sheet):
    checklist, assessor, person = sheet
    PracticalRequirementFactory(checklist=checklist)

    sign(sheet, ("项目 0",))
    assert not LedgerEntry.objects.exists()
    sign((checklist, assessor, person))

    assert LedgerEntry.objects.get().evidence["shown"][0]["code"] == "practical_signed"
