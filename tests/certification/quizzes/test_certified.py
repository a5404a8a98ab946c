"""The page of a quiz passed for a certificate in force: nothing is missing, and how a renewal goes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from certification import ledger
from certification.enums import AttemptState
from certification.quizzes.eligibility import eligibility
from certification.quizzes.errors import AlreadyPassed, CertifiedAlready, HoursFirst
from tests.factories.certification import (
    AttemptFactory,
    HoursRequirementFactory,
    QuizFactory,
    QuizRequirementFactory,
    SchemeFactory,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.portal import PersonFactory

DAY = dt.timedelta(days=1)


@pytest.fixture
def passed(db):
    """Somebody who had the hours and passed the quiz ten days ago, and what it is for."""
    scheme, quiz, person = SchemeFactory(name="冷库作业"), QuizFactory(), PersonFactory()
    module = HoursRequirementFactory(scheme=scheme).module
    QuizRequirementFactory(scheme=scheme, quiz=quiz)
    moment = timezone.now() - 10 * DAY
    HourCreditFactory(
        person=person, module=module, minutes=480, earned_on=timezone.localdate(moment), recorded_at=moment - DAY
    )
    AttemptFactory(
        person=person,
        quiz=quiz,
        state=AttemptState.SUBMITTED,
        is_passed=True,
        score=90,
        started_at=moment,
        closed_at=moment,
    )
    return person, quiz, scheme


def certify(person, scheme, days_ago):
    return ledger.grant(person, scheme, act_key=f"grant-{days_ago}", at=timezone.now() - days_ago * DAY)


def test_before_the_grant_it_is_simply_passed(passed):
    person, quiz, _scheme = passed
    assert isinstance(eligibility(person, quiz).refusal, AlreadyPassed)


def test_who_is_certified_is_told_so_and_not_that_hours_are_missing(passed):
    person, quiz, scheme = passed
    entry = certify(person, scheme, 9)
    refusal = eligibility(person, quiz).refusal
    assert isinstance(refusal, CertifiedAlready)
    with translation.override("zh-hans"):
        assert "冷库作业" in str(refusal)
        assert str(entry.valid_to.year) in str(refusal)
        assert "学时" not in str(refusal)


def test_page_says_it(client_of, passed):
    person, quiz, scheme = passed
    certify(person, scheme, 9)
    page = client_of(person).get(reverse("certification:quiz", args=[quiz.code])).text
    assert "已通过本次考试并已持证：冷库作业" in page
    assert "还缺" not in page
    assert "8 小时" not in page


def test_who_never_passed_it_is_told_of_the_hours(passed):
    _person, quiz, scheme = passed
    other = PersonFactory()
    certify(other, scheme, 9)
    assert isinstance(eligibility(other, quiz).refusal, HoursFirst)


def test_whose_certificate_was_revoked_needs_the_hours_again(passed):
    person, quiz, scheme = passed
    certify(person, scheme, 9)
    ledger.revoke(person, scheme, reason="事故", act_key="revoke", by=PersonFactory())
    assert isinstance(eligibility(person, quiz).refusal, HoursFirst)


def test_whose_certificate_is_suspended_is_not_called_certified(passed):
    person, quiz, scheme = passed
    certify(person, scheme, 9)
    ledger.suspend(person, scheme, reason="待查", act_key="suspend", by=PersonFactory())
    assert isinstance(eligibility(person, quiz).refusal, HoursFirst)


def test_whose_certificate_has_ended_needs_the_hours_again(passed, time_machine):
    person, quiz, scheme = passed
    entry = certify(person, scheme, 9)
    time_machine.move_to(dt.datetime.combine(entry.valid_to + DAY, dt.time(12), dt.UTC))
    assert isinstance(eligibility(person, quiz).refusal, HoursFirst)


def test_who_trained_again_for_the_renewal_may_sit_it(passed):
    person, quiz, scheme = passed
    certify(person, scheme, 9)
    HourCreditFactory(person=person, module=scheme.requirements.get(kind="hours").module, minutes=480)
    assert eligibility(person, quiz).refusal is None
