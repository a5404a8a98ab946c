"""The directory of an index: generations, damage, permissions, versions, locks."""

import contextlib
import errno
import json
import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest

from portal.search.engine import (
    EngineBusy,
    EngineQuery,
    EngineUnavailable,
    FieldKind,
    FieldSpec,
    HealthState,
    Schema,
)
from portal.search.engine import expressions as ex
from portal.search.engine.content import DamagedContentError, unpacked
from portal.search.engine.whoosh import WhooshEngine
from tests.portal.search.engines_of_tests import ARTICLES, SCHEMA, document, tantivy_engine, whoosh_engine

ALL = EngineQuery(ex.MatchAll(), limit=100)


@pytest.fixture
def engine(tmp_path):
    opened = whoosh_engine(tmp_path / "index")
    opened.rebuild(ARTICLES)
    yield opened
    opened.close()


def generations(root: Path) -> list[str]:
    return sorted(path.name for path in root.glob("gen-*"))


def test_a_rebuild_goes_into_a_new_directory_and_keeps_one_old_generation(engine, tmp_path):
    root = tmp_path / "index"
    (first,) = generations(root)
    second = engine.rebuild(ARTICLES[:2])
    assert set(generations(root)) == {first, second}
    third = engine.rebuild(ARTICLES[:1])
    assert set(generations(root)) == {second, third}
    assert engine.search(ALL).total == 1


def test_searches_see_the_old_generation_until_the_swap(engine):
    rebuild = engine.start_rebuild()
    rebuild.add([document("new", "fan")])
    assert engine.search(ALL).total == 4
    engine.update([document("e", "added meanwhile")])
    assert engine.search(ALL).total == 5
    rebuild.commit(lambda: ([document("e", "added meanwhile"), document("new", "changed")], ["a"]))
    assert {hit.key for hit in engine.search(ALL).hits} == {"new", "e"}
    assert engine.search(EngineQuery(ex.Terms("text", ["changed"]))).total == 1


def test_an_aborted_rebuild_leaves_no_trace(engine, tmp_path):
    before = generations(tmp_path / "index")
    rebuild = engine.start_rebuild()
    rebuild.add(ARTICLES)
    rebuild.abort()
    assert generations(tmp_path / "index") == before

    def failing():
        yield ARTICLES[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.rebuild(failing())
    assert generations(tmp_path / "index") == before
    assert engine.search(ALL).total == 4
    engine.rebuild(ARTICLES[:1])


def test_two_processes_see_each_others_commits(engine, tmp_path):
    other = whoosh_engine(tmp_path / "index")
    assert other.search(ALL).total == 4
    engine.update([], ["a"])
    assert other.search(ALL).total == 3
    other.rebuild(ARTICLES[:1])
    assert engine.search(ALL).total == 1
    other.close()


def test_one_writer_and_one_rebuild_at_a_time(engine, monkeypatch):
    monkeypatch.setattr("portal.search.engine.embedded.WRITE_TIMEOUT", 0.0)
    with engine.store.lock("WRITE", 0), pytest.raises(EngineBusy):
        engine.update(ARTICLES)
    rebuild = engine.start_rebuild()
    with pytest.raises(EngineBusy):
        engine.start_rebuild()
    rebuild.abort()
    engine.rebuild(ARTICLES)


def test_a_rebuild_ended_by_another_thread_leaves_no_lock(engine):
    rebuild = engine.start_rebuild()
    thread = threading.Thread(target=rebuild.abort)
    thread.start()
    thread.join()
    engine.rebuild(ARTICLES)
    assert engine.search(ALL).total == 4


def test_a_lock_is_the_systems_and_no_marker(engine, monkeypatch):
    def not_here(*args):
        raise OSError(errno.ENOSYS, "no such locks")

    monkeypatch.setattr("fcntl.flock", not_here)
    with pytest.raises(EngineUnavailable, match="no such locks"):
        engine.update(ARTICLES)


def test_a_truncated_file_is_damage(engine, tmp_path):
    engine.close()
    (postings,) = (tmp_path / "index").glob("gen-*/*.pst")
    with postings.open("r+b") as file:
        file.truncate(10)
    fresh = whoosh_engine(tmp_path / "index")
    assert fresh.health().state is HealthState.DAMAGED
    with pytest.raises(EngineUnavailable):
        fresh.search(ALL)
    with pytest.raises(EngineUnavailable):
        fresh.update(ARTICLES)
    fresh.rebuild(ARTICLES)
    assert fresh.health().state is HealthState.OK
    assert fresh.search(ALL).total == 4
    fresh.close()


@pytest.mark.parametrize(("make", "pattern"), [(whoosh_engine, "*.pst"), (tantivy_engine, "*.term")])
def test_other_bytes_of_the_same_size_are_damage_once_they_are_read(tmp_path, make, pattern):
    engine = make(tmp_path / "index")
    engine.rebuild([document(str(number), f"fan word{number} hums", kind="fault") for number in range(300)])
    engine.close()
    for path in (tmp_path / "index").glob(f"gen-*/{pattern}"):
        path.write_bytes(b"\xff" * path.stat().st_size)
    fresh = make(tmp_path / "index")
    with pytest.raises(EngineUnavailable):
        fresh.search(EngineQuery(ex.Terms("text", ["fan", *(f"word{number}" for number in range(300))])))
    assert fresh.health().state is HealthState.DAMAGED
    with pytest.raises(EngineUnavailable):
        fresh.update(ARTICLES)
    fresh.rebuild(ARTICLES)
    assert fresh.health().state is HealthState.OK
    assert fresh.search(ALL).total == 4
    fresh.close()


@pytest.mark.parametrize("fill", [b"\0", b"\xff"])
@pytest.mark.parametrize(
    ("make", "pattern", "tail"),
    [(whoosh_engine, "*stored__*", 0), (whoosh_engine, "*stored__*", 2000), (tantivy_engine, "*.store", 300)],
)
def test_garbled_stored_values_are_damage_and_a_rebuild_heals_them(tmp_path, make, pattern, tail, fill):
    engine = make(tmp_path / "index")
    engine.rebuild(document(str(number), f"word{number}") for number in range(300))
    engine.close()
    for path in (tmp_path / "index").glob(f"gen-*/{pattern}"):
        # What tantivy checks when it opens a file, and what tells Whoosh one value from the next, stands at its end.
        kept = path.read_bytes()
        garbled = max(0, len(kept) - tail)
        path.write_bytes(fill * garbled + kept[garbled:])
    with pytest.raises(EngineUnavailable):
        engine.search(EngineQuery(ex.MatchAll(), limit=300))
    assert engine.health().state is HealthState.DAMAGED
    engine.rebuild(ARTICLES)
    assert engine.health().state is HealthState.OK
    assert engine.search(ALL).total == 4
    engine.close()


def test_stored_values_of_too_few_documents_are_damage():
    with pytest.raises(DamagedContentError):
        unpacked([b'["a", {}], ["b", {}]'])
    with pytest.raises(DamagedContentError):
        unpacked([b"7"])


@pytest.mark.parametrize("pattern", ["*.trm", "_MAIN_*.toc", "MANIFEST"])
def test_a_missing_file_is_damage(engine, tmp_path, pattern):
    engine.close()
    for path in (tmp_path / "index").glob(f"gen-*/{pattern}"):
        path.unlink()
    fresh = whoosh_engine(tmp_path / "index")
    assert fresh.health().state is HealthState.DAMAGED
    with pytest.raises(EngineUnavailable):
        fresh.search(ALL)


def test_files_that_vanish_under_an_open_index_degrade_it(engine, tmp_path):
    assert engine.search(ALL).total == 4
    for path in (tmp_path / "index").glob("gen-*"):
        shutil.rmtree(path)
    with pytest.raises(EngineUnavailable):
        engine.search(ALL)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"generation": "gen-x"}', '{"generation": 7}'])
def test_a_pointer_nobody_can_read(engine, tmp_path, content):
    (tmp_path / "index" / "CURRENT").write_text(content)
    assert not engine.health().state.searchable
    with pytest.raises(EngineUnavailable):
        engine.search(ALL)
    engine.rebuild(ARTICLES)
    assert engine.search(ALL).total == 4


def test_another_version_is_outdated_not_damaged(engine, tmp_path):
    newer = WhooshEngine(tmp_path / "index", Schema(SCHEMA.fields, "2"))
    assert newer.health().state is HealthState.OUTDATED
    with pytest.raises(EngineUnavailable):
        newer.search(ALL)
    more = WhooshEngine(
        tmp_path / "index", Schema((*SCHEMA.fields, FieldSpec("new", FieldKind.KEYWORD)), SCHEMA.version)
    )
    assert more.health().state is HealthState.OUTDATED
    more.rebuild(ARTICLES)
    assert more.health().state is HealthState.OK
    more.close()


def test_another_format_on_disk_is_outdated(engine, tmp_path):
    pointer = tmp_path / "index" / "CURRENT"
    content = json.loads(pointer.read_text())
    content["fingerprint"]["format"] = 0
    pointer.write_text(json.dumps(content))
    assert engine.health().state is HealthState.OUTDATED


@contextlib.contextmanager
def without_rights(root: Path):
    """Take write permission away, also from root."""
    paths = [root, *root.glob("gen-*")]
    for path in paths:
        path.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in paths:
            path.chmod(0o755)


def test_a_read_only_index_is_searched_and_says_so():
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        root.chmod(0o755)
        engine = whoosh_engine(root / "index")
        engine.rebuild(ARTICLES)
        for path in (root / "index").rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)
        with without_rights(root / "index"):
            assert engine.health().state is HealthState.READ_ONLY
            assert engine.search(ALL).total == 4
            with pytest.raises(EngineUnavailable):
                engine.update(ARTICLES)
        assert engine.health().state is HealthState.OK
        engine.close()


def test_an_index_is_private(engine, tmp_path):
    assert (tmp_path / "index").stat().st_mode & 0o077 == 0
    for path in (tmp_path / "index").glob("gen-*"):
        assert path.stat().st_mode & 0o077 == 0
