"""What nobody sets off: broken indexes are rebuilt, changes that wait or failed are brought in, and both are told."""

import datetime as dt
from functools import partial

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from portal.models import JobState, SearchOutbox
from portal.search.engine import EngineError, Health, HealthState
from portal.search.engine.registry import close_engines
from portal.search.indexing import checks, repair, writer
from portal.search.indexing.checks import changes_are_written
from portal.search.indexing.indexes import DocumentIndex
from portal.search.indexing.repair import repair_search
from portal.web import health
from tests.portal.search.books import book_search, found, make_book

CONTENT = "content-searchtests_book"
rebuild_if_needed = partial(call_command, "rebuild_search", "--if-needed", verbosity=0)


@pytest.fixture
def no_worker(monkeypatch):
    """Changes wait: nobody takes the task that would write them."""
    monkeypatch.setattr(writer.write_changes_task.__class__, "enqueue", lambda *args, **kwargs: None)


@pytest.fixture
def ready(index):
    """Return what is wrong with search, as /readyz says it."""
    JobState.objects.all().delete()

    def look():
        health._look.cache_clear()
        return health.readiness(connection)["search"]

    return look


def test_broken_indexes_are_rebuilt_without_a_change(index, committed, tmp_path, ready):
    with committed():
        book = make_book()
    close_engines()
    (tmp_path / CONTENT / "CURRENT").unlink()
    assert ready() == "portal.W101: 1"
    (tmp_path / "documents" / "CURRENT").write_text("rubbish")
    assert ready() == "portal.W101: 1, portal.W102: 1"
    repair_search()
    assert ready() == "ok"
    assert len(found(DocumentIndex().engine, "压缩")) == 2
    assert [result.pk for result in book_search("压缩机")] == [book.pk]


def test_nothing_is_rebuilt_when_all_is_well(index, monkeypatch):
    monkeypatch.setattr(repair, "rebuild", pytest.fail)
    monkeypatch.setattr(repair, "write_changes", pytest.fail)
    repair_search()


def test_changes_nobody_wrote_are_brought_in(index, committed, no_worker):
    with committed():
        make_book()
    repair_search()
    assert len(found(index, "压缩")) == 2
    assert not SearchOutbox.objects.waiting().exists()


def test_changes_that_failed_are_tried_again_after_a_rest(index, committed, no_worker):
    with committed():
        make_book()
    SearchOutbox.objects.update(applied_at=timezone.now(), error="no disk")
    repair_search()
    assert not found(index, "压缩")
    SearchOutbox.objects.update(applied_at=timezone.now() - dt.timedelta(minutes=11))
    repair_search()
    assert len(found(index, "压缩")) == 2
    assert not SearchOutbox.objects.failed().exists()


@pytest.mark.parametrize("mend", [repair_search, rebuild_if_needed])
def test_one_index_that_cannot_be_rebuilt_keeps_none_from_it(
    index, committed, no_worker, tmp_path, monkeypatch, ready, mend
):
    with committed():
        make_book()
    close_engines()
    for name in ("documents", CONTENT):
        (tmp_path / name / "CURRENT").unlink()
    rebuild = repair.rebuild

    def refuse(index, progress):
        if index.name == "documents":
            raise OSError("no space")
        return rebuild(index, progress)

    monkeypatch.setattr(repair, "rebuild", refuse)
    monkeypatch.setattr(repair, "write_changes", lambda: 0)
    with pytest.raises((EngineError, CommandError), match="not rebuilt: documents"):
        mend()
    assert ready() == "portal.W101: 1"


@pytest.mark.parametrize("mend", [repair_search, rebuild_if_needed])
def test_an_index_that_may_only_be_read_is_left_alone(index, monkeypatch, mend):
    monkeypatch.setattr(type(index), "health", lambda self: Health(HealthState.READ_ONLY))
    monkeypatch.setattr(repair, "rebuild", pytest.fail)
    mend()


def test_an_index_somebody_rebuilds_already_is_left_to_them(index, tmp_path):
    close_engines()
    (tmp_path / "documents" / "CURRENT").unlink()
    other = DocumentIndex().engine.start_rebuild()
    repair_search()
    other.commit()
    assert DocumentIndex().engine.health().state.searchable


def test_changes_that_wait_or_failed_are_told(index, committed, no_worker, ready):
    with committed():
        make_book()
    assert changes_are_written(None) == []
    SearchOutbox.objects.update(created_at=dt.datetime(2026, 3, 18, 4, tzinfo=dt.UTC))
    (waiting,) = changes_are_written(None)
    assert (waiting.id, waiting.msg) == (
        "portal.W105",
        "Changes have waited for the search indexes since 2026-03-18 04:00 UTC.",
    )
    SearchOutbox.objects.update(applied_at=timezone.now(), error="documents: no disk")
    (failed,) = changes_are_written(None)
    assert failed.msg.startswith("1 changes could not be written into the search indexes, the last searchtests.book")
    assert ready() == "ok"
    assert health.warnings() == ["portal.W105: 1"]


def test_anybody_is_told_numbers_and_the_log_what_is_wrong(
    index, committed, no_worker, tmp_path, client, ready, caplog
):
    with committed():
        make_book()
        make_book()
    SearchOutbox.objects.update(applied_at=timezone.now(), error="/srv/index: no disk")
    (tmp_path / "documents" / "CURRENT").write_text("rubbish")
    close_engines()
    caplog.set_level("WARNING", "portal.web.health")
    ready()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["parts"]["search"]) == (503, "portal.W102: 1")
    assert answer.json()["warnings"] == ["portal.W105: 2"]
    assert not any(said in answer.content.decode() for said in ("no disk", "/srv", str(tmp_path), "rubbish"))
    assert all(said in caplog.text for said in ("/srv/index: no disk", str(tmp_path)))


def test_the_indexes_are_not_read_for_every_caller(index, client, ready, monkeypatch):
    ready()
    monkeypatch.setattr(health.time, "monotonic", lambda: 100.0)
    client.get("/readyz")
    monkeypatch.setattr(checks, "indexes_are_usable", pytest.fail)
    assert client.get("/readyz").status_code == 200


def test_without_tables_the_check_is_silent(monkeypatch):
    def missing(*args):
        raise DatabaseError

    monkeypatch.setattr(SearchOutbox.objects, "waiting", missing)
    assert changes_are_written(None) == []
