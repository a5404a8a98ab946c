"""A re-sit should be another paper: the bank holds twice what a quiz shows, or its editor is told."""

import pytest
from django.urls import reverse

from certification import demo
from certification.models import Question
from certification.quizzes.breadth import narrow_rules
from portal.access.roles import synchronise_roles
from portal.demo import loaders as demo_loaders
from portal.enums import Role
from portal.registry.demo import data
from tests.factories.certification import QuestionFactory, QuizFactory
from tests.factories.kb import TopicFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


def told(quiz):
    return [(narrow.number, narrow.available, narrow.needed) for narrow in narrow_rules(quiz)]


@pytest.mark.parametrize(("questions", "expected"), [(20, []), (19, [(1, 19, 20)]), (10, [(1, 10, 20)])])
def test_twice_what_is_shown_is_enough(questions, expected):
    assert told(QuizFactory(questions=questions, draw=[{"count": 10}])) == expected


def test_no_question_counts_for_two_rules():
    quiz = QuizFactory(questions=0, draw=[{"count": 2, "only_safety": True}, {"count": 2}])
    for _number in range(6):
        QuestionFactory(bank=quiz.bank, version__is_safety=True)

    assert told(quiz) == [(2, 2, 4)]


def test_questions_are_shared_out_so_that_every_rule_is_filled_where_that_can_be():
    faults = TopicFactory(kind="fault")
    quiz = QuizFactory(questions=0, draw=[{"count": 2}, {"count": 2, "topic": faults}])
    for topic in [faults] * 4 + [None] * 4:
        QuestionFactory(bank=quiz.bank, version__topic=topic)

    assert told(quiz) == []


def test_questions_out_of_use_do_not_count():
    quiz = QuizFactory(questions=20, draw=[{"count": 10}])
    Question.objects.filter(pk=quiz.bank.questions.first().pk).update(is_active=False)

    assert told(quiz) == [(1, 19, 20)]


def test_every_quiz_of_the_demo_has_enough():
    demo_loaders.load_organisations()
    demo_loaders.load_positions()
    demo_loaders.load_people()
    demo_loaders.load_equipment()
    demo.load_questions()
    asked = [row for scheme in data("schemes")["schemes"] for row in scheme["requirements"] if row["kind"] == "quiz"]

    assert asked
    assert [told(demo.make_quiz(row["quiz"])) for row in asked] == [[] for _row in asked]


def form_of(quiz, **changes):
    rule = quiz.draw_rules.get()
    return {
        "code": quiz.code,
        "title": quiz.title,
        "bank": quiz.bank.pk,
        "is_active": "on",
        "minutes": 30,
        "pass_mark": 80,
        "max_attempts": 2,
        "wait_hours": 24,
        "draw_rules-TOTAL_FORMS": 1,
        "draw_rules-INITIAL_FORMS": 1,
        "draw_rules-MIN_NUM_FORMS": 1,
        "draw_rules-MAX_NUM_FORMS": 1000,
        "draw_rules-0-id": rule.pk,
        "draw_rules-0-count": rule.count,
        "draw_rules-0-topic": "",
        "draw_rules-0-difficulty": "",
        "draw_rules-0-ORDER": 1,
        **changes,
    }


def test_the_editor_is_told_on_save_and_on_the_page(client_of):
    synchronise_roles()
    client = client_of(PersonFactory(roles=[Role.TRAINER]))
    quiz = QuizFactory(questions=15, draw=[{"count": 7}])
    url = reverse("quiz:edit", args=[quiz.pk])

    assert "几乎是同一份试卷" not in client.get(url).content.decode()
    saved = client.post(url, form_of(quiz, **{"draw_rules-0-count": 10}), follow=True)
    (warning,) = [str(message) for message in saved.context["messages"] if "几乎是同一份试卷" in str(message)]

    assert warning == (
        "抽题规则 1（任意题目）出 10 题，题库中可供抽取的有 15 题，需要 20 题："
        "补考时几乎是同一份试卷。请补充题目或减少抽题数。"
    )
    assert warning in client.get(url).content.decode()
