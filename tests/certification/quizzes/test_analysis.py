"""Item analysis against Moodle's formulas, worked by hand, and the pages that show it."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from certification.kinds import question_kinds
from certification.models import Choice, QuestionVersion
from certification.questions.kinds.choices import ChoiceKind
from certification.quizzes.analysis import given_answers, items_of, statistics_of
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from tests.factories.certification import QuestionFactory, QuizFactory
from tests.factories.kb import ManualEditionFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


def test_worked_example():
    # Five papers: item 1 1 1 0 0, rest of the paper 4 3 4 1 2.
    # Means 0.6 and 2.8; sum of products 0.4·1.2+0.4·0.2+0.4·1.2+0.6·1.8+0.6·0.8 = 2.6, so C = 0.65.
    # V(x) = 1.2/4 = 0.3, V(X) = 6.8/4 = 1.7: DI = 0.65/sqrt(0.51) = 0.910.
    # Sorted: 0 0 1 1 1 with 1 2 3 4 4 is the same sum 2.6, so the efficiency is whole.
    found = statistics_of([1, 1, 1, 0, 0], [4, 3, 4, 1, 2], guess=0.25)
    assert found.shown == 5
    assert found.facility == pytest.approx(0.6)
    assert found.deviation == pytest.approx(0.3**0.5)
    assert found.discrimination == pytest.approx(0.65 / 0.51**0.5)
    assert found.efficiency == pytest.approx(1)
    assert found.guess == 0.25


def test_item_the_weak_do_better_at_discriminates_negatively():
    # Item 0 0 1 1 with rests 4 3 2 1: C = -2/3, at best 2/3.
    found = statistics_of([0, 0, 1, 1], [4, 3, 2, 1])
    assert found.efficiency == pytest.approx(-1)
    assert found.discrimination == pytest.approx((-2 / 3) / ((1 / 3) * (5 / 3)) ** 0.5)


@pytest.mark.parametrize(("items", "rests"), [([1], [2]), ([1, 1], [1, 2]), ([0, 1], [2, 2])])
def test_what_never_differs_has_no_discrimination(items, rests):
    found = statistics_of(items, rests)
    assert found.discrimination is None
    assert found.efficiency is None


@pytest.fixture
def quiz():
    found = QuizFactory(questions=0, draw=[{"count": 2}], max_attempts=3, wait_hours=0)
    chapter = ManualEditionFactory().chapters.first()
    for _number in range(2):
        QuestionFactory(bank=found.bank, version__chapter=chapter)
    return found


def sit(quiz, person, right):
    """Answer: the first question of the bank rightly if ``right``, the second one never."""
    first = QuestionVersion.objects.filter(question__bank=quiz.bank).order_by("pk")[0]
    attempt = start_attempt(person, quiz)
    for shown in attempt.questions.all():
        is_right = right and shown.version_id == first.pk
        correct = set(Choice.objects.filter(version=shown.version, is_correct=True).values_list("pk", flat=True))
        fitting = [at for at, key in enumerate(shown.choice_order) if (key in correct) == is_right]
        save_answer(attempt, shown.order, fitting[:1])
    return submit_attempt(attempt)


def test_first_attempts_count_unless_all_are_asked_for(quiz):
    person = PersonFactory()
    for right in (False, True):
        sit(quiz, person, right)
    sit(quiz, PersonFactory(), right=True)
    facility = {item.version.pk: item.numbers.facility for item in items_of(quiz)}
    assert sorted(facility.values()) == [0, 0.5]
    assert sorted(item.numbers.facility for item in items_of(quiz, all_tries=True)) == pytest.approx([0, 2 / 3])
    start_attempt(PersonFactory(), quiz)
    assert {item.numbers.shown for item in items_of(quiz)} == {2}


def test_answers_are_counted_with_the_blank_ones(quiz):
    sit(quiz, PersonFactory(), right=True)
    submit_attempt(start_attempt(PersonFactory(), quiz))
    first = QuestionVersion.objects.filter(question__bank=quiz.bank).order_by("pk")[0]
    given = given_answers(quiz, first)
    assert [(each.count, each.is_right) for each in given] == [(1, True), (0, False), (0, False), (1, False)]


@pytest.mark.parametrize(
    ("kind", "choices", "parameters", "earned"),
    [
        ("single", [("甲", True), ("乙", False), ("丙", False)], {}, 1 / 3),
        ("judge", [("正确", True), ("错误", False)], {}, 1 / 2),
        ("multi", [("甲", True), ("乙", True), ("丙", False)], {}, None),
        ("match", [("停", True), ("行", True), ("看", False)], {"pairs": [["红", "停"], ["绿", "行"]]}, 1 / 3),
        ("order", [("一", True), ("二", True), ("三", True)], {}, None),
        ("fill", [], {"blanks": [[{"text": "氨", "credit": "100"}]]}, 0.0),
        ("numeric", [], {"values": [{"value": "2.5", "tolerance": "0", "credit": "100"}]}, 0.0),
        ("written", [], {"guide": "先断电"}, None),
    ],
)
def test_what_guessing_earns_is_said_by_the_kind(kind, choices, parameters, earned):
    question = QuestionFactory(version__kind=kind, version__answers=choices, version__parameters=parameters)
    version = question.versions.get()
    assert question_kinds.get(kind).guess_score(version) == (earned and pytest.approx(earned))


class Emergency(ChoiceKind):
    """A kind with choices that only the tests know."""

    key = "emergency"
    label = "应急"


@pytest.fixture
def emergency():
    question_kinds.register(Emergency())
    yield
    question_kinds.unregister("emergency")


def test_a_new_kind_with_choices_is_guessed_and_counted_like_the_others(emergency):
    quiz = QuizFactory(questions=0, draw=[{"count": 1}])
    chapter = ManualEditionFactory().chapters.first()
    QuestionFactory(bank=quiz.bank, version__chapter=chapter, version__kind="emergency")
    sit(quiz, PersonFactory(), right=True)
    (item,) = items_of(quiz)
    assert item.numbers.guess == pytest.approx(1 / 3)
    given = given_answers(quiz, item.version)
    assert [(answer.text, answer.count) for answer in given] == [("正确的做法", 1), ("错误甲", 0), ("错误乙", 0)]


def test_page_leads_to_answers_and_section_and_exports(network, quiz, client_of):
    sit(quiz, network["technician"], right=True)
    client = client_of(network["trainer"])
    page = reverse("certification_analysis")
    assert page in client.get(reverse("question:index")).content.decode()
    html = client.get(page, {"quiz": quiz.code}).content.decode()
    version = QuestionVersion.objects.filter(question__bank=quiz.bank).first()
    detail = reverse("certification_item", args=[quiz.code, version.pk])
    assert detail in html
    assert "<svg" in html
    assert version.chapter.citation in html
    assert "<svg" in client.get(detail).content.decode()
    sheet = load_workbook(io.BytesIO(client.get(page, {"quiz": quiz.code, "export": "xlsx"}).content)).active
    assert sheet.max_row == 3


@pytest.mark.parametrize("who", ["technician", "manager", "dispatcher", "auditor"])
def test_others_do_not_see_answers(network, quiz, client_of, who):
    version = QuestionVersion.objects.filter(question__bank=quiz.bank).first()
    client = client_of(network[who])
    for address in (
        reverse("certification_analysis"),
        reverse("certification_item", args=[quiz.code, version.pk]),
    ):
        response = client.get(address)
        assert response.status_code in (302, 403)
        assert version.stem not in response.content.decode()


@pytest.mark.parametrize("papers", [1, 3])
def test_page_takes_as_many_queries_for_many(network, quiz, client_of, django_assert_max_num_queries, papers):
    for _number in range(papers):
        sit(quiz, PersonFactory(), right=True)
    client = client_of(network["trainer"])
    client.get(reverse("certification_analysis"))
    with django_assert_max_num_queries(16):
        client.get(reverse("certification_analysis"), {"quiz": quiz.code})
