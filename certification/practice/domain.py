"""Show a question for practice and judge the answer; nothing counts, and no paper that is open gives its key away."""

import datetime as dt
import secrets
from collections.abc import Sequence
from random import Random

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from certification.kinds import question_kinds
from certification.models import PracticeAnswer, QuestionVersion, Quiz
from certification.practice.errors import NothingToPractise, PracticeAnswered, PracticeWaits
from certification.practice.queries import (
    Practisable,
    asked_again,
    current_of,
    is_taking,
    practice_pool,
    wrong_book,
)
from certification.questions.kinds.base import ShownQuestion
from certification.quizzes.eligibility import eligibility
from certification.quizzes.errors import QuizClosed, QuizNotForYou
from portal.errors import NotAllowed
from portal.models import Person

# A bank with so many times the questions of the failed papers is practised without them.
WIDE = 2


@transaction.atomic
def next_question(person: Person, quiz: Quiz) -> PracticeAnswer:
    """Show the next question of a quiz's bank: one practised least, by chance. An open one is put away.

    After a failed paper what a re-sit may ask is left out, as long as the bank holds :data:`WIDE` times as much; of a
    smaller one it is practised without its key, see :func:`certification.practice.queries.asked_again`.

    Raises:
        NotAllowed, QuizClosed, QuizNotForYou: the quiz is not for this person; hours, tries and waiting do not matter.
        PracticeWaits: a paper of the bank is open, or waits for marks.
        NothingToPractise: no question.
    """
    _lock(person)
    refusal = eligibility(person, quiz).refusal
    if isinstance(refusal, (NotAllowed, QuizClosed, QuizNotForYou)):
        raise refusal
    if is_taking(person, quiz.bank_id):
        raise PracticeWaits
    mine = Count("question__versions__practised", filter=Q(question__versions__practised__person=person), distinct=True)
    pool = list(practice_pool(quiz).annotate(times=mine).values_list("times", "pk", "question"))
    if not pool:
        raise NothingToPractise
    again = asked_again(person)
    others = [row for row in pool if row[2] not in again]
    if len(pool) >= WIDE * (len(pool) - len(others)):
        pool = others
    least = min(times for times, _pk, _question in pool)
    chosen = secrets.choice([pk for times, pk, _question in pool if times == least])
    return _show(person, QuestionVersion.objects.get(pk=chosen), quiz)


@transaction.atomic
def next_wrong_question(person: Person) -> PracticeAnswer:
    """Show the question of the person's book that was missed longest ago.

    Raises:
        NothingToPractise: the book is empty, or nothing in it may be shown with its answer now.
    """
    _lock(person)
    book = wrong_book(person)
    versions, practisable = current_of(each.question for each in book), Practisable(person, book)
    last = PracticeAnswer.objects.filter(person=person, answered_at__isnull=False).order_by("-answered_at").first()
    fitting = [
        versions[each.question]
        for each in reversed(book)
        if each.question in versions and practisable.has(versions[each.question])
    ]
    if not fitting:
        raise NothingToPractise
    # Not the one just answered, as long as there is another.
    others = [version for version in fitting if last is None or version.question_id != last.version.question_id]
    return _show(person, (others or fitting)[0], None)


@transaction.atomic
def answer_practice(
    shown: PracticeAnswer, values: Sequence[str], *, by: Person, at: dt.datetime | None = None
) -> PracticeAnswer:
    """Keep the answer and say whether it is right.

    Raises:
        NotAllowed: it was shown to somebody else.
        PracticeAnswered: it has an answer.
        PracticeWaits: a paper of the bank was opened meanwhile.
        UnknownAnswer: the values do not fit the question.
    """
    _lock(by)
    locked = PracticeAnswer.objects.select_related("version__question").get(pk=shown.pk)
    if locked.person_id != by.pk:
        raise NotAllowed
    if locked.answered_at is not None:
        raise PracticeAnswered
    if is_taking(by, locked.version.question.bank_id):
        raise PracticeWaits
    kind = question_kinds.get(locked.version.kind)
    locked.response = kind.read(ShownQuestion(locked.version, locked.choice_order), values)
    locked.answered_at = at or timezone.now()
    if not kind.is_marked_by_person:
        locked.is_right = kind.grade(locked.version, locked.response) == 1
    locked.save(update_fields=["response", "answered_at", "is_right"])
    return locked


def _show(person: Person, version: QuestionVersion, quiz: Quiz | None) -> PracticeAnswer:
    PracticeAnswer.objects.filter(person=person, answered_at__isnull=True).delete()
    # Not a secret: nothing rests on the order.
    order = question_kinds.get(version.kind).arrange(list(version.choices.all()), Random())  # noqa: S311
    return PracticeAnswer.objects.create(person=person, quiz=quiz, version=version, choice_order=order)


def _lock(person: Person) -> None:
    """Attempts are begun under the same lock: none begins while a key is about to be shown."""
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
