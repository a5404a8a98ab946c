"""The text of uploaded files, for search: PDF, Word, PowerPoint, Excel, plain text."""

from __future__ import annotations

import html
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import BinaryIO

logger = logging.getLogger(__name__)

#: Characters kept of one file, pages read of a PDF, and bytes unpacked of an office file (a small archive may hold
#: gigabytes).
MAX_CHARACTERS = 200_000
MAX_PAGES = 400
MAX_UNPACKED = 60 * 1024 * 1024
#: The parts of an office file that hold its text, and the elements in them.
_OFFICE_PARTS = {
    ".docx": (re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml"), re.compile(r"</w:p>")),
    ".pptx": (re.compile(r"ppt/(slides|notesSlides)/\w+\.xml"), re.compile(r"</a:p>")),
    ".xlsx": (re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"), re.compile(r"</(?:si|c)>")),
}
_TEXT_ELEMENT = re.compile(r"<(?:w:|a:|x:)?t(?:\s[^>]*)?>([^<]*)</")


class UnreadableFile(Exception):
    """The file is damaged, encrypted or not what its name says."""


def extract_text(name: str, content: BinaryIO) -> str:
    """Return the text of a file, at most `MAX_CHARACTERS`; empty for kinds that hold none.

    Args:
        name: file name; its ending says the kind.
        content: the file, opened for reading bytes.

    Raises:
        UnreadableFile: it cannot be read.
    """
    ending = PurePath(name).suffix.lower()
    reader = _READERS.get(ending)
    if reader is None:
        return ""
    try:
        kept = ""
        for part in reader(ending, content):
            kept += part + "\n"
            if len(kept) >= MAX_CHARACTERS:
                break
    except UnreadableFile:
        raise
    except Exception as error:  # what a broken file makes of a parser is without limit
        raise UnreadableFile(f"{name}: {error}") from error
    return "\n".join(line.strip() for line in kept[:MAX_CHARACTERS].splitlines() if line.strip()).replace("\x00", "")


def _pdf(ending: str, content: BinaryIO) -> Iterator[str]:
    from pypdf import PdfReader

    reader = PdfReader(content)
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile("the PDF asks for a password")
    for page in reader.pages[:MAX_PAGES]:
        yield page.extract_text()


def _office(ending: str, content: BinaryIO) -> Iterator[str]:
    wanted, paragraph = _OFFICE_PARTS[ending]
    with zipfile.ZipFile(content) as archive:
        parts = [info for info in archive.infolist() if wanted.fullmatch(info.filename)]
        if sum(info.file_size for info in parts) > MAX_UNPACKED:
            raise UnreadableFile("unpacked, the file is too large")
        for info in sorted(parts, key=lambda part: part.filename):
            with archive.open(info) as stream:
                text = stream.read(MAX_UNPACKED).decode("utf-8", errors="replace")
            for piece in paragraph.split(text):
                yield html.unescape("".join(_TEXT_ELEMENT.findall(piece)))


def _plain(ending: str, content: BinaryIO) -> Iterator[str]:
    head = content.read(MAX_CHARACTERS * 4)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            yield head.decode(encoding)
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
