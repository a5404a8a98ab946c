"""Attempts: drawing, the clock, saving, handing in, and who may start."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from certification.enums import AttemptState
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.models import Answer, Attempt, Choice, LedgerEntry
from certification.questions.errors import UnknownAnswer
from certification.quizzes.attempts import (
    save_answer,
    start_attempt,
    submit_attempt,
)
from certification.quizzes.closing import GRACE, close_if_overdue, overdue_attempts
from certification.quizzes.drawing import draw
from certification.quizzes.errors import (
    AlreadyPassed,
    AttemptClosed,
    HoursFirst,
    NoAttemptsLeft,
    QuizClosed,
    QuizNotForYou,
    TooFewQuestions,
    WaitBeforeResit,
)
from certification.quizzes.releases import release_attempts
from portal.enums import Tier
from portal.errors import NotAllowed
from tests.factories.certification import (
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
    full_scheme,
)
from tests.factories.courses import HourCreditFactory
from tests.factories.kb import TopicFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def right_positions(shown) -> list[int]:
    correct = set(Choice.objects.filter(version=shown.version, is_correct=True).values_list("pk", flat=True))
    return [position for position, key in enumerate(shown.choice_order) if key in correct]


def wrong_positions(shown) -> list[int]:
    right = right_positions(shown)
    return [position for position in range(len(shown.choice_order)) if position not in right][:1]


def answer_all(attempt, right: int, **kwargs) -> None:
    """Answer the first ``right`` questions rightly and the others wrongly."""
    for number, shown in enumerate(attempt.questions.all()):
        picked = right_positions(shown) if number < right else wrong_positions(shown)
        save_answer(attempt, shown.order, picked, **kwargs)


# --- drawing -------------------------------------------------------------------------------------------------


def as_shown(paper):
    return [(drawn.version.pk, drawn.choice_order) for drawn in paper]


def test_the_same_seed_draws_the_same_paper():
    quiz = QuizFactory()

    assert as_shown(draw(quiz, 7)) == as_shown(draw(quiz, 7))
    assert as_shown(draw(quiz, 7)) != as_shown(draw(quiz, 8))


def test_rules_are_applied_in_order_and_no_question_is_drawn_twice():
    faults = TopicFactory(kind="fault")
    quiz = QuizFactory(questions=0, draw=[{"count": 2, "only_safety": True}, {"count": 2, "topic": faults}])
    for _number in range(2):
        QuestionFactory(bank=quiz.bank, version__is_safety=True, version__topic=faults)
    for _number in range(2):
        QuestionFactory(bank=quiz.bank, version__topic=faults)
    QuestionFactory(bank=quiz.bank)

    paper = draw(quiz, 1)

    assert len({drawn.version.pk for drawn in paper}) == 4
    assert sum(drawn.version.is_safety for drawn in paper) == 2
    assert all(drawn.version.topic == faults for drawn in paper)


def test_difficulty_is_a_condition_too():
    quiz = QuizFactory(questions=3, draw=[{"count": 1, "difficulty": 3}])
    hard = QuestionFactory(bank=quiz.bank, version__difficulty=3)

    assert [drawn.version.question for drawn in draw(quiz, 1)] == [hard]


def test_right_or_wrong_keeps_its_order_and_other_choices_are_shuffled():
    quiz = QuizFactory(questions=0, draw=[{"count": 2}])
    judge = QuestionFactory(bank=quiz.bank, version__kind="judge", version__answers=[("正确", True), ("错误", False)])
    QuestionFactory(bank=quiz.bank, version__answers=[(f"答案 {n}", n == 0) for n in range(6)])
    judged, shuffled = set(), set()
    for seed in range(12):
        for drawn in draw(quiz, seed):
            (judged if drawn.version.question == judge else shuffled).add(tuple(drawn.choice_order))

    assert len(judged) == 1
    assert len(shuffled) > 5


def test_a_bank_too_small_starts_nothing(clock):
    quiz = QuizFactory(questions=3)

    with pytest.raises(TooFewQuestions):
        start_attempt(PersonFactory(), quiz)
    assert not Attempt.objects.exists()


def test_quiz_without_rules_starts_nothing():
    with pytest.raises(TooFewQuestions):
        start_attempt(PersonFactory(), QuizFactory(draw=[]))


def test_questions_taken_out_of_use_are_not_drawn():
    quiz = QuizFactory(questions=10)
    retired = QuestionFactory(bank=quiz.bank, is_active=False)

    assert retired not in [drawn.version.question for drawn in draw(quiz, 3)]


# --- starting ------------------------------------------------------------------------------------------------


def test_attempt_keeps_what_was_shown_and_the_rules_of_its_day(clock):
    quiz = QuizFactory(pass_mark=70, minutes=20)

    attempt = start_attempt(PersonFactory(), quiz, seed=5)
    quiz.pass_mark = 90
    quiz.save()

    assert (attempt.number, attempt.seed, attempt.pass_mark) == (1, 5, 70)
    assert attempt.deadline == NOW + dt.timedelta(minutes=20)
    assert [(shown.version_id, shown.choice_order) for shown in attempt.questions.all()] == as_shown(draw(quiz, 5))


def test_second_start_continues_the_first(clock):
    quiz, person = QuizFactory(), PersonFactory()

    assert start_attempt(person, quiz) == start_attempt(person, quiz)
    assert Attempt.objects.count() == 1


def test_resit_waits_and_ends_after_the_last(clock):
    quiz, person = QuizFactory(wait_hours=24, max_attempts=2), PersonFactory()
    submit_attempt(start_attempt(person, quiz))

    with pytest.raises(WaitBeforeResit):
        start_attempt(person, quiz)
    clock.move_to(NOW + dt.timedelta(hours=24))
    second = submit_attempt(start_attempt(person, quiz))
    clock.move_to(NOW + dt.timedelta(days=30))

    assert second.number == 2
    with pytest.raises(NoAttemptsLeft):
        start_attempt(person, quiz)


def test_released_resit_counts_anew_but_still_waits(clock):
    quiz, person, trainer = QuizFactory(max_attempts=1, wait_hours=24), PersonFactory(), PersonFactory()
    submit_attempt(start_attempt(person, quiz))
    key = uuid.uuid4()
    for _press in range(2):
        release_attempts(person, quiz, by=trainer, reason="已重新培训", form_key=key)

    with pytest.raises(WaitBeforeResit):
        start_attempt(person, quiz)
    clock.move_to(NOW + dt.timedelta(days=2))
    assert start_attempt(person, quiz).number == 2


def test_release_needs_a_reason():
    with pytest.raises(ReasonNeeded):
        release_attempts(PersonFactory(), QuizFactory(), by=PersonFactory(), reason=" ", form_key=uuid.uuid4())


def test_form_of_one_release_releases_nobody_else():
    quiz, trainer, key = QuizFactory(), PersonFactory(), uuid.uuid4()
    release_attempts(PersonFactory(), quiz, by=trainer, reason="已重新培训", form_key=key)

    with pytest.raises(ActKeyTaken):
        release_attempts(PersonFactory(), quiz, by=trainer, reason="已重新培训", form_key=key)


def test_passed_quiz_is_not_taken_again(clock):
    quiz, person = QuizFactory(wait_hours=0), PersonFactory()
    attempt = start_attempt(person, quiz)
    answer_all(attempt, 10)
    submit_attempt(attempt)
    clock.move_to(NOW + dt.timedelta(minutes=1))

    with pytest.raises(AlreadyPassed):
        start_attempt(person, quiz)


def test_hours_come_before_the_quiz(clock):
    scheme, person = full_scheme(), PersonFactory()
    requirements = {requirement.kind: requirement for requirement in scheme.requirements.all()}
    quiz = requirements["quiz"].quiz

    with pytest.raises(HoursFirst) as caught:
        start_attempt(person, quiz)
    assert caught.value.params["missing"]
    HourCreditFactory(person=person, module=requirements["hours"].module, recorded_at=NOW)
    assert start_attempt(person, quiz)


def test_customers_take_a_quiz_only_after_its_training(clock):
    customer = PersonFactory(organisation=OrganisationFactory(tier=Tier.CUSTOMER))
    without_hours = QuizRequirementFactory().quiz
    scheme = full_scheme()
    hours = scheme.requirements.get(kind="hours")
    with_hours = scheme.requirements.get(kind="quiz").quiz

    for quiz in (QuizFactory(), without_hours, with_hours):
        with pytest.raises(QuizNotForYou):
            start_attempt(customer, quiz)
    HourCreditFactory(person=customer, module=hours.module, recorded_at=NOW)
    assert start_attempt(customer, with_hours)


def test_closed_quiz_and_inactive_person_start_nothing():
    with pytest.raises(QuizClosed):
        start_attempt(PersonFactory(), QuizFactory(is_active=False))
    with pytest.raises(NotAllowed):
        start_attempt(PersonFactory(is_active=False), QuizFactory())


# --- saving --------------------------------------------------------------------------------------------------


def kept(attempt, order=1):
    answer = Answer.objects.get(shown__attempt=attempt, shown__order=order)
    return [answer.shown.choice_order.index(key) for key in answer.response]


def test_later_answer_replaces_the_earlier_and_late_packets_change_nothing(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())

    save_answer(attempt, 1, [0], sequence=100)
    save_answer(attempt, 1, [1], sequence=300)
    answer = save_answer(attempt, 1, [2], sequence=200)

    assert (kept(attempt), answer.sequence) == ([1], 300)
    assert Answer.objects.count() == 1


def test_without_a_sequence_the_server_numbers_the_answer(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    save_answer(attempt, 1, [0])
    save_answer(attempt, 1, [1])

    assert kept(attempt) == [1]


def test_answer_of_a_second_device_follows_the_first(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    save_answer(attempt, 1, [0], sequence=5000)
    clock.move_to(NOW + dt.timedelta(seconds=8))
    save_answer(attempt, 1, [1])

    assert kept(attempt) == [1]


def test_an_answer_may_be_taken_back(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    save_answer(attempt, 1, [0])
    save_answer(attempt, 1, [])

    assert kept(attempt) == []


@pytest.mark.parametrize(
    ("order", "picked", "sequence"),
    [(99, [0], 1), (1, [3], 1), (1, [-1], 1), (1, [0, 1], 1), (1, [0], -1), (1, [0], 10_000_000)],
    ids=["no such question", "no such answer", "negative", "two where one is asked", "sequence", "far ahead"],
)
def test_what_is_not_on_the_paper_is_refused(clock, order, picked, sequence):
    attempt = start_attempt(PersonFactory(), QuizFactory())

    with pytest.raises(UnknownAnswer):
        save_answer(attempt, order, picked, sequence=sequence)
    assert not Answer.objects.exists()


def test_grace_takes_packets_that_were_on_their_way(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    clock.move_to(attempt.deadline + GRACE)
    save_answer(attempt, 1, [0])
    clock.move_to(attempt.deadline + GRACE + dt.timedelta(seconds=1))

    with pytest.raises(AttemptClosed):
        save_answer(attempt, 1, [1])
    attempt.refresh_from_db()
    assert (attempt.state, attempt.closed_at) == (AttemptState.EXPIRED, attempt.deadline)
    assert kept(attempt) == [0]


def test_nothing_is_saved_after_handing_in(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    submit_attempt(attempt)

    with pytest.raises(AttemptClosed):
        save_answer(attempt, 1, [0])


# --- handing in ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("right", "passed"), [(8, True), (7, False), (10, True), (0, False)])
def test_score_decides_at_the_pass_mark(clock, right, passed):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    answer_all(attempt, right)

    closed = submit_attempt(attempt)

    assert (closed.score, closed.is_passed, closed.state) == (right * 10, passed, AttemptState.SUBMITTED)
    assert Answer.objects.filter(is_right=True).count() == right


def test_score_is_rounded_down_so_that_almost_is_not_passed(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory(draw=[{"count": 3}], pass_mark=67))
    answer_all(attempt, 2)

    assert submit_attempt(attempt).score == 66
    attempt.refresh_from_db()
    assert attempt.is_passed is False


def test_several_right_answers_are_all_or_nothing(clock):
    quiz = QuizFactory(questions=0, draw=[{"count": 3}])
    for _number in range(3):
        QuestionFactory(
            bank=quiz.bank,
            version__kind="multi",
            version__answers=[("甲", True), ("乙", True), ("丙", False)],
        )
    attempt = start_attempt(PersonFactory(), quiz)
    all_right, half, too_many = attempt.questions.all()
    save_answer(attempt, all_right.order, right_positions(all_right))
    save_answer(attempt, half.order, right_positions(half)[:1])
    save_answer(attempt, too_many.order, [0, 1, 2])

    assert submit_attempt(attempt).score == 33


def test_handing_in_twice_counts_once(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    answer_all(attempt, 9)
    first = submit_attempt(attempt)
    clock.move_to(NOW + dt.timedelta(minutes=5))

    second = submit_attempt(attempt)

    assert (second.pk, second.closed_at, second.score) == (first.pk, NOW, 90)


def test_handing_in_too_late_counts_what_was_saved_in_time(clock):
    attempt = start_attempt(PersonFactory(), QuizFactory())
    answer_all(attempt, 10)
    clock.move_to(NOW + dt.timedelta(hours=3))

    closed = submit_attempt(attempt)

    assert (closed.state, closed.score, closed.closed_at) == (AttemptState.EXPIRED, 100, attempt.deadline)


def test_overdue_attempts_are_closed_by_command_and_only_they(clock):
    quiz = QuizFactory()
    old = start_attempt(PersonFactory(), quiz)
    clock.move_to(NOW + dt.timedelta(minutes=30, seconds=16))
    running = start_attempt(PersonFactory(), quiz)

    assert list(overdue_attempts(timezone.now())) == [old]
    call_command("expire_qualifications", verbosity=0)
    assert not overdue_attempts(timezone.now()).exists()
    assert close_if_overdue(running) is None
    old.refresh_from_db()
    assert (old.state, old.score, old.is_passed) == (AttemptState.EXPIRED, 0, False)


def test_a_refused_start_still_closes_the_attempt_that_ran_out(clock):
    quiz, person = QuizFactory(max_attempts=1), PersonFactory()
    attempt = start_attempt(person, quiz)
    clock.move_to(NOW + dt.timedelta(hours=1))

    with pytest.raises(NoAttemptsLeft):
        start_attempt(person, quiz)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED


def test_passing_the_last_requirement_grants_the_qualification(clock):
    requirement = QuizRequirementFactory()
    person = PersonFactory()
    attempt = start_attempt(person, requirement.quiz)
    answer_all(attempt, 10)

    submit_attempt(attempt)

    assert LedgerEntry.objects.get().person == person
