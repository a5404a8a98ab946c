"""Killed at any point, the writer leaves changes in the outbox until they are in every index, and no lock behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from portal.models import SearchOutbox
from portal.search.engine.base import EngineUnavailable
from portal.search.engine.embedded import EmbeddedEngine
from portal.search.engine.rebuilding import GenerationRebuild
from portal.search.indexing import writer
from portal.search.indexing.indexes import all_indexes
from tests.portal.search.books import book_search, found, make_book

pytestmark = pytest.mark.engines
ROOT = Path(__file__).resolve().parents[4]

HOLDER = """
import os, signal
import django
django.setup()
from portal.search.indexing import writer
with writer._file_lock():
    os.kill(os.getpid(), signal.SIGKILL)
"""


class Killed(BaseException):
    """Nothing of ours catches it: what a killed process had not done by then stays undone."""


def dying(monkeypatch, owner, name: str, when: str, calls: int) -> None:
    """Die before or after so many calls of a function."""
    original, left = getattr(owner, name), [calls]

    def call(*args, **kwargs):
        left[0] -= 1
        if not left[0] and when == "before":
            raise Killed
        result = original(*args, **kwargs)
        if not left[0]:
            raise Killed
        return result

    monkeypatch.setattr(owner, name, call)


@pytest.fixture
def waiting(index, committed, monkeypatch):
    """A changed book no task has written yet."""
    monkeypatch.setattr(writer.write_changes_task.__class__, "enqueue", lambda *args, **kwargs: None)
    with committed():
        return make_book("压缩机")


@pytest.mark.parametrize(
    ("owner", "name", "when", "calls"),
    [
        (EmbeddedEngine, "update", "before", 1),
        (EmbeddedEngine, "update", "after", 1),
        (EmbeddedEngine, "update", "after", 2),
        (SearchOutbox.objects, "bulk_update", "before", 1),
        (SearchOutbox.objects, "bulk_update", "after", 1),
    ],
)
def test_killed_while_changes_are_written(index, waiting, owner, name, when, calls):
    with pytest.MonkeyPatch.context() as patch:
        dying(patch, owner, name, when, calls)
        with pytest.raises(Killed):
            writer.write_changes()
    assert SearchOutbox.objects.waiting().exists() == ((name, when) != ("bulk_update", "after"))
    writer.write_changes()
    assert not SearchOutbox.objects.waiting().exists()
    assert len(found(index, "压缩")) == 2
    assert [result.pk for result in book_search("压缩机")] == [waiting.pk]


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_the_writer_repairs(index, waiting, when):
    def broken(*args):
        raise EngineUnavailable("broken")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EmbeddedEngine, "update", broken)
        dying(patch, GenerationRebuild, "commit", when, 1)
        with pytest.raises(Killed):
            writer.write_changes()
    assert SearchOutbox.objects.waiting().exists()
    writer.write_changes()
    assert len(found(index, "压缩")) == 2


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_everything_is_rebuilt(index, waiting, when):
    with pytest.MonkeyPatch.context() as patch:
        dying(patch, GenerationRebuild, "commit", when, len(all_indexes()))
        with pytest.raises(Killed):
            writer.rebuild_all()
    assert SearchOutbox.objects.waiting().exists()
    writer.rebuild_all()
    assert not SearchOutbox.objects.waiting().exists()
    assert len(found(index, "压缩")) == 2


def test_a_killed_writer_leaves_no_lock(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    environment = os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    child = subprocess.run([sys.executable, "-c", HOLDER], cwd=ROOT, env=environment, capture_output=True, timeout=60)
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()
    assert (tmp_path / "search-writer.lock").exists()
    monkeypatch.setattr(writer, "LOCK_TIMEOUT", 0.0)
    with writer._file_lock():
        pass
