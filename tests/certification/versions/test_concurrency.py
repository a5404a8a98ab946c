"""Several deciders at once: a draft is decided once, and an attempt never mixes two states of a quiz."""

import pytest

from certification.models import ApprovedVersion, Draft, Quiz
from certification.quizzes.attempts import start_attempt
from certification.versions.domain import approve, reject, save_draft
from certification.versions.errors import NothingToApprove
from portal.access.roles import synchronise_roles
from portal.enums import Role
from tests.certification.quizzes.test_concurrency import at_once
from tests.factories.certification import QuizFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    """A draft of a quiz with pass mark 90."""
    synchronise_roles()
    quiz = Quiz.objects.get(pk=QuizFactory().pk)
    quiz.pass_mark = 90
    return save_draft(quiz, by=PersonFactory(roles=[Role.TRAINER]))


def test_approved_and_rejected_at_once_is_decided_once(draft):
    people = [PersonFactory(roles=[Role.MANAGER]) for _number in range(6)]

    def decide(number):
        if number % 2:
            return reject(draft, by=people[number], save=1, reason="不同意").pk
        return approve(draft, by=people[number], save=1).pk

    results = at_once(decide, count=6)

    assert sum(isinstance(result, NothingToApprove) for result in results) == 5
    decided = Draft.objects.get()
    assert (decided.state == "approved") == (ApprovedVersion.objects.filter(number=2).count() == 1)


def test_an_attempt_started_while_a_version_takes_effect_is_of_one_state(draft):
    takers = [PersonFactory() for _number in range(5)]
    approver, quiz = PersonFactory(roles=[Role.MANAGER]), Quiz.objects.get()

    def act(number):
        if number == 5:
            return approve(draft, by=approver, save=1)
        attempt = start_attempt(takers[number], quiz)
        return (attempt.quiz_version.number, attempt.pass_mark)

    results = at_once(act, count=6)

    assert set(results[:5]) <= {(1, 80), (2, 90)}
