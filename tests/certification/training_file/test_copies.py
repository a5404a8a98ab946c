"""A copy of one's own file: everything on record about oneself, for oneself and for who keeps the file."""

import io
import json
import zipfile

import pytest
from django.urls import reverse

from certification import ledger
from certification.training_file.copies import sections_about
from portal.models import AuditEvent, Person
from tests.factories.certification import (
    AttemptFactory,
    PracticalAssessmentFactory,
    StatutoryCertificateFactory,
    certificate_for,
)
from tests.factories.courses import HourCreditFactory

pytestmark = pytest.mark.django_db


def take(client, person):
    return client.post(reverse("certification:copy", args=[person.staff_number]))


def opened(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return json.loads(archive.read("file.json")), archive.read("file.pdf")


@pytest.fixture
def recorded(network):
    person = network["technician"]
    certificate = certificate_for(person, network["scheme"])
    AttemptFactory(person=person, quiz=network["quiz"], score=64, is_passed=False)
    PracticalAssessmentFactory(person=person, rows=[{"text": "断电", "is_shown": True}])
    StatutoryCertificateFactory(person=person, number="特种 001")
    HourCreditFactory(person=person, minutes=90)
    ledger.suspend(person, network["scheme"], reason="抽查", act_key="s", by=network["manager"])
    certificate_for(network["colleague"], network["scheme"])
    return network | {"certificate": certificate}


def test_the_copy_holds_what_is_on_record_about_oneself_and_nobody_else(recorded, client_of):
    person = recorded["technician"]
    written, paper = opened(take(client_of(person), person))
    records = written["records"]
    assert written["person"]["staff_number"] == person.staff_number
    assert [row["number"] for row in records["certificates"]] == [recorded["certificate"].number]
    assert [row["kind"] for row in records["ledger"]] == ["granted", "suspended"]
    assert [(row["held_score"], row["held_passed"]) for row in records["papers"]] == [(64, False)]
    assert [row["minutes"] for row in records["hours"]] == [90]
    assert [row["number"] for row in records["cards"]] == ["特种 001"]
    assert records["practicals"][0]["rows"] == [{"text": "断电", "is_shown": True}]
    assert paper.startswith(b"%PDF")
    assert AuditEvent.objects.filter(action="certification.copy_taken", actor=person).count() == 1


def test_paper_has_words_for_what_is_kept_as_a_code(recorded):
    sections = {section.key: section for section in sections_about(recorded["technician"])}
    lines = [cell for row in sections["ledger"].values for cell in sections["ledger"].written(row)]
    assert {"授予", "暂停"} <= set(lines)
    (practical,) = [sections["practicals"].written(row) for row in sections["practicals"].values]
    assert "✓ 断电" in practical
    assert "passed" not in practical


def test_who_keeps_the_file_takes_it_for_somebody_who_has_left(recorded, client_of):
    person = recorded["technician"]
    Person.objects.filter(pk=person.pk).update(is_active=False)
    answer = take(client_of(recorded["administrator"]), person)
    assert answer.status_code == 200
    assert opened(answer)[0]["person"]["is_active"] is False


@pytest.mark.parametrize("who", ["colleague", "stranger", "far_manager", "trainer", "auditor", "customer"])
def test_nobody_else_takes_it(recorded, client_of, who):
    answer = take(client_of(recorded[who]), recorded["technician"])
    assert answer.status_code in (403, 404)
    assert not AuditEvent.objects.filter(action="certification.copy_taken").exists()


def test_it_is_posted_and_needs_a_sign_in(recorded, client, client_of):
    url = reverse("certification:copy", args=[recorded["technician"].staff_number])
    assert client.post(url).status_code == 302
    assert client_of(recorded["technician"]).get(url).status_code == 405


def test_it_is_offered_on_ones_own_page(recorded, client_of):
    page = client_of(recorded["technician"]).get(reverse("certification:mine")).content.decode()
    assert reverse("certification:copy", args=[recorded["technician"].staff_number]) in page
