"""Rebuilding: what changes meanwhile, repair, checks, the command, one writer."""

import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from modelsearch.backends import get_search_backend
from modelsearch.test.testapp.models import Book

from portal.models import SearchOutbox
from portal.search.engine import EngineBusy, EngineUnavailable
from portal.search.engine.registry import close_engines
from portal.search.indexing import writer
from portal.search.indexing.checks import indexes_are_usable
from portal.search.indexing.indexes import DocumentIndex, all_indexes
from portal.search.indexing.repair import repair_search
from tests.portal.search.books import book_search, found, make_book

pytestmark = pytest.mark.engines


def test_a_change_during_a_rebuild_is_in_the_new_generation(index, committed):
    class Slow(DocumentIndex):
        def documents(self):
            yield from super().documents()
            with committed():
                make_book("期间改动")

    with committed():
        make_book("原有记录")
    before = index.health().generation
    writer.rebuild(Slow())
    assert index.health().generation != before
    assert len(found(index, "期间", "改动")) == 2
    assert len(found(index, "原有", "记录")) == 2


def test_wagtails_own_rebuild_brings_in_what_changed_meanwhile(index, committed):
    backend = get_search_backend("default")
    rebuilder = backend.rebuilder_class(backend.get_index_for_model(Book))
    new = rebuilder.start()
    new.add_items(Book, Book.objects.all())
    with committed():
        book = make_book("期间改动")
    rebuilder.finish()
    assert [result.pk for result in book_search("期间改动")] == [book.pk]


def test_a_rebuild_takes_what_waited_with_it(index, committed, monkeypatch):
    monkeypatch.setattr(writer.write_changes_task.__class__, "enqueue", lambda *args, **kwargs: None)
    with committed():
        make_book()
    assert SearchOutbox.objects.waiting().exists()
    writer.rebuild_all()
    assert not SearchOutbox.objects.waiting().exists()
    assert len(found(index, "压缩")) == 2


def test_the_writer_repairs_what_it_cannot_write(index, committed, tmp_path):
    with committed():
        make_book()
    close_engines()
    for path in (tmp_path / "documents").glob("gen-*/*.pst"):
        path.write_bytes(b"")
    (tmp_path / "content-searchtests_book" / "CURRENT").unlink()
    engine = DocumentIndex().engine
    assert not engine.health().state.searchable
    assert {message.id for message in indexes_are_usable(None)} == {"portal.W101", "portal.W102"}
    with committed():
        make_book("洗碗机")
    assert len(found(engine, "压缩")) == 2
    assert len(found(engine, "洗碗")) == 2
    assert indexes_are_usable(None) == []
    assert engine.health().state.searchable


def test_the_command_rebuilds_what_is_asked_for(index, tmp_path):
    (tmp_path / "documents" / "CURRENT").unlink()
    out = StringIO()
    call_command("rebuild_search", "--if-needed", stdout=out)
    assert out.getvalue().startswith("1 indexes rebuilt")
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue().startswith(f"{len(all_indexes())} indexes rebuilt")
    make_book()
    out = StringIO()
    call_command("rebuild_search", "--changes", stdout=out)
    assert out.getvalue() == "1 changes written\n"


def test_the_command_says_when_another_rebuild_runs(index):
    rebuild = index.start_rebuild()
    with pytest.raises(CommandError, match="REBUILD"):
        call_command("rebuild_search", verbosity=0)
    rebuild.abort()


def test_one_process_works_the_outbox_off_at_a_time(index, monkeypatch):
    monkeypatch.setattr(writer, "LOCK_TIMEOUT", 0.0)
    held, done = threading.Event(), threading.Event()

    def other_process():
        with writer._writing_lock():
            held.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=other_process)
    thread.start()
    held.wait(30)
    try:
        with pytest.raises(EngineBusy):
            writer.write_changes()
    finally:
        done.set()
        thread.join()
    assert writer.write_changes() == 0


def test_an_index_that_cannot_be_rebuilt_keeps_no_other_from_its_changes(index, committed, tmp_path, monkeypatch):
    with committed():
        make_book()
    close_engines()
    (tmp_path / "documents" / "CURRENT").unlink()
    whole = writer.rebuild

    def full_disk(broken, progress=None):
        raise EngineUnavailable(f"no room for {broken.name}")

    monkeypatch.setattr(writer, "rebuild", full_disk)
    with committed():
        make_book("洗碗机")
    assert not SearchOutbox.objects.waiting().exists()
    assert [book.title for book in book_search("洗碗")] == ["洗碗机"]
    monkeypatch.setattr(writer, "rebuild", whole)
    repair_search()
    assert len(found(DocumentIndex().engine, "洗碗")) == 2
