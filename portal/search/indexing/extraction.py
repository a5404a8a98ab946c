"""Extract the text of uploaded files in a subprocess (`text_readers`) with limits of time and memory.

What a hostile file makes of a parser ends there, and what was read until then is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import IO

from portal.content.sandbox import run_apart

#: Endings of the files that hold text.
READABLE = frozenset({".pdf", ".docx", ".pptx", ".xlsx", ".txt", ".csv"})
#: Seconds that reading one file may take in all.
MAX_SECONDS = 120.0
#: Ends a page in the text of a file that has pages.
PAGE_END = "\f"


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
    module = f"{__package__}.text_readers"
    code, output, complaint = run_apart(module, [ending], content, max_seconds=MAX_SECONDS, meanwhile=meanwhile)
    text = output.decode("utf-8", errors="ignore").strip("\n")
    if code and not text:
        raise UnreadableFile(complaint[:200] or f"reading it ended with code {code}")
    return text
