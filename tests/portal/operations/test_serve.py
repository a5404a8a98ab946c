"""``manage.py serve``: whoever is killed is started again, all end together."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import _template
from tests.servers import ROOT, free_port, wait_for_port

NAMES = {"portal-loader", "portal-web", "portal-worker", "portal-tasks"}


def processes_below(pid):
    """Return the processes that stem from one, by the name each gave itself."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                yield Path(f"/proc/{child}/comm").read_text().strip(), int(child)
            yield from processes_below(child)


def all_processes(process, besides=()):
    """Wait until all four run, none of them one of ``besides``; return them by name."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = dict(processes_below(process.pid))
        if found.keys() == NAMES and not set(found.values()) & set(besides):
            return found
        time.sleep(0.1)
    raise AssertionError(f"these run: {found}")


def answers(port, seconds=60):
    """Return the status of /healthz as soon as there is one."""
    until = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                return answer.status
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def has_ended(pid):
    """Wait until a process is gone; a zombie that nobody waits for has ended too."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


def has_gone(pid):
    """Whether no process has this number any more."""
    return not Path(f"/proc/{pid}").exists()


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
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_for_port(port, process)
        yield process, port
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=90)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_whoever_is_killed_is_started_again(served, name):
    process, port = served
    first = all_processes(process)
    os.kill(first[name], signal.SIGKILL)
    second = all_processes(process, besides=[first[name]])
    assert answers(port) == 200
    assert second[name] != first[name]
    assert process.poll() is None


def test_stop_ends_all_cleanly(served):
    process, port = served
    running = all_processes(process)
    assert answers(port) == 200
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert [has_ended(pid) for pid in running.values()] == [True] * 4


def test_reload_replaces_the_loaded_code_and_goes_on_answering(served):
    process, port = served
    first = all_processes(process)
    process.send_signal(signal.SIGHUP)
    statuses = set()
    until = time.monotonic() + 90
    while not has_gone(first["portal-loader"]) and time.monotonic() < until:
        # Asked once more, as the proxy does, where the connection waited for the process that ended.
        statuses.add(answers(port, seconds=0.05))
    assert statuses == {200}
    assert all_processes(process, besides=first.values())
    assert answers(port) == 200


def test_killed_outright_it_leaves_nothing_behind(served):
    process, _port = served
    running = all_processes(process)
    process.kill()
    # The children hold the other end of this pipe: it closes when the last of them is gone.
    process.communicate(timeout=90)
    assert process.returncode == -signal.SIGKILL
    assert [has_ended(pid) for pid in running.values()] == [True] * 4


def test_serving_itself_loads_no_django():
    code = "import sys; import portal.operations.serving.supervisor; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_port_in_use_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert (
        done.stderr == f"Port {port} on 127.0.0.1 is in use by another program. Stop it, or choose another: --port.\n"
    )


def test_two_portals_do_not_share_a_port(served):
    _process, port = served
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, "is in use" in done.stderr) == (1, True)


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
