"""What of certification is deleted once its term is over, and what never is."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from certification import ledger
from certification.duty.log.domain import keep_inquiries
from certification.enums import AskedFrom
from certification.models import (
    Attempt,
    AttemptQuestion,
    DutyInquiry,
    LedgerEntry,
    PracticalPhoto,
    PracticeAnswer,
    QuestionVersion,
)
from portal.enums import Role, Task
from portal.models import PortalDocument, RetentionTerm
from portal.operations.immutability import missing_triggers
from portal.registry import duty
from portal.retention.clearing import clear_what_is_over
from tests.factories.certification import AttemptFactory, PracticalAssessmentFactory, QuestionFactory, QuizFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def keep_for(kind, months):
    one, other = (PersonFactory(roles=[Role.ADMINISTRATOR]) for _each in range(2))
    RetentionTerm.objects.create(
        kind=kind,
        months=months,
        reason="制度",
        proposed_by=one,
        form_key=uuid.uuid4(),
        decided_by=other,
        decided_at=timezone.now(),
        is_approved=True,
    )


def later(days):
    return timezone.now() + dt.timedelta(days=days)


def test_questions_to_the_gate_are_kept_for_ever_unless_a_term_is_approved(network):
    ledger.grant(network["technician"], network["scheme"], act_key="g")
    answer = duty.ask(network["technician"], network["equipment"], Task.REPAIR)
    keep_inquiries(network["manager"], AskedFrom.PAGE, [answer])
    clear_what_is_over(later(4000))
    assert DutyInquiry.objects.count() == 1
    keep_for("duty_questions", 24)
    assert clear_what_is_over(later(700)) == 0
    assert clear_what_is_over(later(740)) == 1
    assert not DutyInquiry.objects.exists()
    assert LedgerEntry.objects.exists()


def test_the_database_refuses_to_delete_a_question_beside_the_job(network):
    answer = duty.ask(network["technician"], network["equipment"], Task.REPAIR)
    keep_inquiries(network["manager"], AskedFrom.PAGE, [answer])
    keep_for("duty_questions", 24)
    clear_what_is_over()
    for statement in ("DELETE FROM certification_dutyinquiry", "UPDATE certification_dutyinquiry SET is_allowed = 1"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert not missing_triggers(connection)


def test_only_failed_papers_of_who_has_passed_since_or_left_are_deleted(network):
    quiz, other = QuizFactory(), QuizFactory()
    person, gone = network["technician"], PersonFactory(is_active=False)
    early, late = timezone.now() - dt.timedelta(days=20), timezone.now() - dt.timedelta(days=10)
    failed = AttemptFactory(person=person, quiz=quiz, is_passed=False, closed_at=early, number=1)
    passed = AttemptFactory(person=person, quiz=quiz, is_passed=True, closed_at=late, number=2)
    open_road = AttemptFactory(person=person, quiz=other, is_passed=False, closed_at=early)
    left = AttemptFactory(person=gone, quiz=other, is_passed=False, closed_at=early)
    keep_for("failed_papers", 12)
    assert clear_what_is_over(later(300)) == 0
    clear_what_is_over(later(400))
    assert set(Attempt.objects.values_list("pk", flat=True)) == {passed.pk, open_road.pk}
    assert not AttemptQuestion.objects.filter(attempt__in=[failed.pk, left.pk]).exists()


def test_photos_of_passed_practicals_stay_whatever_the_term(network):
    for result in ("passed", "failed"):
        practical = PracticalAssessmentFactory(person=network["technician"], result=result)
        document = PortalDocument.objects.create(title=result, file=f"documents/{result}.jpg", is_personal=True)
        PracticalPhoto.objects.create(practical=practical, row=0, document=document)
    keep_for("practical_photos", 12)
    clear_what_is_over(later(400))
    assert list(PortalDocument.objects.values_list("title", flat=True)) == ["passed"]
    assert [photo.practical.result for photo in PracticalPhoto.objects.all()] == ["passed"]


def test_practice_goes_by_its_term(network):
    version = QuestionVersion.objects.filter(question=QuestionFactory()).get()
    PracticeAnswer.objects.create(person=network["technician"], version=version)
    keep_for("practice", 1)
    assert clear_what_is_over(later(20)) == 0
    assert clear_what_is_over(later(40)) == 1
    assert not PracticeAnswer.objects.exists()
