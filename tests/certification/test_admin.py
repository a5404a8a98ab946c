"""The editing area: versions of questions, quizzes, schemes; who may edit; what may not be deleted."""

import pytest
from django.urls import reverse

from certification.models import Question, Quiz
from certification.questions.domain import save_question
from certification.questions.errors import BadQuestion
from certification.quizzes.attempts import start_attempt
from portal.enums import Role
from tests.factories.certification import (
    ChecklistFactory,
    QuestionBankFactory,
    QuestionFactory,
    QuizFactory,
    SchemeFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db

ANSWERS = [("断电验电", True), ("直接开盖", False)]


@pytest.fixture
def trainer_client(client_of, django_db_blocker):
    from portal.access.roles import synchronise_roles

    synchronise_roles()
    return client_of(PersonFactory(roles=[Role.TRAINER]))


# --- versions -------------------------------------------------------------------------------------------------------


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


# --- pages -----------------------------------------------------------------------------------------------------------


def question_form(bank, **changes):
    return {
        "bank": bank.pk,
        "ref": "Q-NEW",
        "is_active": "on",
        "kind": "single",
        "stem": "拆启动件前先做什么？",
        "difficulty": "1",
        "answer_1": "断电验电",
        "right_1": "on",
        "answer_2": "直接拔下",
        **changes,
    }


def test_trainer_adds_and_edits_a_question(trainer_client):
    bank = QuestionBankFactory()
    added = trainer_client.post(reverse("question:add"), question_form(bank))
    question = Question.objects.get()
    url = reverse("question:edit", args=[question.pk])
    page = trainer_client.get(url).content.decode()
    trainer_client.post(url, question_form(bank, stem="拆启动件前应先做什么？"))

    assert added.status_code == 302
    assert "断电验电" in page
    assert question.versions.get().stem == "拆启动件前应先做什么？"


def test_wrong_question_is_explained(trainer_client):
    response = trainer_client.post(reverse("question:add"), question_form(QuestionBankFactory(), right_2="on"))

    assert response.status_code == 200
    assert "只能勾选一个正确答案" in response.content.decode()
    assert not Question.objects.exists()


@pytest.mark.parametrize("name", ["question", "questionbank", "quiz", "checklist"])
def test_trainer_opens_lists_and_forms_in_chinese(trainer_client, name):
    QuestionFactory()
    record = {
        "question": Question.objects.first,
        "questionbank": QuestionBankFactory,
        "quiz": QuizFactory,
        "checklist": ChecklistFactory,
    }[name]()

    listing = trainer_client.get(reverse(f"{name}:index"))
    form = trainer_client.get(reverse(f"{name}:edit", args=[record.pk]))

    assert (listing.status_code, form.status_code) == (200, 200)
    assert {"question": "题目", "questionbank": "题库", "quiz": "试卷", "checklist": "实操考核表"}[
        name
    ] in listing.content.decode()


def test_trainer_sees_schemes_and_changes_none(trainer_client):
    scheme = SchemeFactory()

    assert trainer_client.get(reverse("scheme:index")).status_code == 200
    assert trainer_client.get(reverse("scheme:edit", args=[scheme.pk])).status_code == 302


@pytest.mark.parametrize("name", ["question", "quiz", "scheme"])
def test_nobody_deletes_what_attempts_and_ledger_point_to(client_of, trainer_client, name):
    from portal.access.roles import synchronise_roles

    synchronise_roles()
    record = {"question": QuestionFactory, "quiz": QuizFactory, "scheme": SchemeFactory}[name]()
    administrator = client_of(PersonFactory(roles=[Role.ADMINISTRATOR]))

    for client in (trainer_client, administrator):
        assert client.post(reverse(f"{name}:delete", args=[record.pk])).status_code == 302
    assert type(record).objects.filter(pk=record.pk).exists()


def test_technician_sees_nothing_of_the_question_bank(client_of):
    response = client_of(PersonFactory(roles=[Role.ENGINEER])).get(reverse("question:index"))

    assert response.status_code == 302


def test_question_list_pins_its_queries(trainer_client, django_assert_max_num_queries):
    for _number in range(3):
        QuestionFactory()
    trainer_client.get(reverse("question:index"))

    with django_assert_max_num_queries(24):
        trainer_client.get(reverse("question:index"))


def test_quiz_keeps_its_rules_through_the_form(trainer_client):
    quiz = QuizFactory()
    page = trainer_client.get(reverse("quiz:edit", args=[quiz.pk]))

    assert "draw_rules-TOTAL_FORMS" in page.content.decode()
    assert Quiz.objects.get().draw_rules.count() == 1
