"""An answer costs at most five statements, whatever its kind."""

import pytest

from certification.kinds import question_kinds
from certification.models import Question
from certification.questions.domain import save_question
from certification.quizzes.attempts import save_answer, start_attempt
from certification.quizzes.paper import paper_of
from tests.certification.questions.importing.test_exports import QUESTIONS
from tests.certification.questions.test_kinds_in_attempts import picture
from tests.factories.certification import QuizFactory
from tests.factories.portal import PersonFactory

pytestmark = [pytest.mark.django_db, pytest.mark.engines]

VALUES = {
    "single": ["0"],
    "multi": ["0", "1"],
    "judge": ["1"],
    "fill": ["LPG", "氨"],
    "numeric": ["2.5"],
    "order": ["1", "2", "3"],
    "match": None,
    "written": ["先断电"],
    "hotspot": ["A1"],
}


def test_every_kind_is_tried():
    assert set(VALUES) == {kind.key for kind in question_kinds}


@pytest.mark.parametrize("kind", VALUES)
def test_answer_takes_five_statements_at_most(kind, django_assert_max_num_queries):
    quiz = QuizFactory(questions=0, draw=[{"count": 1}])
    facts = QUESTIONS.get(kind) or {"parameters": {"fields": ["A1"]}, "picture": picture()}
    save_question(Question(bank=quiz.bank, ref=f"s-{kind}"), kind=kind, stem="题目", difficulty=1, **facts)
    attempt = start_attempt(PersonFactory(), quiz)
    values = VALUES[kind]
    if values is None:
        (question,) = paper_of(attempt).questions
        values = [question.body[0].options[0][0]] * len(question.body)
    # The first answer and a later one.
    for sequence in (1, 2):
        with django_assert_max_num_queries(5):
            assert save_answer(attempt, 1, values, sequence=sequence).sequence == sequence
