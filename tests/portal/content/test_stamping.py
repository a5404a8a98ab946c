"""Restricted documents are logged when they are taken, and a PDF carries the reader's name."""

import io

import pytest
from django.core.files.base import ContentFile
from pypdf import PdfReader, PdfWriter

from portal.enums import Audience, Role
from portal.models import AuditEvent, PortalDocument
from tests.factories.portal import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def blank_pdf(pages=2):
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=420, height=595)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def document(content, name, audience):
    return PortalDocument.objects.create(title="事故通报", audience=audience, file=ContentFile(content, name=name))


@pytest.fixture
def manager():
    return PersonFactory(organisation=OrganisationFactory(), roles=[Role.MANAGER], staff_number="M7788")


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_restricted_pdf_carries_the_name_of_its_reader(client_of, manager):
    found = document(blank_pdf(), "a.pdf", Audience.RESTRICTED)
    response = client_of(manager).get(found.url)
    pages = PdfReader(io.BytesIO(body_of(response))).pages
    assert len(pages) == 2
    assert all("M7788" in page.extract_text() for page in pages)
    event = AuditEvent.objects.get(action="portal.restricted_taken")
    assert event.actor == manager
    assert event.detail["stamped"] is True


def test_what_cannot_be_read_is_logged_without_a_stamp(client_of, manager):
    found = document(b"%PDF-1.4 broken", "b.pdf", Audience.RESTRICTED)
    assert body_of(client_of(manager).get(found.url)) == b"%PDF-1.4 broken"
    assert AuditEvent.objects.get(action="portal.restricted_taken").detail["stamped"] is False


def test_others_take_nothing_and_open_documents_are_not_logged(client_of, manager):
    closed = document(blank_pdf(), "c.pdf", Audience.RESTRICTED)
    engineer = PersonFactory(organisation=OrganisationFactory(), roles=[Role.ENGINEER])
    assert client_of(engineer).get(closed.url).status_code == 404
    plain = document(blank_pdf(), "d.pdf", Audience.STAFF)
    assert body_of(client_of(engineer).get(plain.url)).startswith(b"%PDF")
    assert not AuditEvent.objects.filter(action="portal.restricted_taken").exists()
