"""What one may practise, and the book of wrong answers (错题本).

A question comes into the book when it was missed, in practice or in a closed attempt, and leaves it when it was
answered right twice in practice since.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from certification.enums import AttemptState
from certification.models import Attempt, AttemptQuestion, PracticeAnswer, QuestionVersion, Quiz
from certification.quizzes.drawing import pool_for_practice
from certification.quizzes.eligibility import open_quizzes_for
from certification.quizzes.marking import person_marked_kinds
from certification.results import with_results
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
        quizzes: of which quizzes it was asked.
        may_come_again: a failed paper asked it and the quiz was not passed since: its key is shown as little as there.
    """

    question: int
    missed_at: dt.datetime
    right: int
    quizzes: frozenset[int] = frozenset()
    may_come_again: bool = False


def practice_pool(quiz: Quiz) -> QuerySet[QuestionVersion]:
    """Return what one may practise for a quiz: not what is kept for certifying."""
    found = pool_for_practice(quiz).filter(question__is_reserved=False)
    return found if quiz.practises_suspended else found.filter(question__suspended_at__isnull=True)


def asked_again(person: Person) -> set[int]:
    """Return the questions of failed papers whose quiz was not passed since: a re-sit may ask them; two queries.

    Whichever quiz of a bank is practised for, they are the same questions.
    """
    papers = with_results(Attempt.objects.filter(person=person, state__in=FINISHED)).values_list(*_RESULT)
    passed: dict[int, dt.datetime] = {}
    failed: list[tuple[int, int, dt.datetime]] = []
    for key, quiz, moment, is_passed in papers:
        if is_passed:
            passed[quiz] = max(moment, passed.get(quiz, moment))
        else:
            failed.append((key, quiz, moment))
    owed = [key for key, quiz, moment in failed if quiz not in passed or passed[quiz] < moment]
    if not owed:
        return set()
    asked = AttemptQuestion.objects.filter(attempt__in=owed).order_by()
    return set(asked.values_list("version__question", flat=True))


def is_taking(person: Person, bank: int) -> bool:
    """Whether a paper of the bank is open before the person, or waits for marks: its answers are shown nowhere."""
    running = Attempt.objects.filter(person=person, quiz__bank=bank)
    return running.filter(state__in=[AttemptState.OPEN, AttemptState.MARKING]).exists()


def taken_banks(person: Person) -> set[int]:
    """Return the banks of which a paper is open before the person, or waits for marks."""
    running = Attempt.objects.filter(person=person, state__in=[AttemptState.OPEN, AttemptState.MARKING])
    return set(running.order_by().values_list("quiz__bank", flat=True))


class _Event(NamedTuple):
    """A question answered, in a paper or in practice."""

    moment: dt.datetime
    question: int
    is_right: bool
    quiz: int | None
    in_practice: bool = False
    is_passed: bool = False


def wrong_book(person: Person) -> list[Missed]:
    """Return the questions in the person's book, the one missed last first: three queries."""
    attempts = with_results(Attempt.objects.filter(person=person, state__in=FINISHED))
    papers = AttemptQuestion.objects.filter(attempt__person=person, attempt__state__in=FINISHED)
    results = {key: (quiz, moment, bool(passed)) for key, quiz, moment, passed in attempts.values_list(*_RESULT)}
    # A faulty question says nothing about who answered it.
    fair = papers.filter(version__regradings__isnull=True).exclude(version__kind__in=person_marked_kinds())
    asked = fair.order_by().values_list("attempt", "version__question", "answer__is_right")
    events = [
        _Event(results[key][1], question, bool(is_right), results[key][0], is_passed=results[key][2])
        for key, question, is_right in asked
        if key in results
    ]
    practised = PracticeAnswer.objects.filter(person=person, is_right__isnull=False, answered_at__isnull=False)
    events += [
        _Event(moment, question, bool(is_right), quiz, in_practice=True)
        for moment, question, is_right, quiz in practised.order_by().values_list(
            "answered_at", "version__question", "is_right", "quiz"
        )
        if moment is not None
    ]
    passed: dict[int, dt.datetime] = {}
    for quiz, moment, is_passed in results.values():
        if is_passed:
            passed[quiz] = max(moment, passed.get(quiz, moment))
    return _still_missed(sorted(events, key=lambda event: event[:3]), passed)


_RESULT = ("pk", "quiz", "closed_at", "held_passed")


def _still_missed(events: Iterable[_Event], passed: Mapping[int, dt.datetime]) -> list[Missed]:
    """Return what is left of the events in their order.

    Args:
        passed: when each quiz was passed last.
    """
    missed: dict[int, dt.datetime] = {}
    right: dict[int, int] = {}
    quizzes: dict[int, set[int]] = defaultdict(set)
    again: set[int] = set()
    for event in events:
        if event.quiz is not None:
            quizzes[event.question].add(event.quiz)
        if not event.is_right:
            missed[event.question], right[event.question] = event.moment, 0
        elif event.in_practice and event.question in missed:
            right[event.question] += 1
        if event.quiz is None or event.in_practice or event.is_passed:
            continue
        if event.quiz not in passed or passed[event.quiz] < event.moment:
            again.add(event.question)
    left = [
        Missed(key, moment, right[key], frozenset(quizzes[key]), key in again)
        for key, moment in missed.items()
        if right[key] < RIGHT_ENOUGH
    ]
    return sorted(left, key=lambda each: (each.missed_at, each.question), reverse=True)


def current_of(questions: Iterable[int]) -> dict[int, QuestionVersion]:
    """Return the current versions of questions in use, with what they cite, by key of the question."""
    found = QuestionVersion.objects.filter(question__in=list(questions), is_current=True, question__is_active=True)
    related = found.select_related("question__bank", "chapter__edition__manual", "article")
    return {version.question_id: version for version in related}


class Practisable:
    """Which questions of somebody's book are shown with their answers; the others are named only.

    As on the way through a quiz: it is open and for this person, what is held back for review is practised where it
    says so, what is kept for certifying never. And as a paper shows it: no key of what may be asked again.
    """

    def __init__(self, person: Person, book: Iterable[Missed]) -> None:
        self._of = {each.question: each for each in book}
        named = {quiz for each in self._of.values() for quiz in each.quizzes}
        self._open = {quiz.pk: quiz for quiz in open_quizzes_for(person, Quiz.objects.filter(pk__in=named))}
        self._taken = taken_banks(person)

    def has(self, version: QuestionVersion) -> bool:
        """Whether the question is practised now."""
        missed, question = self._of[version.question_id], version.question
        quizzes = [self._open[quiz] for quiz in missed.quizzes if quiz in self._open]
        if question.suspended_at is not None:
            quizzes = [quiz for quiz in quizzes if quiz.practises_suspended]
        is_closed = question.is_reserved or missed.may_come_again or question.bank_id in self._taken
        return bool(quizzes) and not is_closed
