"""What the editing area of certification shows to whom, and what nobody deletes."""

import pytest
from django.urls import reverse

from certification.models import Question
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
