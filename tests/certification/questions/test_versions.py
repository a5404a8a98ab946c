"""An edit of what somebody was shown is a new version; unfair questions are refused."""

import pytest

from certification.models import Question
from certification.questions.domain import save_question
from certification.questions.errors import BadQuestion
from certification.quizzes.attempts import start_attempt
from tests.factories.certification import (
    QuestionBankFactory,
    QuizFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


ANSWERS = [("断电验电", True), ("直接开盖", False)]


def edit(question, stem, choices=ANSWERS, **fields):
    return save_question(question, choices=choices, kind="single", stem=stem, **fields)


def test_words_nobody_has_seen_are_rewritten():
    question = Question(bank=QuestionBankFactory(), ref="Q-1")
    edit(question, "第一稿")

    version = edit(question, "第二稿")

    assert (version.number, question.versions.count()) == (1, 1)
    assert [choice.text for choice in version.choices.all()] == ["断电验电", "直接开盖"]


def test_an_edit_of_a_shown_question_is_a_new_version():
    quiz = QuizFactory(questions=10)
    attempt = start_attempt(PersonFactory(), quiz)
    shown = attempt.questions.first().version
    old_texts = [choice.text for choice in shown.choices.all()]

    version = edit(shown.question, "改过的题目")

    shown.refresh_from_db()
    assert (version.number, shown.is_current) == (2, False)
    assert [choice.text for choice in shown.choices.all()] == old_texts
    assert attempt.questions.first().version == shown


def test_an_edit_by_somebody_else_is_a_new_version_with_its_author():
    question, first, second = Question(bank=QuestionBankFactory(), ref="Q-1"), PersonFactory(), PersonFactory()
    edit(question, "第一稿", by=first)
    edit(question, "第二稿", by=first)

    version = edit(question, "第三稿", by=second)

    assert [(row.number, row.created_by) for row in question.versions.order_by("number")] == [(1, first), (2, second)]
    assert version.stem == "第三稿"


def test_saving_a_shown_question_unchanged_makes_no_version():
    quiz = QuizFactory(questions=10)
    shown = start_attempt(PersonFactory(), quiz).questions.first().version
    choices = [(choice.text, choice.is_correct) for choice in shown.choices.all()]

    version = save_question(
        shown.question, choices=choices, kind=shown.kind, stem=shown.stem, explanation=shown.explanation
    )

    assert version == shown


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("single", [("甲", True)]),
        ("single", [("甲", True), ("", False)]),
        ("single", [("甲", True), ("甲", False)]),
        ("single", [("甲", True), ("乙", True)]),
        ("single", [("甲", False), ("乙", False)]),
        ("multi", [("甲", True), ("乙", False)]),
        ("judge", [("甲", True), ("乙", False), ("丙", False)]),
    ],
)
def test_unfair_questions_are_refused(kind, choices):
    with pytest.raises(BadQuestion):
        save_question(Question(bank=QuestionBankFactory(), ref="Q-1"), choices=choices, kind=kind, stem="题")
    assert not Question.objects.exists()
