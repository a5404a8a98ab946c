"""The file of a person on paper: for whom it is, what it says as of a day and as known at a moment."""

import datetime as dt
import io
from urllib.parse import unquote

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from certification import ledger
from certification.training_file.paper import dossier_paper
from kb.bulletins.domain import confirm
from kb.bulletins.queries import current_issue
from portal.models import Assignment, AuditEvent
from tests.factories.certification import AttemptFactory, StatutoryCertificateFactory, certificate_for
from tests.factories.courses import HourCreditFactory
from tests.factories.kb import BulletinFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


def address(person, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse('certification:dossier', args=[person.staff_number])}{f'?{query}' if query else ''}"


@pytest.fixture
def filled(network):
    """The technician with something of each kind."""
    person = network["technician"]
    HourCreditFactory(person=person, module=network["module"], minutes=120)
    AttemptFactory(person=person, quiz=network["quiz"], score=92, is_passed=True)
    AttemptFactory(person=person, quiz=network["quiz"], score=40, is_passed=False)
    certificate_for(person, network["scheme"])
    StatutoryCertificateFactory(person=person, number="CARD-77")
    bulletin = BulletinFactory(title="更换端子", read_by=TODAY() + dt.timedelta(days=5))
    confirm(current_issue(bulletin), person)
    return person


@pytest.mark.parametrize("reader", ["technician", "manager", "trainer", "auditor", "administrator"])
def test_it_is_printed_for_whoever_may_open_the_page(network, client_of, reader):
    assert client_of(network[reader]).get(address(network["technician"])).status_code == 200
    assert client_of(network[reader]).get(address(network["technician"], on=TODAY())).status_code == 200


@pytest.mark.parametrize(
    ("reader", "about"),
    [
        ("colleague", "technician"),
        ("dispatcher", "technician"),
        ("assessor", "technician"),
        ("customer", "technician"),
        ("manager", "stranger"),
        ("trainer", "stranger"),
    ],
)
def test_everybody_else_learns_nothing(network, client_of, reader, about):
    client, person = client_of(network[reader]), network[about]
    for asked in ({}, {"on": TODAY()}):
        answer = client.get(address(person, **asked))
        assert answer.status_code == client.get(reverse("certification:person", args=[person.staff_number])).status_code
        assert answer.status_code in (403, 404)
        assert person.name not in answer.content.decode()
    assert client.get(reverse("certification:dossier", args=["NOBODY"])).status_code == 404
    assert not AuditEvent.objects.filter(action="certification.file_printed").exists()


def test_nobody_is_asked_to_sign_in(network, client_of):
    assert client_of(None).get(address(network["technician"], on=TODAY())).status_code == 302


def test_the_paper_has_everything_and_says_which_page_of_how_many(network, client_of, filled):
    answer = client_of(network["manager"]).get(address(filled, on=TODAY()))
    assert answer["Content-Type"] == "application/pdf"
    assert unquote(answer["Content-Disposition"]).count(f"个人培训档案-{filled.name}-{filled.staff_number}")
    reader = PdfReader(io.BytesIO(answer.content))
    text = "".join(page.extract_text() for page in reader.pages)
    squeezed = "".join(text.split())
    for word in (filled.name, network["module"].title, network["quiz"].title, "92", "CARD-77", "更换端子", "第1页"):
        assert "".join(word.split()) in squeezed, word
    assert network["scheme"].name.replace(" ", "") in squeezed
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "zh-hans"
    event = AuditEvent.objects.get(action="certification.file_printed")
    assert (event.actor, event.detail["on"]) == (network["manager"], TODAY().isoformat())


def test_only_what_was_passed_is_on_it(filled):
    assert [attempt.held_score for attempt in dossier_paper(filled, TODAY()).attempts] == [92]


def test_as_of_an_earlier_day_what_came_later_is_not_there(filled, network):
    before = dossier_paper(filled, TODAY() - dt.timedelta(days=4000))
    assert (before.credits, before.attempts, before.cards, before.readings, before.minutes) == ([], [], [], [], 0)
    assert [row.number for row in before.qualifications] == [""] * len(before.qualifications)
    now = dossier_paper(filled, TODAY())
    assert now.minutes == 120
    assert [row.number != "" for row in now.qualifications if row.scheme == network["scheme"]] == [True]


def test_as_known_earlier_what_was_recorded_later_is_not_there(filled, network):
    yesterday = timezone.now() - dt.timedelta(days=1)
    then = dossier_paper(filled, TODAY(), yesterday)
    assert then.is_past_knowledge
    assert (then.credits, then.attempts, then.readings, then.cards) == ([], [], [], [])
    assert not [row for row in then.qualifications if row.number]


def test_a_suspension_is_the_state_of_its_day(filled, network):
    ledger.suspend(
        filled, network["scheme"], valid_from=TODAY(), valid_to=None, reason="调查", by=network["manager"], act_key="k"
    )
    [row] = [row for row in dossier_paper(filled, TODAY()).qualifications if row.scheme == network["scheme"]]
    assert row.stage.value == "suspended"


def test_posts_are_those_of_the_trail(filled, network):
    posts = dossier_paper(filled, TODAY()).posts
    assert {post.position for post in posts} == {
        row.position for row in Assignment.objects.filter(person=filled, start__lte=TODAY())
    }


@pytest.mark.parametrize(
    "asked", [{"on": "x"}, {"on": "2999-01-01"}, {"known_at": "2026-01-01"}, {"on": "", "known_at": "y"}]
)
def test_a_day_that_is_none_is_asked_for_again(network, client_of, asked):
    assert client_of(network["manager"]).get(address(network["technician"], **asked)).status_code == 422
