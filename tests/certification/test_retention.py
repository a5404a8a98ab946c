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
from portal.registry.retention import kinds_of_record
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


def test_papers_stay_whatever_anybody_says(network):
    # Failed ones are the tries somebody had, and one of them may be raised by a regrading.
    failed = AttemptFactory(person=PersonFactory(is_active=False), quiz=QuizFactory(), is_passed=False)
    keep_for("papers", 12)
    clear_what_is_over(later(4000))
    assert Attempt.objects.filter(pk=failed.pk).exists()
    assert "failed_papers" not in kinds_of_record()


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
