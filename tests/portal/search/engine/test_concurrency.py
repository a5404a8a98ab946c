"""Several at once: swaps between two reads, failing rebuilds beside others, readers during a commit, threads."""

import os
import threading

import pytest

from portal.search.engine import EngineQuery, store
from portal.search.engine import expressions as ex
from portal.search.engine.tantivy.reader import OpenTantivy
from portal.search.engine.whoosh.reader import OpenIndex
from tests.portal.search.engines_of_tests import ARTICLES, document, tantivy_engine, whoosh_engine

ALL = EngineQuery(ex.MatchAll(), limit=100)
ENGINES = {"whoosh": whoosh_engine, "tantivy": tantivy_engine}
OPENED = {"whoosh": OpenIndex, "tantivy": OpenTantivy}


@pytest.fixture(params=["whoosh", "tantivy"])
def name(request):
    return request.param


@pytest.fixture
def engine(name, tmp_path):
    opened = ENGINES[name](tmp_path / "index")
    opened.rebuild(ARTICLES)
    yield opened
    opened.close()


@pytest.fixture
def other(name, engine, tmp_path):
    """The engine of another process."""
    opened = ENGINES[name](tmp_path / "index")
    yield opened
    opened.close()


def found(engine) -> set[str]:
    return {hit.key for hit in engine.search(ALL).hits}


def once(monkeypatch, owner, name: str, work) -> None:
    """Do some work the first time a function was called, before it returns."""
    original = getattr(owner, name)

    def wrapped(*args, **kwargs):
        result = original(*args, **kwargs)
        monkeypatch.setattr(owner, name, original)
        work()
        return result

    monkeypatch.setattr(owner, name, wrapped)


@pytest.mark.parametrize("step", ["pointer", "stamp", "verify"])
def test_a_swap_between_two_reads_does_not_leave_a_reader_behind(engine, other, monkeypatch, step):
    once(monkeypatch, other.store, step, lambda: engine.rebuild([document("new", "fan")]))
    assert found(other) in ({"a", "b", "c", "d"}, {"new"})
    assert found(other) == {"new"}
    engine.update([document("later", "fan")])
    assert found(other) == {"new", "later"}


def test_a_failing_rebuild_leaves_that_of_another_process_alone(engine, other):
    failing = engine.start_rebuild()
    failing.add([document("lost", "fan")])
    with pytest.raises(ZeroDivisionError):
        failing.commit(lambda: 1 / 0)
    second = other.start_rebuild()
    second.add([document("new", "fan")])
    failing.abort()
    second.commit()
    assert found(engine) == {"new"}


def test_a_rebuild_is_thrown_away_unless_it_is_committed(engine, tmp_path):
    before = sorted(path.name for path in (tmp_path / "index").glob("gen-*"))
    with engine.start_rebuild() as rebuild:
        rebuild.add([document("lost", "fan")])
    assert sorted(path.name for path in (tmp_path / "index").glob("gen-*")) == before
    with engine.start_rebuild() as rebuild:
        rebuild.add([document("new", "fan")])
        rebuild.commit()
    assert found(engine) == {"new"}


def test_what_cannot_be_thrown_away_does_not_hide_why(engine, monkeypatch):
    rebuild = engine.start_rebuild()
    monkeypatch.setattr(rebuild, "_cancel", lambda: 1 / 0)
    with pytest.raises(LookupError), rebuild:
        raise LookupError
    engine.rebuild([document("new", "fan")])
    assert found(engine) == {"new"}


def test_readers_do_not_wait_for_a_commit(engine, monkeypatch):
    answers: list[set[str]] = []

    def read_in_another_thread():
        thread = threading.Thread(target=lambda: answers.append(found(engine)), daemon=True)
        thread.start()
        thread.join(30)

    once(monkeypatch, engine, "_write", read_in_another_thread)
    once(monkeypatch, engine.store, "verify", read_in_another_thread)
    engine.update([document("e", "new fan")])
    assert answers[0] == {"a", "b", "c", "d"}
    assert len(answers) == 2


def test_threads_read_while_another_writes(engine):
    stop, failures, answers = threading.Event(), [], []

    def read():
        try:
            while not stop.is_set():
                hits = engine.search(EngineQuery(ex.Terms("text", ["numbered"]), limit=100)).hits
                answers.append(len(hits))
                assert len({hit.stored["key"] for hit in hits}) == len(hits)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(12):
        engine.update([document(f"n{number}", "numbered")])
    engine.rebuild(document(f"n{number}", "numbered") for number in range(20))
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert set(answers) <= {*range(13), 20}
    assert engine.frequency("text", "numbered") == 20


def test_the_name_of_a_new_file_is_on_the_disk_too(engine, tmp_path, monkeypatch):
    done: list[object] = []
    replace, sync = os.replace, os.fsync

    def replacing(source, target):
        replace(source, target)
        done.append(target)

    def syncing(number):
        sync(number)
        done.append(os.fstat(number).st_ino)

    monkeypatch.setattr(store.os, "replace", replacing)
    monkeypatch.setattr(store.os, "fsync", syncing)
    engine.rebuild(ARTICLES)
    root = tmp_path / "index"
    (generation,) = [path for path in root.glob("gen-*") if path.name == engine.health().generation]
    swapped = done.index(root / "CURRENT")
    assert {path.stat().st_ino for path in (generation, *generation.iterdir())} <= set(done[:swapped])
    assert root.stat().st_ino in done[swapped:]
