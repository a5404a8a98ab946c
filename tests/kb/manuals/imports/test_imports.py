"""A document brought in: read apart, looked at, accepted whole or not at all."""

import datetime as dt
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kb.enums import CitationChoice, ImportState
from kb.errors import EditionExists, ImportNotAcceptable
from kb.manuals.domain import publish_edition
from kb.manuals.imports import domain
from kb.manuals.imports.domain import KEPT_FOR, accept_import, start_import
from kb.manuals.imports.reading import read_import
from kb.manuals.verdicts import EDITORIAL
from kb.models import ManualChapter, ManualEdition, ManualImport
from portal.models import AuditEvent, PortalImage
from portal.retention.clearing import clear_what_is_over
from tests.factories.kb import ManualEditionFactory
from tests.kb.manuals.imports.test_reader import picture, uri

pytestmark = pytest.mark.django_db

TEXT = f"""<h1>一</h1><p>甲</p><h2>二</h2><table><tr><th>x</th></tr><tr><td>1</td></tr></table>
<h3>三</h3><img src="{uri(picture())}" alt="图"><h1>四</h1><p>乙</p><script>x</script>"""


@pytest.fixture
def manual():
    """A manual with one published edition."""
    return ManualEditionFactory(edition="A/0").manual


@pytest.fixture
def started(manual, editor):
    """An import that waits to be read."""
    upload = SimpleUploadedFile("手册.html", TEXT.encode())
    return start_import(manual, upload, edition="A/1", changes="由文件导入", by=editor)


def test_document_is_read_and_accepted_as_a_draft(started, manual, editor):
    assert read_import(started.pk)
    draft = accept_import(started, by=editor)
    chapters = list(ManualChapter.objects.filter(edition=draft).order_by("sort_order"))
    assert [str(chapter) for chapter in chapters] == ["1 一", "1.1 二", "1.1.1 三", "2 四"]
    assert (draft.manual, draft.edition, draft.changes, draft.is_published) == (manual, "A/1", "由文件导入", False)
    assert [block.block_type for block in chapters[1].body] == ["table"]
    image = PortalImage.objects.get()
    assert image.audience == manual.audience
    assert chapters[2].body[0].value["image"].pk == image.pk
    assert AuditEvent.objects.filter(action="kb.import_accepted", actor=editor).exists()
    assert publish_edition(draft, decisions=CitationChoice.STAY, verdict=EDITORIAL).is_published


def test_accepting_twice_makes_one_draft(started, editor):
    read_import(started.pk)
    assert accept_import(started, by=editor) == accept_import(started, by=editor)
    assert ManualEdition.objects.drafts().count() == 1
    assert PortalImage.objects.count() == 1


def test_accept_that_breaks_in_the_middle_leaves_nothing(started, editor, monkeypatch):
    read_import(started.pk)
    made = []

    def block(kind, value, images):
        made.append(kind)
        if len(made) == 3:
            raise RuntimeError("killed")
        return {"type": "text", "value": "x"}

    monkeypatch.setattr(domain, "_block", block)
    with pytest.raises(RuntimeError):
        accept_import(started, by=editor)
    assert not ManualEdition.objects.drafts().exists()
    assert not PortalImage.objects.exists()
    assert ManualImport.objects.get(pk=started.pk).state == ImportState.READ


def test_what_was_not_read_cannot_be_accepted(started, editor):
    with pytest.raises(ImportNotAcceptable):
        accept_import(started, by=editor)


def test_draft_that_is_there_is_not_overwritten(started, manual, editor):
    read_import(started.pk)
    draft = ManualEditionFactory(manual=manual, edition="B/0", published=False)
    before = draft.chapters.count()
    with pytest.raises(EditionExists):
        accept_import(started, by=editor)
    assert draft.chapters.count() == before
    assert ManualImport.objects.get(pk=started.pk).state == ImportState.READ


def test_reading_twice_changes_nothing(started, editor):
    assert read_import(started.pk)
    accept_import(started, by=editor)
    assert not read_import(started.pk)
    assert ManualImport.objects.get(pk=started.pk).state == ImportState.ACCEPTED


@pytest.mark.parametrize("name", ["坏.docx", "空.html"])
def test_broken_file_is_refused_with_a_sentence(manual, editor, client_of, name):
    record = start_import(manual, SimpleUploadedFile(name, b" "), edition="A/1", by=editor)
    assert not read_import(record.pk)
    record.refresh_from_db()
    assert record.state == ImportState.REFUSED
    page = client_of(editor).get(reverse("kb_manual_import", args=[record.pk])).content.decode()
    assert "文件" in page
    assert not ManualEdition.objects.drafts().exists()


def test_zip_bomb_is_refused(manual, editor):
    """Three hundred megabytes in three hundred kilobytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _megabyte in range(300):
            part.write(bytes(1024 * 1024))
    record = start_import(manual, SimpleUploadedFile("大.docx", written.getvalue()), edition="A/1", by=editor)
    assert not read_import(record.pk)
    record.refresh_from_db()
    assert record.outcome == {"refused": "too_large", "detail": "300 MB > 120 MB"}


def test_editor_uploads_looks_and_accepts(manual, editor, client_of):
    client = client_of(editor)
    address = reverse("kb_import_manual", args=[manual.pk])
    assert client.get(address).status_code == 200
    upload = SimpleUploadedFile("手册.html", TEXT.encode())
    response = client.post(address, {"name": "A/1", "changes": "", "file": upload})
    record = ManualImport.objects.get()
    assert response["Location"] == reverse("kb_manual_import", args=[record.pk])
    assert client.get(response["Location"]).status_code == 200
    read_import(record.pk)
    page = client.get(response["Location"]).content.decode()
    assert "1.1.1 三" in page
    assert "四 · 2" in page
    assert client.post(response["Location"]).status_code == 302
    assert client.post(response["Location"]).status_code == 302
    assert ManualEdition.objects.drafts().count() == 1


@pytest.mark.parametrize("name", ["手册.exe", "手册.pdf", "手册"])
def test_other_kinds_of_file_are_refused_at_the_form(manual, editor, client_of, name):
    address = reverse("kb_import_manual", args=[manual.pk])
    page = client_of(editor).post(address, {"name": "A/1", "file": SimpleUploadedFile(name, b"x")}).content.decode()
    assert name in page
    assert not ManualImport.objects.exists()


def test_reader_neither_uploads_nor_looks(started, engineer, client_of):
    client = client_of(engineer)
    for address in (
        reverse("kb_import_manual", args=[started.manual_id]),
        reverse("kb_manual_import", args=[started.pk]),
    ):
        assert client.get(address).status_code in (302, 403)
        assert client.post(address).status_code in (302, 403)
    assert not ManualEdition.objects.drafts().exists()


def _imports(manual, count):
    return ManualImport.objects.bulk_create(
        ManualImport(manual=manual, edition="A/1", file_name=f"第{place}份.md", file="imports/x")
        for place in range(count)
    )


def test_list_leads_to_each_import_page_by_page(manual, editor, client_of):
    records = _imports(manual, 31)
    client = client_of(editor)
    page = client.get(reverse("kb_manual_imports")).content.decode()
    assert reverse("kb_manual_import", args=[records[-1].pk]) in page
    assert reverse("kb_manual_import", args=[records[0].pk]) not in page
    last = client.get(reverse("kb_manual_imports"), {"p": 2}).content.decode()
    assert reverse("kb_manual_import", args=[records[0].pk]) in last


def test_list_asks_the_same_for_one_and_for_many(manual, editor, client_of, django_assert_max_num_queries):
    client = client_of(editor)
    address = reverse("kb_manual_imports_results")
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        _imports(manual, 1)
        asked_before = len(asked)
        client.get(address)
        for_one = len(asked) - asked_before
    _imports(manual, 2)
    with django_assert_max_num_queries(for_one):
        client.get(address)


def test_reader_sees_no_list(started, engineer, client_of):
    assert client_of(engineer).get(reverse("kb_manual_imports")).status_code in (302, 403)


def test_upload_page_leads_to_the_list(manual, editor, client_of):
    page = client_of(editor).get(reverse("kb_import_manual", args=[manual.pk])).content.decode()
    assert reverse("kb_manual_imports") in page


def test_old_imports_are_forgotten_and_their_draft_stays(started, manual, editor):
    read_import(started.pk)
    draft = accept_import(started, by=editor)
    (young,) = _imports(manual, 1)
    ManualImport.objects.filter(pk=started.pk).update(started_at=timezone.now() - KEPT_FOR - dt.timedelta(minutes=1))
    assert clear_what_is_over() == 1
    assert list(ManualImport.objects.all()) == [young]
    assert ManualEdition.objects.filter(pk=draft.pk).exists()
