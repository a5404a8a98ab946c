"""From a saved record to a found one: what goes into the outbox and out of it."""

import datetime as dt

import pytest
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.utils import timezone
from modelsearch.signal_handlers import post_delete_signal_handler, post_save_signal_handler
from modelsearch.test.testapp.models import Author
from wagtail.models import Page

from portal.models import HomePage, InformationPage, OutboxAction, SearchOutbox
from portal.registry import search as registry
from portal.search.indexing import outbox, writer
from tests.portal.search.books import book_search, found, make_book

pytestmark = pytest.mark.engines
BODY = "<p>说明</p>"


def test_a_saved_record_is_found_once_committed(index, committed):
    with committed():
        book = make_book()
        assert SearchOutbox.objects.waiting().count() == 1
        assert found(index, "压缩") == set()
    assert found(index, "压缩") == {f"B{book.pk}-first", f"B{book.pk}-second"}
    assert [result.pk for result in book_search("压缩机")] == [book.pk]
    assert not SearchOutbox.objects.waiting().exists()


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
    monkeypatch.setattr(writer.write_changes_task.__class__, "enqueue", lambda *args, **kwargs: tasks.append(1))
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
    writer.write_changes()
    assert not SearchOutbox.objects.exists()
