"""Credentials: signed by the portal, checked here by openssl, which knows nothing of it."""

import base64
import datetime as dt
import io
import json
import subprocess

import pytest
from django.core.management import call_command
from django.urls import reverse
from pypdf import PdfReader

from certification import ledger
from certification.certificates.printing import certificates_pdf
from certification.enums import PublicReason
from portal.exchange.signing import signing_key, signing_keys
from portal.models import AuditEvent
from tests.factories.certification import certificate_for

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.SIGNING_KEYS_DIR = tmp_path / "signing"


@pytest.fixture
def certificate(network):
    return certificate_for(network["technician"], network["scheme"], days_ago=10)


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def openssl_says(token: str, pem: bytes, folder) -> bool:
    head, payload, signature = token.split(".")
    for name, content in (("signed", f"{head}.{payload}".encode()), ("signature", decoded(signature)), ("pem", pem)):
        (folder / name).write_bytes(content)
    command = ["openssl", "dgst", "-sha256", "-verify", "pem", "-signature", "signature", "signed"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return done.returncode == 0


def public_pem(client, token: str) -> bytes:
    address = json.loads(decoded(token.split(".")[0]))["kid"]
    path = address.removeprefix("http://127.0.0.1:8000").removesuffix(".json") + ".pem"
    return client.get("/" + path.split("/", 3)[-1] if "://" in path else path).content


def test_holder_downloads_a_credential_that_openssl_verifies(network, client_of, certificate, tmp_path):
    response = client_of(network["technician"]).get(reverse("certification:credential", args=[certificate.number]))
    token = response.content.decode()
    head, payload, _signature = token.split(".")
    claims = json.loads(decoded(payload))

    assert response["Content-Type"] == "application/vc+jwt"
    assert json.loads(decoded(head))["alg"] == "RS256"
    assert claims["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert claims["credentialSubject"]["identifier"][0]["identityHash"] == "林小川"
    assert claims["credentialSubject"]["achievement"]["name"] == network["scheme"].name
    assert claims["jti"] == claims["id"]
    assert claims["iss"] == claims["issuer"]["id"]
    assert dt.datetime.fromtimestamp(claims["nbf"], dt.UTC) == dt.datetime.fromisoformat(claims["validFrom"])
    pem = public_pem(client_of(), token)
    assert openssl_says(token, pem, tmp_path)
    forged = claims | {"name": "别的资格"}
    other = base64.urlsafe_b64encode(json.dumps(forged).encode()).rstrip(b"=").decode()
    assert not openssl_says(token.replace(payload, other), pem, tmp_path)
    assert AuditEvent.objects.filter(action="certification.credential_downloaded").exists()


@pytest.mark.parametrize("reader", ["colleague", "trainer", "customer", "stranger"])
def test_for_others_there_is_none(network, client_of, certificate, reader):
    url = reverse("certification:credential", args=[certificate.number])

    assert client_of(network[reader]).get(url).status_code == 404


def test_pdf_carries_it(certificate, tmp_path):
    reader = PdfReader(io.BytesIO(certificates_pdf([certificate]).content))
    ((name, (content,)),) = reader.attachments.items()

    assert name == f"{certificate.short_number}.openbadge.jwt"
    assert openssl_says(content.decode(), signing_key().public_pem, tmp_path)


def test_revocation_is_reached_from_the_credential(network, client_of, certificate):
    address = reverse("verify:revocations", args=[certificate.number])
    before = client_of().get(address).json()
    ledger.revoke(
        network["technician"], network["scheme"], reason="保密", act_key="r", by=None, public=PublicReason.SAFETY
    )
    after = client_of().get(address).json()

    assert before["revokedCredential"] == []
    assert after["revokedCredential"][0]["revocationReason"] == "已吊销 违反安全规定。"
    assert "保密" not in json.dumps(after, ensure_ascii=False)
    url = reverse("certification:credential", args=[certificate.number])
    assert client_of(network["technician"]).get(url).status_code == 409


def test_a_new_key_signs_and_the_old_one_stays_in_public(client_of, certificate, tmp_path):
    before = signing_key().jws({"a": 1}, "JWT")
    call_command("rotate_signing_key", stdout=io.StringIO())
    after = signing_key().jws({"a": 1}, "JWT")

    assert len(signing_keys()) == 2
    assert [key["kid"] for key in client_of().get("/.well-known/jwks.json").json()["keys"]] == [
        json.loads(decoded(token.split(".")[0]))["kid"] for token in (after, before)
    ]
    assert openssl_says(before, public_pem(client_of(), before), tmp_path)
    assert not openssl_says(before, public_pem(client_of(), after), tmp_path)
    assert (tmp_path / "signing").stat().st_mode & 0o77 == 0
    assert all(path.stat().st_mode & 0o77 == 0 for path in (tmp_path / "signing").iterdir())


def test_page_explains_and_names_the_keys(client_of):
    page = client_of().get(reverse("verify:offline")).content.decode()

    assert signing_key().thumbprint in page
    assert "openssl dgst" in page
    assert client_of().get("/keys/" + "x" * 43 + ".pem").status_code == 404
    assert client_of().get(reverse("verify:issuer")).json()["type"] == ["Profile"]
