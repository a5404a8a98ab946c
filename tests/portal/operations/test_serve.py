"""``manage.py serve``: web server and worker live and end together."""

import os
import shutil
import signal
import subprocess
import sys
import urllib.request

import pytest

from tests.conftest import _template
from tests.servers import ROOT, free_port, wait_for_port


def children_of(process):
    """Return the command line of each child of a process."""
    listed = subprocess.run(
        ["ps", "--ppid", str(process.pid), "-o", "pid=,args="], capture_output=True, text=True, check=False
    )
    lines = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return {("worker" if "db_worker" in arguments else "web"): int(number) for number, arguments in lines}


@pytest.fixture
def served(tmp_path):
    """A portal served from a migrated database in a folder of its own; yields process and port."""
    if os.environ.get("DATABASE_URL"):
        pytest.fail("this test keeps its own SQLite database; run it without DATABASE_URL")
    shutil.copy(_template(), tmp_path / "portal.sqlite3")
    environment = os.environ | {
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DEBUG": "1",
        "TASKS_BACKEND": "database",
        "LOG_LEVEL": "ERROR",
    }
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--skip-checks", "--port", str(port), "--threads", "2"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for_port(port, process)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=90)


def test_serve_answers_restarts_its_worker_and_stops_both(served):
    process, port = served
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
        assert answer.status == 200
    first = children_of(process)
    assert set(first) == {"web", "worker"}
    os.kill(first["worker"], signal.SIGKILL)
    assert any("starting it again" in line for line in process.stderr)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=90)
    assert process.returncode == 0
    with pytest.raises(ProcessLookupError):
        os.kill(first["web"], 0)


def test_serve_killed_outright_leaves_nothing_behind(served):
    process, _port = served
    process.kill()
    # The children hold the other end of these pipes: they close when the last of them is gone.
    process.communicate(timeout=90)
    assert process.returncode == -signal.SIGKILL


def test_serve_without_static_files_says_what_to_do(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", "--skip-checks"],
        cwd=ROOT,
        env=os.environ | {"VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "portal.settings", "DEBUG": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "make setup" in done.stderr
