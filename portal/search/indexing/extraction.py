"""The text of uploaded files, for search: PDF, Word, PowerPoint, Excel, plain text.

Run as a program it reads a file from its standard input within limits of time and memory: what a hostile file makes
of a parser ends there, and what was read until then is kept.
"""

from __future__ import annotations

import codecs
import html
import logging
import os
import re
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import PurePath
from typing import IO, BinaryIO

#: Characters kept of one file, pages read of a PDF, and bytes unpacked of an office file (a small archive may hold
#: gigabytes).
MAX_CHARACTERS = 1_500_000
MAX_PAGES = 400
MAX_UNPACKED = 60 * 1024 * 1024
#: What reading one file may take: seconds of CPU, seconds in all, bytes of memory.
MAX_CPU_SECONDS = 60
MAX_SECONDS = 120.0
MAX_MEMORY = 1024 * 1024 * 1024
#: Seconds between two looks at what else is to be done meanwhile.
POLL_SECONDS = 0.5
#: Ends a page in the text of a file that has pages.
PAGE_END = "\f"
#: A line at least this wide beside the widest of its page was broken to fit it.
FULL_LINE = 0.85
# Without the directory of this file on the path, whose modules would hide those of the same name.
_COMMAND = [sys.executable, "-P", __file__]
#: The parts of an office file that hold its text, and the elements in them.
_OFFICE_PARTS = {
    ".docx": (re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml"), re.compile(r"</w:p>")),
    ".pptx": (re.compile(r"ppt/(slides|notesSlides)/\w+\.xml"), re.compile(r"</a:p>")),
    ".xlsx": (re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"), re.compile(r"</(?:si|c)>")),
}
#: What stands before a number in a name, and the number: slide2 comes before slide10.
_NUMBERED = re.compile(r"([^0-9]*)([0-9]*)")
_TEXT_ELEMENT = re.compile(r"<(?:w:|a:|x:)?t(?:\s[^>]*)?>([^<]*)</")


class UnreadableFile(Exception):
    """The file is damaged, encrypted, too much work, or not what its name says."""


def read_apart(name: str, content: IO[bytes], meanwhile: Callable[[], object]) -> str:
    """Return the text of a file read by a process of its own, within limits; see `extract_text`.

    Args:
        name: file name; its ending says the kind.
        content: the file on disk, with a descriptor.
        meanwhile: called every `POLL_SECONDS` until it is read.

    Raises:
        UnreadableFile: nothing of it can be read.
    """
    if _ending(name) not in _READERS:
        return ""
    content.seek(0)
    command = [*_COMMAND, _ending(name)]
    deadline = time.monotonic() + MAX_SECONDS
    with subprocess.Popen(command, stdin=content, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # noqa: S603
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


def extract_text(name: str, content: BinaryIO) -> str:
    """Return the text of a file, at most `MAX_CHARACTERS`; empty for kinds that hold none.

    Args:
        name: file name; its ending says the kind.
        content: the file, opened for reading bytes.

    Returns:
        One paragraph a line; each page of a PDF ends with `PAGE_END`.

    Raises:
        UnreadableFile: it cannot be read.
    """
    return "".join(_pieces(name, content)).strip("\n")


def _pieces(name: str, content: BinaryIO) -> Iterator[str]:
    """Yield the text as it is read."""
    reader = _READERS.get(_ending(name))
    left = MAX_CHARACTERS
    try:
        for part in reader(_ending(name), content) if reader else ():
            piece = _tidy(part)[:left]
            left -= len(piece)
            yield piece + (PAGE_END if reader is _pdf else "\n" if piece else "")
            if left <= 0:
                break
    except UnreadableFile:
        raise
    except Exception as error:  # what a broken file makes of a parser is without limit
        raise UnreadableFile(f"{name}: {error}") from error


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()).replace("\x00", "")


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower() or name


def _pdf(ending: str, content: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(content)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile("the PDF asks for a password")
    for page in reader.pages[:MAX_PAGES]:
        yield _paragraphs(page.extract_text())


def _paragraphs(text: str) -> str:
    """Undo the line breaks that only fit a Chinese paragraph to its page, which would part its words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    full = FULL_LINE * max(map(_width, lines), default=0)
    joined = ""
    for line, following in pairwise([*lines, ""]):
        goes_on = _width(line) >= full and _is_han(line[-1:]) and _is_han(following[:1])
        joined += line if goes_on else f"{line}\n"
    return joined


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _is_han(character: str) -> bool:
    """A character of a word, or a comma within a sentence."""
    return "\u3400" <= character <= "\u9fff" or character in set("，、；")


def _office(ending: str, content: BinaryIO) -> Iterator[str]:
    wanted, paragraph = _OFFICE_PARTS[ending]
    with zipfile.ZipFile(content) as archive:
        parts = [info for info in archive.infolist() if wanted.fullmatch(info.filename)]
        if sum(info.file_size for info in parts) > MAX_UNPACKED:
            raise UnreadableFile("unpacked, the file is too large")
        for info in sorted(parts, key=lambda part: _place(part.filename)):
            with archive.open(info) as stream:
                text = stream.read(MAX_UNPACKED).decode("utf-8", errors="replace")
            for piece in paragraph.split(text):
                yield html.unescape("".join(_TEXT_ELEMENT.findall(piece)))


def _place(name: str) -> list[tuple[str, int]]:
    return [(text, int(number or 0)) for text, number in _NUMBERED.findall(name)]


def _plain(ending: str, content: BinaryIO) -> Iterator[str]:
    head = content.read(MAX_CHARACTERS * 4)
    is_whole = len(head) < MAX_CHARACTERS * 4
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            yield codecs.getincrementaldecoder(encoding)().decode(head, final=is_whole)
            return
        except UnicodeDecodeError:
            continue


_READERS: dict[str, Callable[[str, BinaryIO], Iterator[str]]] = {
    ".pdf": _pdf,
    ".docx": _office,
    ".pptx": _office,
    ".xlsx": _office,
    ".txt": _plain,
    ".csv": _plain,
}


def _main(ending: str) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    # Whoever searches meanwhile goes first.
    os.nice(10)
    # A parser may complain about every object of a broken file.
    logging.disable()
    try:
        for piece in _pieces(ending, sys.stdin.buffer):
            sys.stdout.buffer.write(piece.encode("utf-8", errors="replace"))
            sys.stdout.buffer.flush()
    except UnreadableFile as error:
        sys.exit(str(error))


if __name__ == "__main__":
    _main(sys.argv[1])
