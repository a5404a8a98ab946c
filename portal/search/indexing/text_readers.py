"""Command that prints the text of a file: PDF, Word, PowerPoint, Excel, plain text.

    python -m portal.search.indexing.text_readers .docx < FILE

Run by `extraction`, within limits it sets itself; writes what it has read so far, page by page.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, BinaryIO

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from openpyxl import load_workbook
from pptx import Presentation
from pypdf import PdfReader

from portal.content.sandbox import confine
from portal.search.indexing.extraction import PAGE_END, UnreadableFile

#: Characters kept of one file, pages read of a PDF, and bytes unpacked of an office file (a small archive may hold
#: gigabytes).
MAX_CHARACTERS = 1_500_000
MAX_PAGES = 400
MAX_UNPACKED = 60 * 1024 * 1024
#: What reading one file may take: seconds of CPU, bytes of memory.
MAX_CPU_SECONDS = 60
MAX_MEMORY = 1024 * 1024 * 1024
#: A line at least this wide beside the widest of its page was broken to fit it.
FULL_LINE = 0.85
#: Share of characters common in Chinese and English text from which on two-byte text without a mark is believed.
LIKELY = 0.9
SAMPLE = 10_000
_COMMON = re.compile(
    r"[ \t\r\n\f!-~\u00b0-\u00b7\u2010-\u2046\u2100-\u25ff\u3000-\u303f\u3200-\u33ff\u4e00-\u9fff\uff01-\uffe5]"
)
#: Parts of an office file that the libraries need; pictures, films and fonts are not unpacked.
_TEXT_PARTS = (".xml", ".rels")
#: Files saved as "Strict Open XML" name the same elements by other addresses (ISO/IEC 29500-1, Annex A).
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/"
#: Parts of a Word file with text beside the body.
_WORD_PARTS = frozenset({RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER, RELATIONSHIP_TYPE.FOOTNOTES})
_BREAKS = {"p": "\n", "br": "\n", "cr": "\n", "tab": " "}


def extract_text(ending: str, content: BinaryIO) -> Iterator[str]:
    """Yield the text of a file as it is read, at most `MAX_CHARACTERS`.

    Args:
        ending: one of `extraction.READABLE`.
        content: the file, opened for reading bytes.

    Raises:
        UnreadableFile: it cannot be read.
    """
    left = MAX_CHARACTERS
    try:
        for part in READERS[ending](content):
            piece = _tidy(part)[:left]
            left -= len(piece)
            yield piece + (PAGE_END if ending == ".pdf" else "\n" if piece else "")
            if left <= 0:
                break
    except UnreadableFile:
        raise
    except Exception as error:  # what a broken file makes of a parser is without limit
        raise UnreadableFile(f"{type(error).__name__}: {error}") from error


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip()).replace("\x00", "")


def _pdf(content: BinaryIO) -> Iterator[str]:
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


def _word(content: BinaryIO) -> Iterator[str]:
    body = Document(_unpacked(content)).part
    beside = [relation.target_part for relation in body.rels.values() if relation.reltype in _WORD_PARTS]
    for part in (body, *beside):
        yield _element_text(parse_xml(part.blob))


def _slides(content: BinaryIO) -> Iterator[str]:
    for slide in Presentation(_unpacked(content)).slides:
        yield _element_text(slide.element)
        if slide.has_notes_slide:
            yield _element_text(slide.notes_slide.element)


def _sheets(content: BinaryIO) -> Iterator[str]:
    for sheet in load_workbook(_unpacked(content), read_only=True, data_only=True).worksheets:
        # The size a file states may be anything.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(values_only=True):
            yield " ".join(str(value) for value in row if value is not None)


def _unpacked(content: BinaryIO) -> BinaryIO:
    """Return a copy of an office file without what holds no text, for libraries that load every part of it.

    Raises:
        UnreadableFile: it unpacks to more than `MAX_UNPACKED`.
    """
    copy = io.BytesIO()
    with zipfile.ZipFile(content) as archive, zipfile.ZipFile(copy, "w") as unpacked:
        parts = {info.filename: info for info in archive.infolist()}
        read = {name for name in parts if name.lower().endswith(_TEXT_PARTS)}
        if sum(parts[name].file_size for name in read) > MAX_UNPACKED:
            raise UnreadableFile("unpacked, the file is too large")
        for name, info in parts.items():
            # No more is read of a part than it states, which was counted.
            unpacked.writestr(name, _STRICT.sub(_TRANSITIONAL, archive.read(info)) if name in read else b"")
    copy.seek(0)
    return copy


def _element_text(root: Any) -> str:
    """Return the text under an element of a Word or PowerPoint file: tables, text boxes, content controls and all."""
    for repeated in list(root.iter("{*}Fallback")):
        repeated.getparent().remove(repeated)
    return "".join(
        _BREAKS.get(element.tag.rpartition("}")[2]) or element.text or ""
        for element in root.iter("{*}t", *(f"{{*}}{name}" for name in _BREAKS))
    )


def _plain(content: BinaryIO) -> Iterator[str]:
    """Text in UTF-8, GB18030 or UTF-16, which may come without its mark."""
    data = content.read(MAX_CHARACTERS * 4)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield data.decode("utf-16", errors="ignore")
        return
    texts = _decoded(data, "utf-8-sig")
    if not texts or "\x00" in texts[0]:
        texts = texts or _decoded(data, "gb18030")
        # A single byte at the end is what a program of one byte a character added.
        pairs = data[: len(data) // 2 * 2]
        two_bytes = [*_decoded(pairs, "utf-16-le"), *_decoded(pairs, "utf-16-be")]
        texts += [text for text in two_bytes if _likelihood(text) >= LIKELY]
    yield max(texts, key=_likelihood, default="")


def _decoded(data: bytes, encoding: str) -> list[str]:
    """Return the text, or nothing where it is in another encoding; its last character may have been cut."""
    try:
        return [codecs.getincrementaldecoder(encoding)().decode(data, final=len(data) < MAX_CHARACTERS * 4)]
    except UnicodeDecodeError:
        return []


def _likelihood(text: str) -> float:
    sample = text[:SAMPLE]
    return len(_COMMON.findall(sample)) / len(sample) if sample else 0.0


READERS: dict[str, Callable[[BinaryIO], Iterator[str]]] = {
    ".pdf": _pdf,
    ".docx": _word,
    ".pptx": _slides,
    ".xlsx": _sheets,
    ".txt": _plain,
    ".csv": _plain,
}


def main(ending: str) -> None:
    """Write the text of standard input to standard output, within limits of time and memory."""
    confine(cpu_seconds=MAX_CPU_SECONDS, memory=MAX_MEMORY)
    try:
        for piece in extract_text(ending, sys.stdin.buffer):
            sys.stdout.buffer.write(piece.encode("utf-8", errors="replace"))
            sys.stdout.buffer.flush()
    except UnreadableFile as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1])
