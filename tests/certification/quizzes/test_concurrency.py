"""Twenty at once: no second attempt, no lost or reversed answer, no second grant."""

import threading
import uuid

import pytest
from django.db import connection

from certification import ledger
from certification.models import Answer, Attempt, LedgerEntry
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from tests.factories.certification import QuizFactory, QuizRequirementFactory, SchemeFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.engines]

THREADS = 20


def at_once(act, count=THREADS):
    """Run ``act(number)`` in threads that start together; return the results, exceptions among them."""
    barrier = threading.Barrier(count)
    results = [None] * count

    def run(number):
        barrier.wait()
        try:
            results[number] = act(number)
        except Exception as error:  # the test looks at it
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_starts_make_one_attempt():
    person, quiz = PersonFactory(), QuizFactory()

    results = at_once(lambda _number: start_attempt(person, quiz).pk)

    assert set(results) == {Attempt.objects.get().pk}


def test_answers_arriving_in_any_order_end_with_the_latest():
    attempt = start_attempt(PersonFactory(), QuizFactory())

    results = at_once(lambda number: save_answer(attempt, 1, [number % 3], sequence=number + 1).sequence)

    answer = Answer.objects.get()
    assert answer.sequence == max(results) == THREADS
    assert answer.response == [answer.shown.choice_order[(THREADS - 1) % 3]]


def test_handing_in_twenty_times_counts_once():
    attempt = start_attempt(PersonFactory(), QuizRequirementFactory(quiz__pass_mark=1).quiz)
    for shown in attempt.questions.all():
        save_answer(attempt, shown.order, [0])

    results = at_once(lambda _number: submit_attempt(attempt).closed_at)

    assert len(set(results)) == 1
    assert LedgerEntry.objects.count() == Attempt.objects.filter(is_passed=True).count()


def test_twenty_grants_make_one_entry():
    person, scheme = PersonFactory(), SchemeFactory()

    at_once(lambda _number: ledger.grant(person, scheme, act_key=uuid.uuid4().hex))

    assert LedgerEntry.objects.count() == 1
