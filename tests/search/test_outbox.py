"""From a saved record to a found one: outbox, writer, rebuild, checks, command."""

import datetime as dt
import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from modelsearch.backends import get_search_backend
from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler
from modelsearch.test.testapp.models import Author, Book
from wagtail.models import Page

from portal.models import HomePage, InformationPage, OutboxAction, SearchOutbox
from portal.search import outbox, writing
from portal.search import sources as registry
from portal.search.checks import indexes_are_usable
from portal.search.documents import TEXT
from portal.search.engine import EngineBusy, EngineQuery
from portal.search.engine import expressions as ex
from portal.search.engine.registry import close_engines, index_health
from portal.search.indexes import DocumentIndex, all_indexes
from portal.search.sources import SearchDocument, SearchSource

pytestmark = pytest.mark.engines
BODY = "<p>说明</p>"


def book_documents(book):
    """Two documents a book, none for a withdrawn one."""
    if book.summary == "withdrawn":
        return
    for part in ("first", "second"):
        yield SearchDocument(
            ref=f"B{book.pk}-{part}",
            kind="book",
            title=f"{book.title} {part}",
            url="/",
            text=" ".join(author.name for author in book.authors.all()),
        )


@pytest.fixture
def index(db, settings, tmp_path, monkeypatch):
    """Indexes of their own, built, with books as a source of documents."""
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(registry, "_sources", {})
    registry.register(
        SearchSource(
            "book",
            "Book",
            Book,
            Book.objects.prefetch_related("authors").all,
            book_documents,
            related={Author: lambda author: author.books.first()},
        )
    )
    writing.rebuild_all()
    yield DocumentIndex().engine
    close_engines()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Run what a commit would run."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def make_book(title="冷柜压缩机", **values):
    return Book.objects.create(
        **{"title": title, "number_of_pages": 1, "publication_date": dt.date(2026, 3, 18)} | values
    )


def found(engine, *tokens) -> set[str]:
    return {hit.stored["ref"] for hit in engine.search(EngineQuery(ex.Terms(TEXT, tokens, "and"))).hits}


def test_a_saved_record_is_found_once_committed(index, committed):
    with committed():
        book = make_book()
        assert SearchOutbox.objects.waiting().count() == 1
        assert found(index, "压缩") == set()
    assert found(index, "压缩") == {f"B{book.pk}-first", f"B{book.pk}-second"}
    assert [result.pk for result in book_search("压缩机")] == [book.pk]
    assert not SearchOutbox.objects.waiting().exists()


def book_search(query):
    return get_search_backend("default").search(query, Book)


def test_a_changed_record_loses_its_old_documents(index, committed):
    with committed():
        book = make_book()
    with committed():
        book.title = "洗碗机"
        book.save()
    assert found(index, "压缩") == set()
    assert len(found(index, "洗碗")) == 2
    with committed():
        book.summary = "withdrawn"
        book.save()
    assert found(index, "洗碗") == set()


def test_a_deleted_record_is_gone(index, committed):
    with committed():
        book = make_book()
    with committed():
        book.delete()
    assert found(index, "压缩") == set()
    assert list(book_search("压缩机")) == []
    assert SearchOutbox.objects.filter(action=OutboxAction.DELETED).exists()


def test_a_related_record_changes_the_documents(index, committed):
    with committed():
        book = make_book()
        author = Author.objects.create(name="Lin")
        book.authors.add(author)
    assert len(found(index, "lin")) == 2
    with committed():
        author.name = "Zhao"
        author.save()
    assert found(index, "lin") == set()
    assert len(found(index, "zhao")) == 2


def test_what_is_rolled_back_is_not_written(index, committed):
    with committed():
        try:
            with transaction.atomic():
                make_book()
                raise LookupError
        except LookupError:
            pass
    assert not SearchOutbox.objects.exists()
    assert found(index, "压缩") == set()


def test_wagtail_pages_go_the_same_way(index, committed):
    home = HomePage.objects.first() or Page.objects.get(depth=1).add_child(instance=HomePage(title="首页", slug="h"))
    with committed():
        page = home.add_child(instance=InformationPage(title="制冷剂回收须知", slug="recovery", body=BODY))
    assert [result.pk for result in Page.objects.search("回收须知")] == [page.pk]
    with committed():
        page.title = "已改名"
        page.save_revision().publish()
    assert list(Page.objects.search("回收须知")) == []
    with committed():
        page.delete()
    assert list(Page.objects.search("已改名")) == []


def test_a_moved_subtree_is_written_again(index, committed):
    root = Page.objects.get(depth=1)
    with committed():
        one, other = (root.add_child(instance=HomePage(title=title, slug=title)) for title in ("one", "other"))
        leaf = one.add_child(instance=InformationPage(title="叶子页面", slug="leaf", body=BODY))
    with committed():
        leaf.move(other, pos="last-child")
    assert [page.pk for page in Page.objects.descendant_of(other).search("叶子")] == [leaf.pk]
    assert list(Page.objects.descendant_of(one).search("叶子")) == []


def test_wagtails_own_handlers_are_off():
    for signal, handler in ((post_save, post_save_signal_handler), (post_delete, post_delete_signal_handler)):
        assert handler not in {receiver[1]() for receiver in signal.receivers if callable(receiver[1])}


def test_one_task_for_many_changes(index, committed, monkeypatch):
    tasks = []
    monkeypatch.setattr(outbox, "runs_at_once", lambda: False)
    monkeypatch.setattr(writing.write_changes_task.__class__, "enqueue", lambda *args, **kwargs: tasks.append(1))
    with committed():
        for number in range(20):
            make_book(f"book {number}")
    with committed():
        make_book("another")
    assert len(tasks) == 1
    SearchOutbox.objects.update(created_at=timezone.now() - dt.timedelta(minutes=5))
    with committed():
        make_book("the worker seems dead")
    assert len(tasks) == 2


def test_one_bad_record_does_not_stop_the_others(index, committed, monkeypatch):
    source = registry.source_of("book")

    def documents(book):
        if book.title == "bad":
            raise ValueError("no document")
        return source.documents(book)

    from dataclasses import replace

    registry.register(replace(source, documents=documents))
    with committed():
        bad, good = make_book("bad"), make_book("good")
    assert len(found(index, "good")) == 2
    (failed,) = SearchOutbox.objects.failed()
    assert failed.object_pk == str(bad.pk)
    assert "no document" in failed.error
    assert not SearchOutbox.objects.waiting().exists()
    assert good.pk


def test_applied_changes_are_forgotten_after_a_day(index, committed):
    with committed():
        make_book()
    SearchOutbox.objects.update(applied_at=timezone.now() - dt.timedelta(days=2))
    writing.write_changes()
    assert not SearchOutbox.objects.exists()


def test_a_change_during_a_rebuild_is_in_the_new_generation(index, committed):
    class Slow(DocumentIndex):
        def documents(self):
            yield from super().documents()
            with committed():
                make_book("期间改动")

    with committed():
        make_book("原有记录")
    before = index.health().generation
    writing.rebuild(Slow())
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
    monkeypatch.setattr(writing.write_changes_task.__class__, "enqueue", lambda *args, **kwargs: None)
    with committed():
        make_book()
    assert SearchOutbox.objects.waiting().exists()
    writing.rebuild_all()
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
    assert index_health().startswith("damaged")
    with committed():
        make_book("洗碗机")
    assert len(found(engine, "压缩")) == 2
    assert len(found(engine, "洗碗")) == 2
    assert indexes_are_usable(None) == []
    assert index_health() == "ok"


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
    monkeypatch.setattr(writing, "LOCK_TIMEOUT", 0.0)
    held, done = threading.Event(), threading.Event()

    def other_process():
        with writing._writing_lock():
            held.set()
            done.wait(30)
        connection.close()

    thread = threading.Thread(target=other_process)
    thread.start()
    held.wait(30)
    try:
        with pytest.raises(EngineBusy):
            writing.write_changes()
    finally:
        done.set()
        thread.join()
    assert writing.write_changes() == 0
