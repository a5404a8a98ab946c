"""Serve the portal on one machine: the web server and the task worker, started and stopped together."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from portal.config.addresses import served_url
from portal.content.home import role_labels
from portal.demo.loaders import DEMO_PASSWORD, demo_sign_ins
from portal.models import Person

STOP_WITHIN_SECONDS = 20
# A worker that dies is started again, each time it dies at once after twice as long: starting costs seconds of CPU.
RESTART_AFTER_SECONDS = 2
RESTART_AT_MOST_AFTER_SECONDS = 120
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _end_with_parent() -> None:
    """Ask Linux to stop this child when its parent dies, even by SIGKILL; elsewhere it stays until stopped."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Command(BaseCommand):
    """granian (WSGI, one worker, several threads) and ``db_worker`` as children of one process.

    SIGTERM and SIGINT stop both, SIGHUP reloads the web server without dropping a request; a worker that dies is
    started again, a web server that dies ends the command with its exit code.
    """

    help = "Serve the portal and work off background tasks until stopped."

    def add_arguments(self, parser: Any) -> None:
        """Where to listen and how many requests at once."""
        parser.add_argument("--address", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--threads", type=int, default=4, help="requests answered at the same time")
        parser.add_argument("--no-worker", action="store_true", help="no task worker (it runs elsewhere)")

    def execute(self, *args: Any, **options: Any) -> Any:
        """Let links lead to the address served where no public one is set, here and in both children."""
        if not settings.PUBLIC_URL_IS_SET:
            settings.PUBLIC_URL = os.environ["PUBLIC_URL"] = served_url(options["address"], options["port"])
            settings.PUBLIC_URL_IS_SET = True
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, watch, stop."""
        manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
        if not settings.DEBUG and not manifest.exists():
            raise CommandError("Static files are not collected yet: run `make setup` (or `manage.py collectstatic`).")
        self.stopping = threading.Event()
        self.web = self._start(self._web_command(options))
        self.worker = None if options["no_worker"] else self._start(self._worker_command())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGHUP, self._reload)
        self._welcome(options)
        try:
            self._watch()
        finally:
            self._end()
        if self.web.returncode not in (0, -signal.SIGTERM) and not self.stopping.is_set():
            raise CommandError(f"The web server ended with code {self.web.returncode}.")

    def _web_command(self, options: dict[str, Any]) -> list[str]:
        return [
            *(sys.executable, "-m", "granian", "--interface", "wsgi"),
            *("--host", options["address"], "--port", str(options["port"])),
            *("--workers", "1", "--blocking-threads", str(options["threads"])),
            *("--workers-kill-timeout", "10s", "--no-ws", "--log-level", "warning"),
            "portal.wsgi:application",
        ]

    def _worker_command(self) -> list[str]:
        # Without reload: the reloader is a process of its own and would outlive one that is killed.
        quickly = ("--no-startup-delay", "--no-reload")
        return [sys.executable, "-m", "django", "db_worker", *quickly, "--settings", "portal.settings"]

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C in the terminal reaches this process alone, which then stops both in order.
        return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def _reload(self, number: int, frame: FrameType | None) -> None:
        self.web.send_signal(signal.SIGHUP)

    def _watch(self) -> None:
        """Return after a signal to stop, or when the web server has ended."""
        pause, started = RESTART_AFTER_SECONDS, time.monotonic()
        while not self.stopping.wait(0.5) and self.web.poll() is None:
            if self.worker is None or self.worker.poll() is None:
                continue
            lived = time.monotonic() - started
            pause = RESTART_AFTER_SECONDS if lived > RESTART_AT_MOST_AFTER_SECONDS else pause
            self.stderr.write(f"The task worker ended with code {self.worker.returncode}; starting it again.")
            if self._wait(pause):
                self.worker, started = self._start(self._worker_command()), time.monotonic()
            pause = min(pause * 2, RESTART_AT_MOST_AFTER_SECONDS)

    def _wait(self, seconds: float) -> bool:
        """Wait, but not longer than the web server lives; return whether to go on."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.stopping.wait(0.5) or self.web.poll() is not None:
                return False
        return True

    def _end(self) -> None:
        children = [child for child in (self.web, self.worker) if child is not None and child.poll() is None]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + STOP_WITHIN_SECONDS
        for child in children:
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def _welcome(self, options: dict[str, Any]) -> None:
        """Print the portal's address and who can sign in: the demo people, or how to create the first administrator."""
        self.stdout.write(self.style.SUCCESS(f"上岗通  http://{options['address']}:{options['port']}/  (Ctrl-C stops)"))
        try:
            people = list(demo_sign_ins())
            is_empty = not Person.objects.exists()
        except DatabaseError:
            return
        if is_empty:
            self.stdout.write(
                "Nobody is entered yet. Make the first administrator: .venv/bin/python manage.py createsuperuser"
            )
        if people:
            self.stdout.write(f"Demo people, password {DEMO_PASSWORD}:")
        for person in people:
            place = person.organisation.name if person.organisation else ""
            self.stdout.write(f"  {person.staff_number}  {person.name}  {'、'.join(role_labels(person))}  {place}")
