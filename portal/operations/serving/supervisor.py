"""Keep the process that holds Django running (``manage.py serve``); this one uses the standard library only.

    supervisor ── loader (Django) ─┬─ web ── web worker (granian)
                                   └─ tasks (db_worker)

The loader reads the code once and forks the others, which share its memory. Whoever dies is started again: the web
worker by the web process, web and tasks by the loader, the loader by the supervisor. Who loses its parent ends.
"""

import argparse
import errno
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from portal.config.addresses import served_url
from portal.operations.serving.linux import end_with_parent, set_process_name
from portal.operations.serving.pauses import Pauses

PROJECT = Path(__file__).resolve().parents[3]
#: Seconds the loader gets to stop its children and end.
STOP_WITHIN = 25.0
#: Seconds a new loader gets to answer before a reload is given up.
READY_WITHIN = 120.0
LOOK_EVERY = 0.2


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the arguments of ``manage.py serve``."""
    parser = argparse.ArgumentParser(
        prog="manage.py serve", description="Serve the portal and work off background tasks until stopped."
    )
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--threads", type=int, default=4, help="requests answered at the same time")
    parser.add_argument("--no-worker", action="store_true", help="no task worker (it runs elsewhere)")
    parser.add_argument("--skip-checks", action="store_true", help="start without Django's system checks")
    return parser


def main(given: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; SIGHUP loads the code again and goes on answering meanwhile.

    A connection that waits for the old process in the moment it ends is cut: Linux gives each of the two listening
    sockets its own queue. Whoever asks again is answered; the proxy does so by itself.

    Args:
        given: command line after ``serve``.

    Returns:
        Exit code: 0 after a stop, 1 when the port is taken or the portal could not be started.
    """
    options = arguments().parse_args(given)
    problem = port_problem(options.address, options.port)
    if problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    set_process_name("portal-serve")
    if not os.environ.get("PUBLIC_URL"):
        os.environ["PUBLIC_URL"] = served_url(options.address, options.port)  # links lead to what is served
    return Supervisor(list(given)).run()


def port_problem(address: str, port: int) -> str:
    """Return a sentence that says why nothing can listen there, or an empty string.

    The web server shares its port with others of the same user (SO_REUSEPORT), so it would not notice itself.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"Port {port} on {address} is in use by another program. Stop it, or choose another: --port."
            return f"Cannot listen on {address} port {port}: {error.strerror}."
    return ""


class Supervisor:
    """Starts the loader, starts it again when it dies, replaces it on SIGHUP, ends it on SIGTERM and SIGINT.

    Args:
        given: command line after ``serve``, passed on.
    """

    def __init__(self, given: list[str]) -> None:
        self.given = given
        self.stopping = threading.Event()
        self.reloading = threading.Event()
        self.pauses = Pauses()
        self.is_ready = False

    def run(self) -> int:
        """Watch until stopped; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._reload)
        self.loader, self.ready = self._start("--welcome")
        try:
            return self._watch()
        finally:
            end(self.loader)

    def _watch(self) -> int:
        while not self.stopping.wait(LOOK_EVERY):
            self.is_ready = self.is_ready or _says_ready(self.ready, 0)
            code = self.loader.poll()
            if code is not None:
                if code > 0 and not self.is_ready:  # it has said what is wrong, and would say it again
                    return code
                pause = self.pauses.after_death()
                sys.stderr.write(f"The portal's process ended with code {code}; starting it again in {pause:g} s.\n")
                if self.stopping.wait(pause):
                    break
                self._replace(*self._start())
            elif self.reloading.is_set():
                self.reloading.clear()
                self._load_again()
        return 0

    def _load_again(self) -> None:
        """Start a second loader beside the first, which ends when the second answers requests."""
        loader, ready = self._start()
        until = time.monotonic() + READY_WITHIN
        while not _says_ready(ready, LOOK_EVERY):
            if loader.poll() is not None or time.monotonic() > until or self.stopping.is_set():
                sys.stderr.write("The new code does not start; the portal goes on with what it runs.\n")
                end(loader)
                os.close(ready)
                return
        old = self.loader
        self._replace(loader, ready)
        end(old)

    def _replace(self, loader: "subprocess.Popen[bytes]", ready: int) -> None:
        os.close(self.ready)
        self.loader, self.ready = loader, ready
        self.pauses.started()

    def _start(self, *more: str) -> "tuple[subprocess.Popen[bytes], int]":
        readable, writable = os.pipe()
        command = [sys.executable, "-m", "django", "serve_loaded", *self.given, *more, "--ready", str(writable)]
        path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
        environment = {"DJANGO_SETTINGS_MODULE": "portal.settings", **os.environ, "PYTHONPATH": path}
        # A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops all in order.
        loader = subprocess.Popen(  # noqa: S603
            command, env=environment, start_new_session=True, preexec_fn=end_with_parent, pass_fds=[writable]
        )
        os.close(writable)
        return loader, readable

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _reload(self, number: int, frame: FrameType | None) -> None:
        self.reloading.set()


def end(process: "subprocess.Popen[bytes]") -> None:
    """Ask a process to end, and after :data:`STOP_WITHIN` seconds make it."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _says_ready(pipe: int, seconds: float) -> bool:
    readable, _writable, _failed = select.select([pipe], [], [], seconds)
    return bool(readable) and os.read(pipe, 1) != b""
