"""Certificate numbers as people type, paste and scan them, and names that fit the papers."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from certification.certificates.domain import possible_numbers
from certification.certificates.errors import UnknownCertificate
from certification.certificates.printing import name_size, work_card_pdf
from certification.certificates.verification import find_certificate
from portal.models import PortalSettings
from tests.factories.certification import certificate_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(network):
    return certificate_for(network["technician"], network["scheme"], days_ago=10)


def page_of(certificate):
    return reverse("verify:certificate", args=[certificate.number])


@pytest.mark.parametrize(
    ("name", "size"),
    [("张伟", "normal"), ("Anna Müller", "normal"), ("阿卜杜热合曼·买买提明", "long"), ("W" * 60, "longest")],
)
def test_name_is_set_so_that_it_fits(name, size):
    assert name_size(name) == size


def test_long_unbroken_name_stays_whole_on_the_work_card(network):
    holder = network["technician"]
    holder.name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"
    holder.save()
    card = certificate_for(holder, network["scheme"], days_ago=10)

    front = PdfReader(io.BytesIO(work_card_pdf(card))).pages[0]

    ends = []
    front.extract_text(visitor_text=lambda text, _cm, matrix, _font, _size: ends.append((matrix[4], text)))
    written = "".join(text.strip() for _place, text in ends)
    assert holder.name in written
    lines = [text.strip() for _place, text in ends if text.strip() and text.strip() in holder.name]
    assert len(lines) > 1


# --- numbers as people type them --------------------------------------------------------------------------------------


def spelled(number):
    bare = number.replace("-", "")
    return [
        bare,
        bare.lower(),
        number.replace("-", "\u2011"),
        number.replace("-", " — "),
        number.replace("0", "O").replace("1", "l"),
        "".join(chr(ord(character) + 0xFEE0) for character in number),
        f"证书编号：{number}",
        f"证书编号{number}",
        f"No. {number}",
        f"No.{bare}",
        f"NO {bare}",
        f"Certificate number: {number}",
        f"\ufeff{number}\u200b。",
        f"http://127.0.0.1:8000/verify/{number}/?on=2026-03-18",
    ]


def test_every_spelling_of_a_number_verifies(client_of, certificate):
    client = client_of()
    for typed in spelled(certificate.number):
        assert find_certificate(typed) == certificate, typed
        assert possible_numbers(typed)[0].endswith(certificate.number.partition("-")[2])
    found = client.get(reverse("verify:find"), {"number": spelled(certificate.number)[6]})
    assert found.url == page_of(certificate)
    assert client.get(reverse("verify:certificate", args=[spelled(certificate.number)[0]])).status_code == 200


def test_prefix_that_looks_like_digits_is_found(network):
    settings = PortalSettings.load()
    settings.certificate_prefix = "CO"
    settings.save()
    certificate = certificate_for(network["technician"], network["scheme"], days_ago=10)
    number = certificate.number

    assert number.startswith("CO-")
    for typed in (number, number.replace("CO", "C0"), "证书号" + number.replace("-", "")):
        assert find_certificate(typed) == certificate


@pytest.mark.parametrize("typed", ["", "-", "证书编号：", "SG-2026-", "%", "x" * 5000, "/verify/"])
def test_nonsense_is_no_certificate(network, typed):
    with pytest.raises(UnknownCertificate):
        find_certificate(typed)


def test_scanned_card_names_its_holder_in_person_fields(network, client_of, certificate):
    client = client_of(network["dispatcher"])
    for typed in (page_of(certificate), f"http://127.0.0.1:8000{page_of(certificate)}", certificate.number.lower()):
        answer = client.get("/api/v1/duty", {"person": typed, "equipment": "RF-LK"})
        assert (answer.status_code, answer.json()["allowed"]) == (200, True)
