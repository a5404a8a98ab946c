"""Killed at any point, an index is the old one or the new one, can be searched and can be written."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.search.engine import Engine, EngineQuery, HealthState
from portal.search.engine import expressions as ex
from tests.portal.search.engines_of_tests import ARTICLES, document, open_engine

ROOT = Path(__file__).resolve().parents[4]
ALL = EngineQuery(ex.MatchAll(), limit=100)
OLD = {"a", "b", "c", "d"}
UPDATED = {"b", "c", "d", "e"}
REBUILT = {"new"}

#: Where a process kills itself: a function, and whether before or after it.
STORE_POINTS = [
    ("portal.search.engine.store.Store.write_manifest", "before"),
    ("portal.search.engine.store._write", "before"),
    ("portal.search.engine.store._write", "after"),
]
ENGINE_POINTS = {
    "whoosh": [
        ("whoosh.writing.SegmentWriter.add_document", "after"),
        ("whoosh.writing.SegmentWriter.commit", "before"),
        ("whoosh.writing.SegmentWriter._flush_segment", "after"),
        ("whoosh.index.TOC.write", "before"),
        ("whoosh.index.TOC.write", "after"),
        ("whoosh.index.clean_files", "after"),
    ],
    "tantivy": [
        ("portal.search.engine.tantivy.engine.native_document", "after"),
        ("portal.search.engine.tantivy.engine.commit", "before"),
        ("portal.search.engine.tantivy.engine.commit", "after"),
    ],
}
SWAP_POINTS = [
    ("portal.search.engine.store.Store.new_generation", "after"),
    ("portal.search.engine.store.Store.swap", "before"),
    ("portal.search.engine.store.Store.swap", "after"),
    ("portal.search.engine.store.Store.sweep", "after"),
]
POINTS = [(name, *point) for name, points in ENGINE_POINTS.items() for point in (*points, *STORE_POINTS)]
REBUILD_POINTS = POINTS + [(name, *point) for name in ENGINE_POINTS for point in SWAP_POINTS]

CHILD = """
import importlib, os, signal, sys
from pathlib import Path
from tests.portal.search.engines_of_tests import document, open_engine

kind, work, point, when, directory = sys.argv[1:]
path, name = point.rsplit(".", 1)
try:
    owner = importlib.import_module(path)
except ModuleNotFoundError:
    module, holder = path.rsplit(".", 1)
    owner = getattr(importlib.import_module(module), holder)
original = getattr(owner, name)

def dying(*args, **kwargs):
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)

with open_engine(kind, Path(directory)) as engine:
    setattr(owner, name, dying)
    if work == "update":
        engine.update([document("e", "new fan")], ["a"])
    else:
        engine.rebuild([document("new", "fan")])
sys.exit(3)
"""


def run_and_kill(name: str, work: str, point: str, when: str, directory: Path) -> None:
    """Run a child that kills itself at the point, and make sure it did."""
    command = [sys.executable, "-c", CHILD, name, work, point, when, str(directory)]
    child = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()


def found(engine) -> set[str]:
    return {hit.key for hit in engine.search(ALL).hits}


@contextmanager
def reopened(name: str, directory: Path) -> Iterator[Engine]:
    """Open what a killed process left behind."""
    with open_engine(name, directory) as engine:
        assert engine.health().state is HealthState.OK
        yield engine


@pytest.fixture
def directory(tmp_path, name):
    with open_engine(name, tmp_path / "index") as engine:
        engine.rebuild(ARTICLES)
    return tmp_path / "index"


@pytest.mark.parametrize(("name", "point", "when"), POINTS)
def test_killed_in_an_update(directory, name, point, when):
    run_and_kill(name, "update", point, when, directory)
    with reopened(name, directory) as engine:
        assert found(engine) in (OLD, UPDATED)
        engine.update([document("e", "new fan")], ["a"])
        assert found(engine) == UPDATED
        assert engine.health().state is HealthState.OK


@pytest.mark.parametrize(("name", "point", "when"), REBUILD_POINTS)
def test_killed_in_a_rebuild(directory, name, point, when):
    run_and_kill(name, "rebuild", point, when, directory)
    with reopened(name, directory) as engine:
        assert found(engine) in (OLD, REBUILT)
        engine.rebuild([document("new", "fan")])
        assert found(engine) == REBUILT
        assert len(list(directory.glob("gen-*"))) <= 2


@pytest.mark.parametrize(
    ("name", "point"),
    [("whoosh", "whoosh.index.TOC.write"), ("tantivy", "portal.search.engine.tantivy.engine.commit")],
)
def test_killed_while_another_process_searches(directory, name, point):
    with open_engine(name, directory) as reader:
        assert found(reader) == OLD
        run_and_kill(name, "update", point, "after", directory)
        assert found(reader) in (OLD, UPDATED)
        reader.update([document("f", "later")])
        assert found(reader) in (OLD | {"f"}, UPDATED | {"f"})
