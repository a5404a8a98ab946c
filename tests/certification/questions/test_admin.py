"""The question bank in the editing area."""

import pytest
from django.urls import reverse

from certification.models import Question
from portal.enums import Role
from tests.factories.certification import (
    QuestionBankFactory,
    QuestionFactory,
)
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


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


def test_technician_sees_nothing_of_the_question_bank(client_of):
    response = client_of(PersonFactory(roles=[Role.ENGINEER])).get(reverse("question:index"))

    assert response.status_code == 302


def test_question_list_pins_its_queries(trainer_client, django_assert_max_num_queries):
    for _number in range(3):
        QuestionFactory()
    trainer_client.get(reverse("question:index"))

    with django_assert_max_num_queries(24):
        trainer_client.get(reverse("question:index"))
