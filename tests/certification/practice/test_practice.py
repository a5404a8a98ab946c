"""Practice and the book of wrong answers: nothing counts, no open paper gives its key away, nobody sees another's."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from certification.models import Attempt, Choice, LedgerEntry, PracticeAnswer, Question, QuestionVersion, Quiz
from certification.practice.domain import answer_practice, next_question, next_wrong_question
from certification.practice.errors import NothingToPractise, PracticeAnswered, PracticeWaits
from certification.practice.queries import asked_again, wrong_book
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from certification.quizzes.errors import QuizNotForYou
from kb.models import EditionVerdict
from portal.enums import Tier
from portal.errors import NotAllowed
from tests.factories.certification import (
    AttemptFactory,
    QuestionFactory,
    QuizFactory,
    QuizRequirementFactory,
    full_scheme,
)
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

NOW = dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person():
    return PersonFactory()


@pytest.fixture
def quiz():
    return QuizFactory(questions=3, draw=[{"count": 2}])


def position(shown, right=True):
    correct = set(Choice.objects.filter(version=shown.version, is_correct=True).values_list("pk", flat=True))
    return next(str(at) for at, key in enumerate(shown.choice_order) if (key in correct) == right)


def answer(shown, right=True):
    return answer_practice(shown, [position(shown, right)], by=shown.person)


def fail(person, quiz):
    attempt = start_attempt(person, quiz)
    for shown in attempt.questions.all():
        save_answer(attempt, shown.order, [position(shown, right=False)])
    return submit_attempt(attempt)


def test_practice_comes_before_the_hours_and_counts_nothing(person):
    quiz = QuizFactory()
    scheme = full_scheme()
    scheme.requirements.filter(kind="quiz").delete()
    QuizRequirementFactory(scheme=scheme, quiz=quiz)
    assert answer(next_question(person, quiz)).is_right
    assert not Attempt.objects.exists()
    assert not LedgerEntry.objects.exists()


def test_every_question_is_practised_before_one_comes_again(person, quiz):
    for _number in range(3):
        answer(next_question(person, quiz))
    assert PracticeAnswer.objects.values("version").distinct().count() == 3


def test_questions_kept_for_certifying_are_never_practised(person, quiz):
    Question.objects.update(is_reserved=True)
    with pytest.raises(NothingToPractise):
        next_question(person, quiz)


@pytest.mark.parametrize("practises", [True, False])
def test_questions_held_back_for_review_are_practised_where_the_quiz_says_so(person, quiz, practises):
    Question.objects.update(suspended_at=NOW)
    quiz.practises_suspended = practises
    quiz.save()
    if practises:
        assert next_question(person, quiz)
        return
    with pytest.raises(NothingToPractise):
        next_question(person, quiz)


def test_another_question_puts_the_open_one_away(person, quiz):
    first = next_question(person, quiz)
    second = next_question(person, quiz)
    assert list(PracticeAnswer.objects.all()) == [second]
    assert first.pk != second.pk


def test_answer_is_given_once_and_by_oneself(person, quiz):
    shown = next_question(person, quiz)
    with pytest.raises(NotAllowed):
        answer_practice(shown, ["0"], by=PersonFactory())
    answer(shown)
    with pytest.raises(PracticeAnswered):
        answer(shown)


def test_no_practice_while_a_paper_of_the_bank_is_open(person, quiz, client_of):
    shown = next_question(person, quiz)
    answered = answer(next_question(person, quiz))
    start_attempt(person, quiz)
    with pytest.raises(PracticeWaits):
        next_question(person, quiz)
    client = client_of(person)
    # What was answered before is not shown either: its key may be asked in the paper.
    page = client.get(reverse("certification:practice_question", args=[answered.pk]))
    assert page.status_code == 409
    assert "解析" not in page.content.decode()
    assert client.post(reverse("certification:practise", args=[quiz.code])).status_code == 409
    assert shown.pk != answered.pk


def test_question_shown_before_the_paper_was_opened_is_not_judged(person, quiz):
    shown = next_question(person, quiz)
    start_attempt(person, quiz)
    with pytest.raises(PracticeWaits):
        answer(shown)


def test_book_of_an_open_paper_is_not_practised(person, quiz):
    answer(next_question(person, quiz), right=False)
    start_attempt(person, quiz)
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)


def test_page_shows_the_key_only_after_the_answer(person, quiz, client_of):
    client = client_of(person)
    address = client.post(reverse("certification:practise", args=[quiz.code])).url
    html = client.get(address).content.decode()
    shown = PracticeAnswer.objects.get()
    assert shown.version.stem in html
    assert shown.version.explanation not in html
    assert "choice--right" not in html
    assert client.post(address, {"q1": position(shown, right=False)}).status_code == 302
    html = client.get(address).content.decode()
    assert shown.version.explanation in html
    assert "choice--right" in html
    assert reverse("certification:practise", args=[quiz.code]) in html


def test_practice_of_another_looks_like_none(person, quiz, client_of):
    shown = next_question(person, quiz)
    client = client_of(PersonFactory())
    page = reverse("certification:practice_question", args=[shown.pk])
    assert (client.get(page).status_code, client.post(page, {"q1": "0"}).status_code) == (404, 404)
    assert client.get(reverse("certification:practice_picture", args=[shown.pk])).status_code == 404
    shown.refresh_from_db()
    assert shown.answered_at is None


def test_somebody_of_a_customer_practises_only_for_a_quiz_of_theirs(quiz):
    outsider = PersonFactory(organisation=OrganisationFactory(tier=Tier.CUSTOMER))
    with pytest.raises(QuizNotForYou):
        next_question(outsider, quiz)


def test_missed_question_stays_until_it_was_right_twice(person, quiz, clock):
    question = answer(next_question(person, quiz), right=False).version.question_id
    assert [each.question for each in wrong_book(person)] == [question]
    for number in (1, 2):
        clock.shift(60)
        shown = next_wrong_question(person)
        assert shown.version.question_id == question
        answer(shown)
        assert [each.right for each in wrong_book(person)] == ([1] if number == 1 else [])
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)


def test_what_was_missed_again_starts_anew(person, quiz, clock):
    answer(next_question(person, quiz), right=False)
    for right in (True, False, True):
        clock.shift(60)
        answer(next_wrong_question(person), right=right)
    assert [each.right for each in wrong_book(person)] == [1]


def test_closed_attempts_fill_the_book_and_open_ones_do_not(person, quiz, clock):
    attempt = start_attempt(person, quiz)
    for shown in attempt.questions.all():
        save_answer(attempt, shown.order, [position(shown, right=False)])
    assert wrong_book(person) == []
    submit_attempt(attempt)
    assert len(wrong_book(person)) == 2


def test_a_question_kept_for_certifying_is_named_in_the_book_and_not_practised(person, quiz, client_of):
    fail(person, quiz)
    Question.objects.update(is_reserved=True)
    html = client_of(person).get(reverse("certification:wrong_book")).content.decode()
    assert reverse("certification:practise_wrong") not in html
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)


@pytest.mark.parametrize("questions", [1, 3])
def test_book_takes_as_many_queries_for_many(person, client_of, django_assert_max_num_queries, questions):
    quiz = QuizFactory(questions=0)
    for _number in range(questions):
        QuestionFactory(bank=quiz.bank)
    for version in QuestionVersion.objects.all():
        PracticeAnswer.objects.create(person=person, quiz=quiz, version=version, answered_at=NOW, is_right=False)
    client = client_of(person)
    client.get("/")
    with django_assert_max_num_queries(14):
        html = client.get(reverse("certification:wrong_book")).content.decode()
    assert html.count("plain-list") == 1


def test_what_a_failed_paper_asked_is_named_until_the_quiz_is_passed(person, quiz, clock):
    fail(person, quiz)
    assert all(missed.may_come_again for missed in wrong_book(person))
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)
    clock.shift(60)
    AttemptFactory(person=person, quiz=quiz, number=2, closed_at=NOW + dt.timedelta(seconds=60))
    assert next_wrong_question(person)


def test_the_book_of_a_closed_quiz_and_of_one_for_others_is_not_practised(person, quiz):
    answer(next_question(person, quiz), right=False)
    Quiz.objects.update(is_active=False)
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)
    verdict = EditionVerdict.objects.create(
        edition=ManualEditionFactory(), kind="short_quiz", grace_until=NOW.date(), questions=1, given_by=person
    )
    Quiz.objects.update(is_active=True, verdict=verdict)
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)
    Quiz.objects.update(verdict=None)
    assert next_wrong_question(person)


@pytest.mark.parametrize("practises", [True, False])
def test_the_book_holds_back_what_is_held_back_for_review(person, quiz, practises):
    answer(next_question(person, quiz), right=False)
    Question.objects.update(suspended_at=NOW)
    Quiz.objects.update(practises_suspended=practises)
    if practises:
        assert next_wrong_question(person)
        return
    with pytest.raises(NothingToPractise):
        next_wrong_question(person)


# --- before a re-sit --------------------------------------------------------------------------------------------------


def asked_of(attempt):
    return set(attempt.questions.values_list("version__question", flat=True))


def practised(person, quiz, times):
    found = []
    for _time in range(times):
        shown = next_question(person, quiz)
        answer(shown)
        found.append(shown.version.question_id)
    return set(found)


def test_practice_before_a_resit_leaves_out_what_the_failed_paper_asked(person):
    quiz = QuizFactory(questions=5, draw=[{"count": 2}])
    asked = asked_of(fail(person, quiz))
    assert practised(person, quiz, 6).isdisjoint(asked)
    AttemptFactory(person=person, quiz=quiz, is_passed=True, closed_at=NOW + dt.timedelta(days=2), number=9)
    assert practised(person, quiz, 5) >= asked


def test_the_wait_being_over_shows_no_key_before_the_pass(person, clock):
    quiz = QuizFactory(questions=5, draw=[{"count": 2}])
    asked = asked_of(fail(person, quiz))
    clock.move_to(NOW + dt.timedelta(days=60))
    assert practised(person, quiz, 6).isdisjoint(asked)


def test_of_a_small_bank_only_right_or_wrong_and_the_section_are_shown(person, quiz, client_of):
    asked = asked_of(fail(person, quiz))
    client = client_of(person)
    seen = {}
    for _time in range(3):
        shown = next_question(person, quiz)
        answer(shown, right=False)
        seen[shown.version.question_id] = client.get(reverse("certification:practice_question", args=[shown.pk]))
    assert set(seen) > asked
    for question, page in seen.items():
        has_key = question not in asked
        assert page.context["feedback"].has_key is has_key
        assert bool(page.context["feedback"].lines) is has_key
        assert ("正确答案" in page.content.decode()) is has_key
        assert "答错了" in page.content.decode()


def test_neither_another_quiz_of_the_bank_nor_an_earlier_answer_gives_the_key_away(person, quiz, client_of):
    earlier = []
    for _time in range(3):
        earlier.append(next_question(person, quiz))
        answer(earlier[-1], right=False)
    client = client_of(person)
    pages = [reverse("certification:practice_question", args=[shown.pk]) for shown in earlier]
    assert all("正确答案" in client.get(page).content.decode() for page in pages)
    asked = asked_of(fail(person, quiz))
    for shown, page in zip(earlier, pages, strict=True):
        assert ("正确答案" in client.get(page).content.decode()) is (shown.version.question_id not in asked)
    other = QuizFactory(bank=quiz.bank, draw=[{"count": 1}])
    for _time in range(3):
        shown = next_question(person, other)
        answer(shown, right=False)
        page = client.get(reverse("certification:practice_question", args=[shown.pk]))
        assert page.context["feedback"].has_key is (shown.version.question_id not in asked)


def test_a_failed_paper_of_somebody_else_holds_nothing_back(person, quiz):
    fail(PersonFactory(), quiz)
    assert len(practised(person, quiz, 3)) == 3
    assert asked_again(person) == set()
