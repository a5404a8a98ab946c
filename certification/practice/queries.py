"""What one may practise, and the book of wrong answers (错题本).

A question comes into the book when it was missed, in practice or in a closed attempt, and leaves it when it was
answered right twice in practice since.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from certification.enums import AttemptState
from certification.models import Attempt, AttemptQuestion, PracticeAnswer, QuestionVersion, Quiz
from certification.quizzes.drawing import pool_for_practice
from certification.quizzes.marking import person_marked_kinds
from portal.models import Person

# Right answers in practice after which a question leaves the book.
RIGHT_ENOUGH = 2
FINISHED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)


@dataclass(frozen=True)
class Missed:
    """A question in somebody's book.

    Args:
        missed_at: when it was missed last.
        right: how often it was answered right since.
    """

    question: int
    missed_at: dt.datetime
    right: int


def practice_pool(quiz: Quiz) -> QuerySet[QuestionVersion]:
    """Return what one may practise for a quiz: not what is kept for certifying."""
    found = pool_for_practice(quiz).filter(question__is_reserved=False)
    return found if quiz.practises_suspended else found.filter(question__suspended_at__isnull=True)


def is_taking(person: Person, bank: int) -> bool:
    """Whether a paper of the bank is open before the person, or waits for marks: its answers are shown nowhere."""
    running = Attempt.objects.filter(person=person, quiz__bank=bank)
    return running.filter(state__in=[AttemptState.OPEN, AttemptState.MARKING]).exists()


def taken_banks(person: Person) -> set[int]:
    """Return the banks of which a paper is open before the person, or waits for marks."""
    running = Attempt.objects.filter(person=person, state__in=[AttemptState.OPEN, AttemptState.MARKING])
    return set(running.order_by().values_list("quiz__bank", flat=True))


def wrong_book(person: Person) -> list[Missed]:
    """Return the questions in the person's book, the one missed last first: two queries."""
    papers = AttemptQuestion.objects.filter(attempt__person=person, attempt__state__in=FINISHED)
    # A faulty question says nothing about who answered it.
    fair = papers.filter(version__regradings__isnull=True).exclude(version__kind__in=person_marked_kinds())
    events: list[tuple[dt.datetime, int, bool, bool]] = [
        (moment, question, bool(is_right), False)
        for moment, question, is_right in fair.order_by().values_list(
            "attempt__closed_at", "version__question", "answer__is_right"
        )
        if moment is not None
    ]
    practised = PracticeAnswer.objects.filter(person=person, is_right__isnull=False)
    events += [
        (moment, question, bool(is_right), True)
        for moment, question, is_right in practised.order_by().values_list(
            "answered_at", "version__question", "is_right"
        )
        if moment is not None
    ]
    return _still_missed(sorted(events))


def _still_missed(events: Iterable[tuple[dt.datetime, int, bool, bool]]) -> list[Missed]:
    missed: dict[int, dt.datetime] = {}
    right: dict[int, int] = {}
    for moment, question, is_right, in_practice in events:
        if not is_right:
            missed[question], right[question] = moment, 0
        elif in_practice and question in missed:
            right[question] += 1
    left = [Missed(key, moment, right[key]) for key, moment in missed.items() if right[key] < RIGHT_ENOUGH]
    return sorted(left, key=lambda each: (each.missed_at, each.question), reverse=True)


def current_of(questions: Iterable[int]) -> dict[int, QuestionVersion]:
    """Return the current versions of questions in use, with what they cite, by key of the question."""
    found = QuestionVersion.objects.filter(question__in=list(questions), is_current=True, question__is_active=True)
    related = found.select_related("question__bank", "chapter__edition__manual", "article")
    return {version.question_id: version for version in related}


def may_be_practised(version: QuestionVersion) -> bool:
    """Whether a question of the book is shown with its answer; what is kept for certifying is named only."""
    return not version.question.is_reserved
