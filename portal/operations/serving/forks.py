"""Fork web server and task worker from a process that has loaded Django, and start again whichever dies."""

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from portal.operations.serving.linux import end_with_parent, set_process_name
from portal.operations.serving.pauses import Pauses

logger = logging.getLogger(__name__)

STOP_WITHIN = 20.0
LOOK_EVERY = 0.2
WORKER_KILL_TIMEOUT = 10


def load_everything() -> None:
    """Import what requests need (settings and models are loaded), so that the forks share it."""
    import_module(settings.ROOT_URLCONF)
    connections.close_all()
    gc.collect()
    gc.freeze()  # the collector writes to every object it looks at, which would copy the shared pages


class Forks:
    """Children of this process by name, each running one function.

    Args:
        programs: what each child does until it is told to end.
    """

    def __init__(self, programs: dict[str, Callable[[], object]]) -> None:
        self.programs = programs
        self.running: dict[int, str] = {}
        self.pauses = {name: Pauses() for name in programs}
        self.stopping = threading.Event()

    def run(self) -> None:
        """Start all, and start again those that end, until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        due = dict.fromkeys(self.programs, 0.0)
        while not self.stopping.is_set():
            for name in [name for name, moment in due.items() if moment <= time.monotonic()]:
                del due[name]
                self._start(name)
            self.stopping.wait(LOOK_EVERY)
            due |= {name: time.monotonic() + self._pause(name, status) for name, status in self._ended()}
        self._end()

    def _pause(self, name: str, status: int) -> float:
        pause = self.pauses[name].after_death()
        code = os.waitstatus_to_exitcode(status)
        logger.error("The process %s ended with code %d; starting it again in %g s", name, code, pause)
        return pause

    def _start(self, name: str) -> None:
        self.pauses[name].started()
        pid = os.fork()
        if not pid:
            self._become(name)
        self.running[pid] = name

    def _become(self, name: str) -> NoReturn:
        """Run a child's program; never return to what the parent was doing."""
        code = 1
        try:
            end_with_parent()
            set_process_name(f"portal-{name}")
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            self.programs[name]()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            logger.exception("The process %s failed", name)
        finally:
            logging.shutdown()
            sys.stdout.flush()
            os._exit(code)

    def _ended(self) -> list[tuple[str, int]]:
        ended = []
        for pid in list(self.running):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                ended.append((self.running.pop(pid), status))
        return ended

    def _end(self) -> None:
        for pid in self.running:
            os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + STOP_WITHIN
        while self.running and time.monotonic() < until:
            self._ended()
            time.sleep(0.05)
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def serve_web(address: str, port: int, threads: int, ready: int | None) -> None:
    """Serve requests with granian: this process starts its worker, and starts it again when it dies.

    Args:
        threads: requests answered at the same time.
        ready: descriptor written to when the worker has loaded, or None.
    """
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "portal.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        websockets=False,
        workers_kill_timeout=WORKER_KILL_TIMEOUT,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=partial(_load_application, ready=ready), wrap_loader=False)


def _load_application(ready: int | None) -> Any:
    """Load the WSGI application; runs in the worker, whose threads and finalisers must be its own."""
    end_with_parent()
    set_process_name("portal-worker")
    application = import_module("portal.wsgi").application
    if ready is not None:
        os.write(ready, b"1")
    return application


def work_off_tasks() -> None:
    """Run the task worker until it is told to end.

    Without reload: the reloader is a process of its own and would outlive one that is killed.
    """
    call_command("db_worker", startup_delay=False, reload=False)
