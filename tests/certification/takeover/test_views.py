"""Pages of what is taken over: forms, list, scan, withdrawal, and who is kept out."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from certification.models import LedgerEntry, TakenOver
from certification.takeover.domain import take_over
from tests.certification.requesting import get
from tests.certification.takeover.test_domain import facts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def png():
    kept = io.BytesIO()
    Image.new("RGB", (30, 20)).save(kept, "PNG")
    return kept.getvalue()


KINDS = ("certificate", "quiz", "practical", "hours")


def posted(network, kind, **given):
    subject = {"certificate": "scheme", "quiz": "quiz", "practical": "checklist", "hours": "module"}[kind]
    usual = {
        "person": network["technician"].staff_number,
        "subject": network[subject].pk,
        "on": "2025-12-01",
        "vouched_by": network["trainer"].staff_number,
        "form_key": str(uuid.uuid4()),
    }
    more = {
        "certificate": {"until": "2026-12-01", "number": "内证 9"},
        "quiz": {"score": 90},
        "hours": {"minutes": 480},
    }
    return usual | more.get(kind, {}) | given


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_form(network, client_of, kind):
    client = client_of(network["administrator"])
    address = reverse("certification:take_over", args=[kind])
    assert client.get(address).status_code == 200
    scan = SimpleUploadedFile("旧证.png", png(), content_type="image/png")
    assert client.post(address, posted(network, kind, scan=scan)).status_code == 302
    record = TakenOver.objects.get()
    assert record.kind == kind
    shown = client.get(reverse("certification:taken_over_scan", args=[record.pk]))
    assert b"".join(shown.streaming_content).startswith(b"\x89PNG")
    assert shown.status_code == 200


def test_a_contradiction_stands_at_its_field(network, client_of):
    address = reverse("certification:take_over", args=["certificate"])
    answer = client_of(network["administrator"]).post(address, posted(network, "certificate", until="2025-01-01"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["until"]
    assert not LedgerEntry.objects.exists()


def test_list_and_file_show_it_and_mark_the_certificate(network, client_of):
    record = take_over(network["administrator"], facts(network), form_key=uuid.uuid4())
    for reader in ("administrator", "manager", "auditor"):
        assert "内证 7" in get(client_of, network[reader], "taken_over").content.decode()
    assert "内证 7" in get(client_of, network["manager"], "person", record.person.staff_number).content.decode()
    assert "内证 7" in get(client_of, network["technician"], "mine").content.decode()
    page = client_of(network["stranger"]).get(reverse("verify:certificate", args=[record.entry.certificate.number]))
    assert "内证 7" in page.content.decode()
    pdf = get(client_of, network["technician"], "certificate_pdf", record.entry.certificate.number)
    assert pdf.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_pins_its_queries(network, client_of, django_assert_num_queries, rows):
    people = [network["technician"], network["colleague"], network["stranger"]][:rows]
    for number, person in enumerate(people):
        given = facts(network, person=person, number=f"内证 {number}")
        take_over(network["administrator"], given, form_key=uuid.uuid4())
    client = client_of(network["administrator"])
    client.get(reverse("certification:taken_over"))
    with django_assert_num_queries(10):
        client.get(reverse("certification:taken_over"))


@pytest.mark.parametrize("reader", ["technician", "dispatcher", "trainer", "customer"])
def test_others_see_no_list_and_no_form(network, client_of, reader):
    assert get(client_of, network[reader], "taken_over").status_code == 403
    for kind in KINDS:
        assert get(client_of, network[reader], "take_over", kind).status_code == 403


def test_the_scan_is_for_the_person_and_who_may_open_the_evidence(network, client_of):
    scan = SimpleUploadedFile("旧证.png", png(), content_type="image/png")
    record = take_over(network["administrator"], facts(network), form_key=uuid.uuid4(), scan=scan)
    for reader, status in {"technician": 200, "manager": 200, "colleague": 404, "far_manager": 404}.items():
        answer = get(client_of, network[reader], "taken_over_scan", record.pk)
        if answer.streaming:
            assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
        assert answer.status_code == status


def test_a_scan_is_kept_afterwards_once_and_a_file_that_is_none_is_refused(network, client_of):
    record = take_over(network["administrator"], facts(network), form_key=uuid.uuid4())
    address = reverse("certification:taken_over_attach", args=[record.pk])
    client = client_of(network["administrator"])
    assert client.post(address, {"scan": SimpleUploadedFile("a.png", b"<svg/>")}).status_code == 422
    assert client.post(address, {"scan": SimpleUploadedFile("a.png", png())}).status_code == 302
    assert client.post(address, {"scan": SimpleUploadedFile("a.png", png())}).status_code == 422
    assert get(client_of, network["manager"], "taken_over_attach", record.pk).status_code == 403


def test_withdrawing_asks_why(network, client_of):
    record = take_over(network["administrator"], facts(network), form_key=uuid.uuid4())
    address = reverse("certification:taken_over_withdraw", args=[record.pk])
    assert client_of(network["manager"]).post(address, {"reason": "有误"}).status_code == 403
    client = client_of(network["administrator"])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"reason": "有误"}).status_code == 302
    record.refresh_from_db()
    assert record.is_withdrawn
