"""Extract the text of uploaded files in a subprocess (`text_readers`) with limits of time and memory.

What a hostile file makes of a parser ends there, and what was read until then is kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import PurePath
from typing import IO

#: Endings of the files that hold text.
READABLE = frozenset({".pdf", ".docx", ".pptx", ".xlsx", ".txt", ".csv"})
#: Seconds that reading one file may take in all.
MAX_SECONDS = 120.0
#: Seconds between two looks at what else is to be done meanwhile.
POLL_SECONDS = 0.5
#: Ends a page in the text of a file that has pages.
PAGE_END = "\f"
# -P: the current directory stays off the path, whose modules would hide those of the same name.
_COMMAND = [sys.executable, "-P", "-m", f"{__package__}.text_readers"]


class UnreadableFile(Exception):
    """The file is damaged, encrypted, too much work, or not what its name says."""


def read_apart(name: str, content: IO[bytes], meanwhile: Callable[[], object]) -> str:
    """Return the text of a file, at most `text_readers.MAX_CHARACTERS`; empty for kinds that hold none.

    Args:
        name: file name; its ending says the kind.
        content: the file on disk, with a descriptor.
        meanwhile: called every `POLL_SECONDS` until it is read.

    Returns:
        One paragraph or row a line; each page of a PDF ends with `PAGE_END`.

    Raises:
        UnreadableFile: nothing of it can be read.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in READABLE:
        return ""
    content.seek(0)
    command, environment = [*_COMMAND, ending], {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    deadline = time.monotonic() + MAX_SECONDS
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
    text = output.decode("utf-8", errors="ignore").strip("\n")
    if process.returncode and not text:
        reason = complaint.decode("utf-8", errors="replace").strip()[:200]
        raise UnreadableFile(reason or f"reading it ended with code {process.returncode}")
    return text
