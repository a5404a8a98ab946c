"""Uploaded files are found by their text, by those who may open them."""

import sys
import tempfile
from contextlib import contextmanager

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import OperationalError
from weasyprint import HTML

from portal.content import sandbox
from portal.enums import Audience, Role
from portal.models import DocumentText, PortalDocument, SearchOutbox
from portal.search.engine import EngineBusy
from portal.search.indexing import extraction, files, outbox, text_readers, writer
from portal.search.indexing.extraction import UnreadableFile, read_apart
from portal.search.indexing.files import PART_LENGTH, documents, file_documents, parts_of, read_document
from portal.search.indexing.own_sources import page_documents
from portal.search.results import service
from tests.factories.portal import PersonFactory


@contextmanager
def on_disk(content: bytes):
    with tempfile.TemporaryFile() as made:
        made.write(content)
        yield made


def pdf_of(*pages: str) -> bytes:
    style = "font-family: Noto Sans CJK SC, Noto Sans SC; break-after: page"
    return HTML(string="".join(f"<p style='{style}'>{page}</p>" for page in pages)).write_pdf()


def test_a_file_is_read_by_a_process_of_its_own():
    with on_disk(pdf_of("E6 drain pump")) as content:
        assert read_apart("a.pdf", content, lambda: None) == "E6 drain pump\f"
    with on_disk(b"%PDF-nonsense") as content, pytest.raises(UnreadableFile):
        read_apart("a.pdf", content, lambda: None)
    with on_disk(b"PK") as content:
        assert read_apart("a.zip", content, lambda: None) == ""


def test_every_readable_kind_has_its_reader():
    assert set(text_readers.READERS) == extraction.READABLE


def test_a_file_that_never_ends_is_given_up_and_others_are_served_meanwhile(monkeypatch):
    monkeypatch.setattr(
        sandbox, "command_of", lambda *_arguments: [sys.executable, "-c", "import signal; signal.pause()"]
    )
    monkeypatch.setattr(sandbox, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(extraction, "MAX_SECONDS", 0.0)
    served = []
    with on_disk(b"") as content, pytest.raises(UnreadableFile):
        read_apart("a.pdf", content, lambda: served.append(1))
    assert served


def test_what_was_read_of_a_hostile_file_is_kept(monkeypatch):
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); print('page one', flush=True)\n"
        "while True: pass"
    )
    monkeypatch.setattr(sandbox, "command_of", lambda *_arguments: [sys.executable, "-c", program])
    with on_disk(b"") as content:
        assert read_apart("a.pdf", content, lambda: None) == "page one"


def add_file(name="w.txt", content=b"", **fields):
    document = PortalDocument(title="接线图", **fields)
    document.file.save(name, ContentFile(content))
    return document


def only(document) -> PortalDocument:
    return documents().get(pk=document.pk)


def test_an_upload_is_read_in_the_background(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = add_file(content="红线接 L 端子".encode(), audience=Audience.RESTRICTED)
    (found,) = file_documents(only(document))
    assert (found.audience, found.kind, found.url) == (Audience.RESTRICTED, "document", document.url)
    assert (found.text, found.shown_title, found.address) == ("红线接 L 端子", "接线图", document.url)


def test_a_broken_upload_is_kept_without_text(db):
    document = add_file("b.pdf", b"%PDF-nonsense")
    assert read_document(document.pk) == 0
    assert read_document(0) == 0
    (found,) = file_documents(only(document))
    assert found.text == ""


def test_an_unchanged_file_is_read_once(db, monkeypatch):
    read = []
    monkeypatch.setattr(files, "read_apart", lambda name, *others: read.append(name) or "text")
    document = add_file(content=b"one")
    assert read_document(document.pk) == 4
    document.save()
    assert read_document(document.pk) == 4
    assert len(read) == 1
    document.file.save("w.txt", ContentFile(b"two"))
    read_document(document.pk)
    assert len(read) == 2


def test_the_text_of_a_replaced_file_is_gone_before_the_new_one_was_read(db):
    document = add_file(content="机密".encode())
    read_document(document.pk)
    assert [found.text for found in file_documents(only(document))] == ["机密"]
    document.file.save("w.txt", ContentFile("公开".encode()))
    assert [found.text for found in file_documents(only(document))] == [""]
    read_document(document.pk)
    assert [found.text for found in file_documents(only(document))] == ["公开"]


def test_a_file_replaced_while_it_was_read_is_left_to_the_next_reading(db, monkeypatch):
    document = add_file(content=b"one")

    def replaced(*args):
        PortalDocument.objects.get(pk=document.pk).file.save("w.txt", ContentFile(b"two"))
        return "one"

    monkeypatch.setattr(files, "read_apart", replaced)
    read_document(document.pk)
    assert not DocumentText.objects.exists()


def test_a_file_out_of_reach_keeps_what_was_read(db):
    document = add_file(content=b"one")
    read_document(document.pk)
    document.file.storage.delete(document.file.name)
    assert read_document(document.pk) == 0
    assert DocumentText.objects.get().text == "one"


def test_a_file_whose_reading_was_lost_is_read_after_all(db, monkeypatch):
    read, lost, replaced = add_file(content=b"one"), add_file(content=b"two"), add_file(content=b"three")
    broken = add_file("b.pdf", b"%PDF-nonsense")
    for document in (read, replaced, broken):
        read_document(document.pk)
    replaced.file.save("w.txt", ContentFile(b"four"))
    queued = []
    monkeypatch.setattr(files.read_document_task.__class__, "enqueue", lambda task, pk: queued.append(pk))
    assert files.queue_unread() == 2
    assert set(queued) == {lost.pk, replaced.pk}
    monkeypatch.setattr(files, "MAX_QUEUED", 1)
    assert files.queue_unread() == 1
    monkeypatch.undo()
    files.queue_unread()
    assert DocumentText.objects.get(pk=lost.pk).text == "two"
    assert files.queue_unread() == 0


def test_a_long_text_is_cut_at_paragraphs_and_loses_nothing():
    paragraphs = [*(f"第{number}段" + "冷" * 300 for number in range(40)), "这是长句。" * 2000]
    parts = [text for _page, text in parts_of("\n".join(paragraphs))]
    assert max(map(len, parts)) <= PART_LENGTH
    assert "".join(parts).replace("\n", "") == "".join(paragraphs)
    assert parts[0].split("\n") == paragraphs[:6]
    assert all(part.endswith(("冷", "。")) for part in parts)


def test_parts_of_a_file_say_where_they_stand(db):
    document = add_file("a.pdf")
    pages = ["封面", "", "正文" * 1500, "附录"]
    text = "".join(f"{page}\f" for page in pages)
    DocumentText.objects.create(document=document, text=text, file_name=document.file.name)
    found = list(file_documents(only(document)))
    assert [item.shown_title for item in found] == [f"接线图 第 {page} 页" for page in (1, 3, 3, 4)]
    assert [item.anchor for item in found] == ["", "page=3", "page=3", "page=4"]
    assert [item.ref.partition("#")[2] for item in found] == ["", "2", "3", "4"]
    assert {item.title for item in found} == {"接线图"}


def test_any_page_of_a_long_pdf_is_found_quoted_and_opened_there(portal_index, committed):
    pages = [f"第{number}节 日常保养与清洁。" + "外壳用软布擦拭。" * 150 for number in range(200)]
    pages[176] += "螺栓预紧力矩为二十五牛米。"
    with committed():
        document = add_file("a.pdf", audience=Audience.STAFF)
    with committed():
        text = "".join(f"{page}\f" for page in pages)
        DocumentText.objects.update_or_create(
            document=document, defaults={"text": text, "file_name": document.file.name}
        )
    technician = PersonFactory(roles=[Role.ENGINEER])
    hit = service.search("螺栓预紧力矩", technician).hits[0]
    assert (hit.title, hit.url) == ("接线图 第 177 页", f"{document.url}#page=177")
    assert "螺栓预紧力矩为二十五牛米" in hit.snippet
    assert service.search("螺栓预紧力矩", AnonymousUser()).total == 0
    with committed():
        document.delete()
    assert service.search("螺栓预紧力矩", technician).total == 0


def test_lists_of_documents_do_not_load_their_texts(db, django_assert_num_queries):
    add_file()
    with django_assert_num_queries(1) as captured:
        list(PortalDocument.objects.all())
    assert "portal_documenttext" not in captured[0]["sql"]


def test_a_draft_page_gives_no_document(db):
    from portal.models import InformationPage

    assert list(page_documents(InformationPage(title="草稿", live=False))) == []


def test_what_is_published_while_a_file_is_read_is_found(portal_index, monkeypatch):
    monkeypatch.setattr(outbox, "request_writing", lambda first: None)
    technician = PersonFactory(roles=[Role.ENGINEER])
    add_file(audience=Audience.STAFF)
    assert service.search("接线图", technician).total == 0
    files.write_waiting()
    assert service.search("接线图", technician).total == 1
    assert not SearchOutbox.objects.waiting().exists()


@pytest.mark.parametrize("error", [EngineBusy("another process"), OperationalError("database is locked")])
def test_what_cannot_be_written_now_does_not_stop_the_reading(db, monkeypatch, error):
    def busy():
        raise error

    monkeypatch.setattr(files, "write_changes", busy)
    add_file()
    files.write_waiting()
    assert SearchOutbox.objects.waiting().exists()


def test_reading_files_comes_after_writing_the_index():
    assert files.read_document_task.priority < 0 < writer.write_changes_task.priority
