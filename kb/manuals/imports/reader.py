"""Command that reads a manual from Markdown, Word or HTML and prints it as JSON: chapters, pictures, what was left out.

    python -m kb.manuals.imports.reader .docx < FILE

Run by `reading` in the sandbox. Nothing is fetched: pictures come from within the file (data: addresses) or not at all.
"""

import base64
import binascii
import io
import json
import sys
import zipfile
from typing import Any, BinaryIO

import mammoth
from lxml import etree, html
from markdown_it import MarkdownIt
from PIL import Image

from kb.manuals.imports.walk import Picture, Walk
from portal.content.pixels import check_pixels
from portal.content.sandbox import confine

MAX_CPU_SECONDS, MAX_MEMORY = 60, 1024 * 1024 * 1024
#: Bytes that the parts of a Word file may unpack to; a small archive may hold gigabytes.
MAX_UNPACKED = 120 * 1024 * 1024
#: Formats of pictures the portal shows, by Pillow's names.
FORMATS = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "WEBP": "webp"}
# Only what the default map of mammoth lacks.
_STYLES = "p[style-name='Title'] => p:fresh\np[style-name='Subtitle'] => p:fresh"


class Refused(Exception):
    """The file cannot be read; ``code`` says why, ``detail`` names the place."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def read(ending: str, content: BinaryIO) -> dict[str, Any]:
    """Return chapters (depth, title, blocks), pictures (base64) and notes (code, place, detail).

    Raises:
        Refused: it is broken or too large.
    """
    markup = {".docx": _word, ".md": _markdown, ".markdown": _markdown}.get(ending, _decoded)(content)
    if not markup.strip():
        raise Refused("empty")
    try:
        root = html.document_fromstring(markup.replace("\x00", ""))
    except (etree.ParserError, ValueError) as error:
        raise Refused("broken", str(error)[:200]) from error
    walk = Walk(picture_of, has_lines=ending in (".html", ".htm"))
    walk.run(root)
    if not walk.chapters:
        raise Refused("empty")
    return {"chapters": walk.chapters, "pictures": walk.pictures, "notes": walk.notes}


def picture_of(source: str) -> Picture:
    """Return the picture of a data: address, or why there is none. Only its header is decoded."""
    if not source.startswith("data:"):
        return Picture(problem="picture_outside", detail=source[:120])
    head, _comma, data = source.partition(",")
    if not head.endswith(";base64"):
        return Picture(problem="picture_unreadable", detail=head[:60])
    try:
        content = base64.b64decode(data, validate=False)
        with Image.open(io.BytesIO(content), formats=list(FORMATS)) as image:
            size, kind = image.size, FORMATS[str(image.format)]
    except Image.DecompressionBombError as error:
        return Picture(problem="picture_too_large", detail=str(error)[:80])
    except (binascii.Error, OSError, SyntaxError, ValueError):
        return Picture(problem="picture_unreadable", detail=head[5:60])
    try:
        check_pixels(size)
    except ValueError as error:
        return Picture(problem="picture_too_large", detail=str(error))
    return Picture(content=base64.b64encode(content).decode(), ending=kind)


def _word(content: BinaryIO) -> str:
    data = io.BytesIO(content.read())
    try:
        with zipfile.ZipFile(data) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
            if unpacked > MAX_UNPACKED:
                raise Refused("too_large", f"{unpacked // 2**20} MB > {MAX_UNPACKED // 2**20} MB")
            damaged = archive.testzip()
            if damaged:
                raise Refused("broken", damaged)
        convert = mammoth.images.img_element(_word_picture)
        return mammoth.convert_to_html(data, style_map=_STYLES, convert_image=convert).value
    except Refused:
        raise
    except Exception as error:  # what a broken file makes of a parser is without limit
        raise Refused("broken", f"{type(error).__name__}: {error}"[:200]) from error


def _word_picture(image: Any) -> dict[str, str]:
    try:
        with image.open() as file:
            content = base64.b64encode(file.read()).decode()
    except (ValueError, KeyError, OSError):  # linked instead of embedded: mammoth opens nothing outside the file
        return {"src": "linked"}
    return {"src": f"data:{image.content_type};base64,{content}"}


def _markdown(content: BinaryIO) -> str:
    renderer = MarkdownIt("commonmark", {"html": True}).enable("table")
    # Every address is judged afterwards, in one place for all formats.
    renderer.validateLink = lambda _url: True  # type: ignore[method-assign]
    return renderer.render(_decoded(content))


def _decoded(content: BinaryIO) -> str:
    data = content.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("broken", "UTF-8 / GB18030")


def main(ending: str) -> None:
    """Write the result, or the refusal, to standard output."""
    confine(cpu_seconds=MAX_CPU_SECONDS, memory=MAX_MEMORY)
    try:
        result = read(ending, sys.stdin.buffer)
    except Refused as refusal:
        result = {"refused": refusal.code, "detail": refusal.detail}
    except (MemoryError, RecursionError) as error:
        result = {"refused": "too_large", "detail": type(error).__name__}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
