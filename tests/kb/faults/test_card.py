"""The fault card on paper."""

import subprocess

import pytest

from kb.enums import Severity
from portal.enums import Audience
from portal.models import AuditEvent
from tests.factories.kb import FaultArticleFactory

pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


def test_card_holds_the_article(client_of, engineer):
    article = FaultArticleFactory(
        number="RF-NOCOOL", codes=["E6"], severity=Severity.DANGER, safety=["先断电挂牌"], tools="万用表"
    )
    response = client_of(engineer).get("/kb/faults/RF-NOCOOL.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert "private" in response["Cache-Control"]
    assert "RF-NOCOOL" in response["Content-Disposition"]
    text = text_of(response.content)
    for expected in ("E6", "先断电挂牌", article.symptom, "冷凝器脏堵", "清洗冷凝器", "万用表", "RF-NOCOOL"):
        assert expected in text
    assert text.index("先断电挂牌") < text.index("冷凝器脏堵")


def test_card_leads_back_to_the_article(client_of, engineer, monkeypatch, settings):
    settings.PUBLIC_URL = "https://kb.example.com"
    encoded = []
    monkeypatch.setattr("kb.faults.views.svg_data_uri", lambda text: encoded.append(text) or "data:image/svg+xml,")
    FaultArticleFactory(number="AC-E6")
    client_of(engineer).get("/kb/faults/AC-E6.pdf")
    assert encoded == ["https://kb.example.com/kb/faults/AC-E6/"]


def test_card_of_a_restricted_article_carries_the_readers_name_and_is_logged(client_of, engineer, readers):
    article = FaultArticleFactory(number="AC-E6", audience=Audience.RESTRICTED)
    trainer = readers["trainer"]
    text = text_of(client_of(trainer).get("/kb/faults/AC-E6.pdf").content)
    assert trainer.staff_number in text
    taken = AuditEvent.objects.get(action="portal.restricted_taken")
    assert (taken.actor, taken.subject) == (trainer, f"kb.faultarticle:{article.pk}")
    assert taken.detail["stamped"] is True
    assert client_of(engineer).get("/kb/faults/AC-E6.pdf").status_code == 404


def test_card_of_another_article_carries_no_name_and_is_not_logged(client_of, readers):
    FaultArticleFactory(number="AC-E6", audience=Audience.STAFF)
    trainer = readers["trainer"]
    assert trainer.staff_number not in text_of(client_of(trainer).get("/kb/faults/AC-E6.pdf").content)
    assert not AuditEvent.objects.filter(action="portal.restricted_taken").exists()
