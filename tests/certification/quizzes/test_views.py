"""The pages of a quiz: nothing of the key leaves the server, nothing answered is lost, nobody sees another's paper."""

import datetime as dt
import json
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from certification.models import Answer, Attempt, Choice, ManualReading, Requirement
from certification.quizzes.attempts import save_answer, start_attempt, submit_attempt
from tests.certification.quizzes.test_attempts import answer_all
from tests.factories.courses import HourCreditFactory
from tests.factories.kb import FaultArticleFactory, ManualEditionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def taking(network, client_of):
    """The technician has the hours and an attempt running."""
    HourCreditFactory(person=network["technician"], module=network["module"])
    attempt = start_attempt(network["technician"], network["quiz"])
    return attempt, client_of(network["technician"])


def address(attempt, name="attempt"):
    return reverse(f"certification:{name}", args=[attempt.pk])


def send(client, attempt, **body):
    return client.post(address(attempt, "answer"), json.dumps(body), content_type="application/json")


def test_intro_says_what_is_missing_first(network, client_of):
    response = client_of(network["technician"]).get(reverse("certification:quiz", args=[network["quiz"].code]))

    assert response.status_code == 200
    assert "学时" in response.content.decode()
    assert b"/start/" not in response.content


@pytest.mark.parametrize(
    ("read", "trained", "words", "link"),
    [
        (False, True, "尚未阅读", "read_manual"),
        (True, False, "学时", "module"),
    ],
)
def test_intro_shows_the_way_out_of_what_is_missing_and_no_other(network, client_of, read, trained, words, link):
    person, edition = network["technician"], ManualEditionFactory()
    ways = {
        "read_manual": reverse("certification:read_manual", args=[edition.manual.number]),
        "module": reverse("courses:module", args=[network["module"].code]),
    }
    Requirement.objects.create(scheme=network["scheme"], kind="manual", manual=edition.manual)
    network["scheme"].save()
    if read:
        ManualReading.objects.create(person=person, edition=edition, form_key=uuid.uuid4())
    if trained:
        HourCreditFactory(person=person, module=network["module"])

    page = client_of(person).get(reverse("certification:quiz", args=[network["quiz"].code]))
    refused = client_of(person).post(reverse("certification:start", args=[network["quiz"].code]))

    (shown,) = [each for each in page.context["lacking"] if not each.met]
    assert words in shown.message
    assert (ways["read_manual"] in page.content.decode()) is (link == "read_manual")
    assert refused.status_code == 409
    text = refused.content.decode()
    assert words in text
    assert ("请报名" in text) is (link == "module")
    assert ("请阅读" in text) is (link == "read_manual")


def test_start_leads_to_the_paper_and_twice_to_the_same(network, client_of):
    HourCreditFactory(person=network["technician"], module=network["module"])
    client = client_of(network["technician"])
    url = reverse("certification:start", args=[network["quiz"].code])

    first, second = client.post(url), client.post(url)

    assert first.url == second.url == address(Attempt.objects.get())


def test_refused_start_is_a_page_that_says_why(network, client_of):
    response = client_of(network["technician"]).post(reverse("certification:start", args=[network["quiz"].code]))

    assert response.status_code == 409
    assert "学时" in response.content.decode()


def test_every_answer_is_saved_as_it_is_given(taking):
    attempt, client = taking

    response = send(client, attempt, question=1, values=[1], sequence=500)

    assert response.json()["sequence"] == 500
    assert set(response.json()) == {"question", "sequence", "now"}
    assert Answer.objects.get().response == [Answer.objects.get().shown.choice_order[1]]


def test_late_packet_is_told_the_newer_sequence(taking):
    attempt, client = taking
    send(client, attempt, question=1, values=[1], sequence=500)

    assert send(client, attempt, question=1, values=[2], sequence=400).json()["sequence"] == 500


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"question": "x"}', '{"question": 1, "values": 3, "sequence": 1}', '{"question": null}'],
)
def test_noise_is_refused_with_a_sentence(taking, body):
    attempt, client = taking

    response = client.post(address(attempt, "answer"), body, content_type="application/json")

    assert response.status_code == 422
    assert response.json()["detail"]


def test_form_without_script_saves_the_whole_page_and_keeps_newer_answers(taking):
    attempt, client = taking
    send(client, attempt, question=2, values=[2], sequence=900)
    stale = {"q1": "1", "q1-shown": "", "q2": "0", "q2-shown": "0", "act": "save"}

    response = client.post(address(attempt), stale, follow=True)

    kept = {answer.shown.order: answer for answer in Answer.objects.select_related("shown")}
    assert "已保存" in response.content.decode()
    assert kept[1].response == [kept[1].shown.choice_order[1]]
    assert kept[2].response == [kept[2].shown.choice_order[2]]


def test_closing_the_browser_loses_nothing_and_a_second_device_goes_on(taking, network, client_of):
    attempt, client = taking
    send(client, attempt, question=3, values=[0], sequence=100)

    page = client_of(network["technician"]).get(address(attempt)).content.decode()

    assert page.count(" checked>") == 1
    assert 'data-question="3" data-sequence="100"' in page


def test_hand_in_asks_once_more_and_counts_once(taking):
    attempt, client = taking
    answer_all(attempt, 9)

    asked = client.post(address(attempt), {"act": "review"})
    confirm = client.get(asked.url)
    for _press in range(2):
        done = client.post(asked.url, follow=True)

    assert asked.url == address(attempt, "submit")
    assert confirm.status_code == 200
    assert "合格" in done.content.decode()
    assert Attempt.objects.get().score == 90


def test_time_over_hands_in_with_what_is_on_the_page(taking):
    attempt, client = taking

    client.post(address(attempt), {"q1": "0", "q1-shown": "", "act": "time_over"})

    attempt.refresh_from_db()
    assert attempt.state == "submitted"
    assert Answer.objects.count() == 1


def test_after_the_deadline_the_page_shows_the_result(taking):
    attempt, client = taking
    with time_machine.travel(attempt.deadline + dt.timedelta(minutes=5), tick=False):
        client.force_login(attempt.person)
        page = client.get(address(attempt))
        late = send(client, attempt, question=1, values=[0], sequence=1)
        form = client.post(address(attempt), {"q1": "0", "q1-shown": ""})

    assert "超时" in page.content.decode()
    assert (late.status_code, late.json()["code"]) == (409, "attempt_closed")
    assert form.status_code == 200
    assert not Answer.objects.exists()


@pytest.mark.parametrize("intruder", ["colleague", "manager", "administrator", "customer"])
def test_another_ones_paper_does_not_exist(taking, network, client_of, intruder):
    attempt, _client = taking
    client = client_of(network[intruder])

    assert client.get(address(attempt)).status_code == 404
    assert client.post(address(attempt), {"q1": "0"}).status_code == 404
    assert client.get(address(attempt, "submit")).status_code == 404
    assert client.post(address(attempt, "submit")).status_code == 404
    assert send(client, attempt, question=1, values=[0], sequence=1).status_code == 404
    assert not Answer.objects.exists()


def test_anonymous_is_asked_to_sign_in(taking, client_of):
    attempt, _client = taking

    for name in ("attempt", "submit"):
        assert client_of().get(address(attempt, name)).status_code == 302


def test_writing_needs_the_token_of_the_page(taking, network):
    from django.test import Client

    attempt, _client = taking
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(network["technician"])

    assert send(strict, attempt, question=1, values=[0], sequence=1).status_code == 403
    assert strict.post(address(attempt, "submit")).status_code == 403


# --- the key never leaves the server -------------------------------------------------------------------------------


def secrets_of(attempt) -> list[str]:
    """Everything that would tell the key: explanations, the word itself, keys of choices in attributes."""
    choices = Choice.objects.filter(version__shown__attempt=attempt)
    explanations = [shown.version.explanation for shown in attempt.questions.select_related("version")]
    return ["is_correct", "correct", *explanations, *(f'value="{choice.pk}"' for choice in choices if choice.pk > 5)]


@pytest.mark.parametrize("page", ["attempt", "submit"])
def test_until_it_is_handed_in_the_paper_is_a_room_of_its_own(taking, page):
    attempt, client = taking
    text = client.get(address(attempt, page)).content.decode()
    assert 'role="search"' not in text
    assert "room-head" in text
    assert "data-clock-time" in text


def test_no_response_of_a_running_attempt_tells_the_key(taking, network):
    attempt, client = taking
    save_answer(attempt, 1, [0])
    responses = [
        client.get(reverse("certification:quiz", args=[network["quiz"].code])),
        client.get(address(attempt)),
        client.get(address(attempt, "submit")),
        send(client, attempt, question=2, values=[0], sequence=10),
        send(client, attempt, question=99, values=[0], sequence=10),
        client.post(address(attempt), {"q1": "1", "q1-shown": "", "act": "save"}, follow=True),
        client.get(reverse("certification:mine")),
        client.get(reverse("home")),
    ]

    for response in responses:
        text = response.content.decode()
        assert [secret for secret in secrets_of(attempt) if secret in text] == []


def test_the_position_of_the_right_answer_tells_nothing_in_the_markup(taking):
    """Right and wrong answers are marked up alike: without texts and positions one cannot tell them apart."""
    import re

    attempt, client = taking
    page = client.get(address(attempt)).content.decode()
    labels = re.findall(r'<label class="choice">(.*?)</label>', page)

    assert len(labels) == 30
    shapes = {re.sub(r'name="q\d+" value="\d"|<span.*', "", label) for label in labels}
    assert len(shapes) == 1


def test_failed_result_names_the_section_and_not_the_answer(taking):
    attempt, client = taking
    article = FaultArticleFactory(title="压缩机不启动")
    shown = attempt.questions.first()
    shown.version.article = article
    shown.version.save()
    answer_all(attempt, 0)
    submit_attempt(attempt)

    page = client.get(address(attempt)).content.decode()

    assert "未合格" in page
    assert shown.version.stem in page
    assert reverse("kb:fault", args=[article.number]) in page
    assert [secret for secret in secrets_of(attempt) if secret in page] == []
    assert "正确的做法" not in page


def test_passed_result_explains_the_wrong_ones(taking):
    attempt, client = taking
    answer_all(attempt, 9)
    submit_attempt(attempt)

    page = client.get(address(attempt)).content.decode()

    last = attempt.questions.last()
    assert last.version.explanation in page
    assert page.count("choice--right") == 1


def test_running_paper_and_result_pin_their_queries(taking, django_assert_max_num_queries):
    attempt, client = taking
    answer_all(attempt, 5)
    with django_assert_max_num_queries(14):
        client.get(address(attempt))
    submit_attempt(attempt)
    with django_assert_max_num_queries(26):
        client.get(address(attempt))


def test_resit_opens_after_the_wait(taking, network):
    attempt, client = taking
    submit_attempt(attempt)
    url = reverse("certification:quiz", args=[network["quiz"].code])

    assert b"/start/" not in client.get(url).content
    with time_machine.travel(timezone.now() + dt.timedelta(hours=25), tick=False):
        client.force_login(network["technician"])
        assert b"/start/" in client.get(url).content


@pytest.mark.parametrize(
    "body",
    [
        '{"question": 1, "values": [1e999], "sequence": 1}',
        '{"question": 1e999, "values": [0], "sequence": 1}',
        "[" * 100_000,
    ],
)
def test_answer_no_number_can_hold_is_unreadable(taking, body):
    attempt, client = taking
    response = client.post(address(attempt, "answer"), body, content_type="application/json")

    assert response.status_code == 422
    assert not Answer.objects.exists()
