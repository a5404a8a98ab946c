"""Real servers for tests and benches: started here on free ports, stopped at the end, nothing left behind."""

import contextlib
import datetime as dt
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """Return a TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, process: subprocess.Popen, seconds: float = 60) -> None:
    """Return when something listens on ``port``.

    Raises:
        RuntimeError: when the process ends first or ``seconds`` have passed.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing listens on port {port}")


def postgres_binaries() -> Path | None:
    """Return the directory of the newest PostgreSQL installed, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Run a private PostgreSQL cluster; yield its DATABASE_URL.

    PostgreSQL refuses to run as root, so root hands the cluster to the ``postgres`` user.
    """
    binaries = postgres_binaries()
    if binaries is None:
        raise RuntimeError("No PostgreSQL server is installed (Debian: apt-get install postgresql).")
    directory = Path(tempfile.mkdtemp(prefix="dutyready-pg-"))
    port = free_port()
    user: dict = {}
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(directory, account.pw_uid, account.pw_gid)
        user = {"user": account.pw_uid, "group": account.pw_gid}
    quiet = {"stdout": subprocess.DEVNULL, "cwd": directory, **user}
    server = None
    try:
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                directory / "data",
                "-U",
                "portal",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            **quiet,
        )
        server = subprocess.Popen(
            [
                binaries / "postgres",
                "-D",
                directory / "data",
                "-p",
                str(port),
                "-k",
                directory,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "logging_collector=off",
                "-c",
                "log_min_messages=panic",
            ],
            stderr=subprocess.DEVNULL,
            **quiet,
        )
        wait_for_port(port, server)
        yield f"postgres://portal@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            server.terminate()
            server.wait(30)
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """Run a private Redis without persistence; yield its CACHE_URL."""
    port = free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_port(port, server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(30)


@contextlib.contextmanager
def portal(state: Path, clock: dt.datetime | None = None) -> Iterator[str]:
    """Run the portal as ``make demo`` does on the state in ``state``; yield its address.

    Args:
        clock: the moment its clock shows at the start and runs on from, for walks that last days.
    """
    with portal_process(state, clock) as (address, _stop, _start):
        yield address


@contextlib.contextmanager
def portal_process(
    state: Path, clock: dt.datetime | None = None
) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Run the portal as :func:`portal` does; yield its address and what stops and starts it there again."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    environment = server_environment(state) | {"PUBLIC_URL": address}
    if clock is not None:
        environment |= shifted_clock(clock)
    running: list[subprocess.Popen] = []
    with (state / "server.log").open("wb") as log:

        def start() -> None:
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
            running.append(server)
            wait_for_port(port, server)

        def stop() -> None:
            while running:
                server = running.pop()
                server.terminate()
                server.wait(30)

        try:
            start()
            yield address, stop, start
        finally:
            stop()


def shifted_clock(moment: dt.datetime) -> dict[str, str]:
    """Return the environment in which a Python program's clock starts at ``moment`` and runs on."""
    seconds = (moment - dt.datetime.now(dt.UTC)).total_seconds()
    return {"CLOCK_SHIFT_SECONDS": str(seconds), "PYTHONPATH": str(ROOT / "tests" / "e2e" / "clock")}


def server_environment(state: Path) -> dict[str, str]:
    """Return the environment of a portal process of its own: none of the test run's settings."""
    ours = {
        "DJANGO_SETTINGS_MODULE",
        "TASKS_BACKEND",
        "SECRET_KEY",
        "DATABASE_URL",
        "CACHE_URL",
        "LOG_LEVEL",
        "VAR_DIR",
    }
    return {name: value for name, value in os.environ.items() if name not in ours} | {"VAR_DIR": str(state)}


@contextlib.contextmanager
def empty_state() -> Iterator[Path]:
    """Yield a fresh copy of what ``make setup`` leaves: a portal with nobody in it. It is prepared once and kept."""
    with _copy_of(_empty_base()) as copy:
        yield copy


@contextlib.contextmanager
def demo_state(*, all_articles: bool = False) -> Iterator[Path]:
    """Yield a fresh copy of a state with the demo data in it; the original is prepared once and kept.

    Args:
        all_articles: also the fault articles of the other trades, where a code means different things.
    """
    empty, base = _empty_base(), ROOT / "var" / "e2e-base"
    stamp = ".prepared"
    if not (base / stamp).exists() or (base / stamp).read_bytes() != (empty / stamp).read_bytes():
        shutil.rmtree(base, ignore_errors=True)
        shutil.copytree(empty, base)
    _prepare(base, "demo")
    with _copy_of(base) as copy:
        if all_articles:
            command = [sys.executable, "manage.py", "load_demo", "--all-articles", "--skip-checks"]
            subprocess.run(command, cwd=ROOT, env=server_environment(copy), check=True)
        yield copy


def _empty_base() -> Path:
    base = ROOT / "var" / "e2e-empty"
    _prepare(base)
    return base


def _prepare(state: Path, *what: str) -> None:
    subprocess.run(["sh", "deploy/prepare.sh", *what], cwd=ROOT, env=server_environment(state), check=True)


@contextlib.contextmanager
def _copy_of(base: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="e2e-", dir=base.parent) as directory:
        copy = Path(directory) / "state"
        shutil.copytree(base, copy)
        yield copy
