"""Recording cards with project code, first issue and scan; verifying them as a second person."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter

from certification.enums import CardState
from certification.models import StatutoryCertificate
from certification.statutory.domain import project_of, record_statutory, verify_statutory, withdraw_statutory
from certification.statutory.errors import CardWithdrawn, NotTheirsToVerify, UnknownProjectCode, UnusableScan
from portal.enums import Audience, Role
from portal.models import AuditEvent, PortalDocument
from tests.factories.certification import StatutoryCertificateFactory
from tests.factories.portal import OrganisationFactory, PersonFactory, StatutoryKindFactory

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 3, 18)


def image(name="card.jpg", kind="JPEG"):
    content = io.BytesIO()
    Image.new("RGB", (40, 25), "white").save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())


def pdf(name="card.pdf"):
    content = io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 60)
    writer.write(content)
    return SimpleUploadedFile(name, content.getvalue())


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def branch():
    """A branch with two keepers, a technician and an administrator above."""
    hq = OrganisationFactory()
    west = OrganisationFactory(parent=hq)
    return {
        "technician": PersonFactory(organisation=west, roles=[Role.ENGINEER]),
        "manager": PersonFactory(organisation=west, roles=[Role.MANAGER]),
        "administrator": PersonFactory(organisation=hq, roles=[Role.ADMINISTRATOR]),
        "trainer": PersonFactory(organisation=west, roles=[Role.TRAINER]),
        "far": PersonFactory(organisation=OrganisationFactory(parent=hq), roles=[Role.MANAGER]),
    }


def record(branch, **facts):
    fields = {
        "number": "T-1",
        "kind": StatutoryKindFactory(),
        "valid_from": DAY,
        "valid_to": dt.date(2030, 3, 17),
        "by": branch["manager"],
    } | facts
    return record_statutory(branch["technician"], fields.pop("kind"), fields.pop("number"), **fields)


# --- project codes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "given", "kept"),
    [(["T"], "", "T"), (["T"], " t ", "T"), (["T", "N1"], "N1", "N1"), ([], "x", "X"), ([], "", "")],
)
def test_project_code_is_one_of_the_kind(codes, given, kept):
    assert project_of(StatutoryKindFactory(project_codes=codes), given) == kept


@pytest.mark.parametrize("given", ["", "A"])
def test_project_code_that_is_none_of_the_kinds_is_refused(branch, given):
    with pytest.raises(UnknownProjectCode):
        record(branch, kind=StatutoryKindFactory(project_codes=["T", "N1"]), project_code=given)
    assert not StatutoryCertificate.objects.exists()


def test_card_keeps_what_is_printed_on_it(branch):
    first = dt.date(2022, 3, 18)
    card = record(branch, kind=StatutoryKindFactory(project_codes=["T"]), first_issued_on=first, review_due=DAY)

    card.refresh_from_db()
    assert (card.project_code, card.first_issued_on, card.review_due) == ("T", first, DAY)


def test_card_is_not_first_issued_after_it_became_valid(branch):
    with pytest.raises(IntegrityError), transaction.atomic():
        record(branch, first_issued_on=DAY + dt.timedelta(days=1))


# --- scans ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("upload", "ending"),
    [(image, ".jpg"), (lambda: image("evil.svg", "PNG"), ".png"), (pdf, ".pdf"), (lambda: pdf("张三.exe"), ".pdf")],
    ids=["image", "png whatever its name", "pdf", "pdf whatever its name"],
)
def test_scan_is_kept_under_a_name_that_tells_nothing(branch, media, upload, ending):
    card = record(branch, scan=upload())

    document = PortalDocument.objects.get()
    assert card.scan == document
    assert (document.audience, document.is_personal) == (Audience.RESTRICTED, True)
    assert document.file.name.endswith(ending)
    assert "张三" not in document.file.name
    assert document.uploaded_by_user == branch["manager"]


@pytest.mark.parametrize(
    "content",
    [b"<svg onload='alert(1)'/>", b"%PDF-1.7 and nothing more", b"\xff\xd8\xff broken", b"", b"MZ\x90"],
    ids=["svg", "damaged pdf", "damaged image", "empty", "program"],
)
def test_scan_that_is_no_image_and_no_pdf_is_refused_and_nothing_recorded(branch, media, content):
    with pytest.raises(UnusableScan):
        record(branch, scan=SimpleUploadedFile("card.jpg", content or b" "))

    assert not StatutoryCertificate.objects.exists()
    assert not PortalDocument.objects.exists()


def test_scan_too_large_is_refused(branch, media, monkeypatch):
    monkeypatch.setattr("portal.content.scans.MEGABYTE", 1)

    with pytest.raises(UnusableScan):
        record(branch, scan=image())


# --- verification -----------------------------------------------------------------------------------------------------


def test_second_person_verifies_and_is_named(branch):
    card = record(branch)
    at = timezone.now()

    verify_statutory(card, by=branch["administrator"], at=at)
    again = verify_statutory(card, by=branch["administrator"])

    card.refresh_from_db()
    assert (card.verified_by, card.verified_at, again.verified_at) == (branch["administrator"], at, at)
    assert AuditEvent.objects.filter(action="certification.statutory_verified").count() == 1


@pytest.mark.parametrize("who", ["technician", "manager", "trainer", "far"])
def test_holder_recorder_and_who_keeps_no_file_verify_nothing(branch, who):
    card = record(branch)

    with pytest.raises(NotTheirsToVerify):
        verify_statutory(card, by=branch[who])
    card.refresh_from_db()
    assert card.verified_at is None


def test_manager_does_not_verify_the_own_card(branch):
    card = StatutoryCertificateFactory(person=branch["manager"], recorded_by=branch["administrator"])

    with pytest.raises(NotTheirsToVerify):
        verify_statutory(card, by=branch["manager"])


def test_recorder_verifies_where_nobody_else_keeps_the_file(branch):
    card = record(branch)
    branch["administrator"].is_active = False
    branch["administrator"].save()

    assert verify_statutory(card, by=branch["manager"]).verified_by == branch["manager"]


def test_withdrawn_card_is_not_verified(branch):
    card = record(branch)
    withdraw_statutory(card, withdrawn_on=DAY, by=branch["manager"])

    with pytest.raises(CardWithdrawn):
        verify_statutory(card, by=branch["administrator"])


@pytest.mark.parametrize("verifier", ["holder", "nobody"])
def test_database_holds_who_verifies_and_when(branch, verifier):
    card = record(branch)
    fields = {
        "verified_by": branch["technician"] if verifier == "holder" else None,
        "verified_at": timezone.now(),
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        StatutoryCertificate.objects.filter(pk=card.pk).update(**fields)


# --- lamps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, CardState.VALID),
        ({"valid_to": DAY + dt.timedelta(days=90)}, CardState.EXPIRING),
        ({"valid_to": DAY + dt.timedelta(days=91)}, CardState.VALID),
        ({"review_due": DAY + dt.timedelta(days=30)}, CardState.EXPIRING),
        ({"review_due": DAY + dt.timedelta(days=31)}, CardState.VALID),
        ({"review_due": DAY - dt.timedelta(days=1)}, CardState.EXPIRED),
        ({"valid_to": DAY - dt.timedelta(days=1)}, CardState.EXPIRED),
        ({"valid_from": DAY + dt.timedelta(days=1)}, CardState.NOT_YET),
        ({"withdrawn_on": DAY, "withdrawn_recorded_at": timezone.now()}, CardState.WITHDRAWN),
    ],
)
def test_lamp_follows_the_lead_times_of_the_kind(facts, state):
    kind = StatutoryKindFactory(renewal_lead_days=90, review_lead_days=30)
    days = {"valid_from": dt.date(2024, 1, 1), "valid_to": dt.date(2030, 1, 1)}

    assert StatutoryCertificateFactory(kind=kind, **(days | facts)).state_on(DAY) == state
