"""Killed at any point, an index is the old one or the new one, can be searched and can be written."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.search.engine import EngineQuery, HealthState
from portal.search.engine import expressions as ex
from tests.search.engines_of_tests import ARTICLES, document, whoosh_engine

ROOT = Path(__file__).resolve().parent.parent.parent
ALL = EngineQuery(ex.MatchAll(), limit=100)
OLD = {"a", "b", "c", "d"}
UPDATED = {"b", "c", "d", "e"}
REBUILT = {"new"}

#: Where a process kills itself: a function, and whether before or after it.
POINTS = [
    ("whoosh.writing.SegmentWriter.add_document", "after"),
    ("whoosh.writing.SegmentWriter.commit", "before"),
    ("whoosh.writing.SegmentWriter._flush_segment", "after"),
    ("whoosh.index.TOC.write", "before"),
    ("whoosh.index.TOC.write", "after"),
    ("whoosh.index.clean_files", "after"),
    ("portal.search.engine.store.Store.write_manifest", "before"),
    ("portal.search.engine.store._write", "before"),
    ("portal.search.engine.store._write", "after"),
]
REBUILD_POINTS = [
    *POINTS,
    ("portal.search.engine.store.Store.new_generation", "after"),
    ("portal.search.engine.store.Store.swap", "before"),
    ("portal.search.engine.store.Store.swap", "after"),
    ("portal.search.engine.store.Store.sweep", "after"),
]

CHILD = """
import importlib, os, signal, sys
from pathlib import Path
from tests.search.engines_of_tests import document, whoosh_engine

work, point, when, directory = sys.argv[1:]
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

engine = whoosh_engine(Path(directory))
setattr(owner, name, dying)
if work == "update":
    engine.update([document("e", "new fan")], ["a"])
else:
    engine.rebuild([document("new", "fan")])
sys.exit(3)
"""


def run_and_kill(work: str, point: str, when: str, directory: Path) -> None:
    """Run a child that kills itself at the point, and make sure it did."""
    command = [sys.executable, "-c", CHILD, work, point, when, str(directory)]
    child = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()


def found(engine) -> set[str]:
    return {hit.key for hit in engine.search(ALL).hits}


@pytest.fixture
def directory(tmp_path):
    engine = whoosh_engine(tmp_path / "index")
    engine.rebuild(ARTICLES)
    engine.close()
    return tmp_path / "index"


@pytest.mark.parametrize(("point", "when"), POINTS)
def test_killed_in_an_update(directory, point, when):
    run_and_kill("update", point, when, directory)
    engine = whoosh_engine(directory)
    assert engine.health().state is HealthState.OK
    assert found(engine) in (OLD, UPDATED)
    engine.update([document("e", "new fan")], ["a"])
    assert found(engine) == UPDATED
    assert engine.health().state is HealthState.OK
    engine.close()


@pytest.mark.parametrize(("point", "when"), REBUILD_POINTS)
def test_killed_in_a_rebuild(directory, point, when):
    run_and_kill("rebuild", point, when, directory)
    engine = whoosh_engine(directory)
    assert engine.health().state is HealthState.OK
    assert found(engine) in (OLD, REBUILT)
    engine.rebuild([document("new", "fan")])
    assert found(engine) == REBUILT
    assert len(list(directory.glob("gen-*"))) <= 2
    engine.close()


def test_killed_while_another_process_searches(directory):
    reader = whoosh_engine(directory)
    assert found(reader) == OLD
    run_and_kill("update", "whoosh.index.TOC.write", "after", directory)
    assert found(reader) in (OLD, UPDATED)
    reader.update([document("f", "later")])
    assert found(reader) in (OLD | {"f"}, UPDATED | {"f"})
    reader.close()
