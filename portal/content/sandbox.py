"""Run a parser of foreign files in a process of its own, with limits of time and memory.

What a hostile file makes of a parser ends there. The module sets its limits itself with :func:`confine`.
"""

import logging
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import IO

#: Seconds between two looks at what else is to be done meanwhile.
POLL_SECONDS = 0.5


def run_apart(
    module: str,
    arguments: list[str],
    content: IO[bytes],
    *,
    max_seconds: float,
    meanwhile: Callable[[], object] = lambda: None,
) -> tuple[int, bytes, str]:
    """Run ``python -m module`` on a file; return its exit code, what it wrote, and what it complained of.

    Args:
        module: reads standard input and writes its result to standard output.
        content: the file on disk, with a descriptor.
        max_seconds: after them it is killed; what it wrote until then is returned.
        meanwhile: called every :data:`POLL_SECONDS` until it ends.
    """
    content.seek(0)
    command = command_of(module, arguments)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    deadline = time.monotonic() + max_seconds
    with subprocess.Popen(  # noqa: S603
        command, env=environment, stdin=content, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            while True:
                try:
                    output, complaint = process.communicate(timeout=POLL_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    meanwhile()
                    if time.monotonic() > deadline:
                        process.kill()
        finally:
            process.kill()
    return process.returncode, output, complaint.decode("utf-8", errors="replace").strip()


def command_of(module: str, arguments: list[str]) -> list[str]:
    """Return the command that runs a module by this interpreter."""
    # -P: the current directory stays off the path, whose modules would hide those of the same name.
    return [sys.executable, "-P", "-m", module, *arguments]


def confine(*, cpu_seconds: int, memory: int) -> None:
    """Limit this process, called by the module that parses.

    Args:
        memory: bytes of address space.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # Whoever waits for a page goes first.
    os.nice(10)
    # A parser may complain about every object of a broken file.
    logging.disable()
