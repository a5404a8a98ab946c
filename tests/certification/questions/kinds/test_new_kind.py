"""A kind of question that only the tests know goes the whole way: admin, paper, answers, marks, result."""

import json
import re

import pytest
from django.urls import reverse

from certification.kinds import question_kinds
from certification.models import Answer, Question, QuestionVersion
from certification.quizzes.attempts import start_attempt
from portal.access.roles import synchronise_roles
from portal.enums import Role
from tests.certification.questions.kinds.numeric import TEMPLATE, Numeric
from tests.factories.certification import QuestionBankFactory, QuizFactory
from tests.factories.portal import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def numeric(settings, tmp_path):
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "numeric.html").write_text(TEMPLATE)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [engine | {"DIRS": [*engine.get("DIRS", []), str(tmp_path)]}, *settings.TEMPLATES[1:]]
    question_kinds.register(Numeric())
    yield
    question_kinds.unregister("gauge")


def numeric_form(bank, **changes):
    return {
        "bank": bank.pk,
        "ref": "Q-NUM",
        "is_active": "on",
        "kind": "gauge",
        "stem": "冷库蒸发压力应为多少？",
        "difficulty": "1",
        "gauge_value": "2.5",
        "gauge_tolerance": "0.2",
        "gauge_unit": "bar",
        **changes,
    }


@pytest.fixture
def trainer(client_of):
    synchronise_roles()
    return client_of(PersonFactory(roles=[Role.TRAINER]))


def attempt_at(bank, client_of, **quiz):
    person = PersonFactory(roles=[Role.ENGINEER])
    attempt = start_attempt(person, QuizFactory(bank=bank, questions=0, draw=[{"count": 1}], **quiz))
    return attempt, client_of(person), reverse("certification:attempt", args=[attempt.pk])


def send(client, attempt, **body):
    url = reverse("certification:answer", args=[attempt.pk])
    return client.post(url, json.dumps(body), content_type="application/json")


def test_the_admin_edits_it(numeric, trainer):
    bank = QuestionBankFactory()

    empty = trainer.post(reverse("question:add"), numeric_form(bank, gauge_value=""))
    assert "需要数值和误差" in empty.content.decode()
    trainer.post(reverse("question:add"), numeric_form(bank))
    question = Question.objects.get()
    url = reverse("question:edit", args=[question.pk])
    page = trainer.get(url).content.decode()
    trainer.post(url, numeric_form(bank, gauge_tolerance="0.3"))

    assert 'name="gauge_value" value="2.5"' in page
    version = question.versions.get()
    assert version.parameters == {"value": "2.5", "tolerance": "0.3", "unit": "bar"}
    assert (version.get_kind_display(), version.choices.count()) == ("读数", 0)
    assert "读数" in trainer.get(reverse("question:index")).content.decode()


def test_it_is_drawn_answered_by_script_and_by_form_marked_and_shown(numeric, trainer, client_of):
    bank = QuestionBankFactory()
    trainer.post(reverse("question:add"), numeric_form(bank))
    attempt, client, url = attempt_at(bank, client_of, pass_mark=50)

    page = client.get(url).content.decode()
    assert '<input type="text" name="q1" value="" data-answer> bar' in page
    # The clock on the page has digits of its own.
    assert re.search(r"(?<!\d)2\.5(?!\d)", page) is None

    assert send(client, attempt, question=1, values=["9"], sequence=10).status_code == 200
    assert Answer.objects.get().response == "9"
    client.post(url, {"q1": "2.8", "q1-shown": "9", "act": "save"})
    assert Answer.objects.get().response == "2.8"
    page = client.get(url).content.decode()
    assert 'name="q1-shown" value="2.8"' in page
    assert 'value="2.8" data-answer' in page

    client.post(reverse("certification:submit", args=[attempt.pk]))
    answer = Answer.objects.get()
    attempt.refresh_from_db()
    result = client.get(url).content.decode()

    assert (answer.is_right, float(answer.credit), attempt.score, attempt.is_passed) == (False, 0.5, 50, True)
    assert "choice--wrong" in result
    assert "2.8" in result
    assert "choice--right" in result
    assert "2.5" in result


def test_it_refuses_what_is_no_number_and_takes_blanks_as_taken_back(numeric, trainer, client_of):
    bank = QuestionBankFactory()
    trainer.post(reverse("question:add"), numeric_form(bank))
    attempt, client, url = attempt_at(bank, client_of)

    refused = send(client, attempt, question=1, values=["viel"], sequence=10)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_answer")
    send(client, attempt, question=1, values=["2.5"], sequence=20)
    client.post(url, {"q1": " ", "q1-shown": "2.5", "act": "save"})

    assert Answer.objects.get().response is None
    submit = client.get(reverse("certification:submit", args=[attempt.pk]))
    assert submit.context["paper"].unanswered == [1]


def test_a_shown_one_is_kept_and_an_edit_is_a_new_version(numeric, trainer, client_of):
    bank = QuestionBankFactory()
    trainer.post(reverse("question:add"), numeric_form(bank))
    attempt_at(bank, client_of)

    url = reverse("question:edit", args=[Question.objects.get().pk])
    trainer.post(url, numeric_form(bank))
    trainer.post(url, numeric_form(bank, gauge_value="3"))

    versions = QuestionVersion.objects.order_by("number")
    assert [version.parameters["value"] for version in versions] == ["2.5", "3"]
