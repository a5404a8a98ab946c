"""Restricted pictures carry the name of who looks at them, as restricted PDFs do.

The name stands large and faint across the picture, so that cutting off an edge does not take it away, and small and
plain in a strip at its foot. Copies are kept a while in the memory of the process, each under its reader.
"""

import hashlib
import io
import re
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import structlog
from django.core.files.storage import default_storage
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from portal.access import audit
from portal.content.pixels import check_pixels
from portal.exchange.glyphs import BUNDLED, FACES
from portal.exchange.page_store import PageStore

logger = structlog.get_logger(__name__)
#: Copies kept at once, in bytes, and for how long, in seconds.
copies = PageStore(max_bytes=24 * 1024 * 1024, max_page=4 * 1024 * 1024)
KEPT_SECONDS = 3600
#: A copy narrower than this is a thumbnail, on which a name could not be read.
READABLE_FROM = 300
QUALITY = 82
FAINT, STRIP = 46, 200
#: What decoding a file that is no picture, or too large a one, raises.
UNREADABLE = (ValueError, OSError, SyntaxError, Image.DecompressionBombError)
_SIZE = re.compile(rb'viewBox="\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)', re.IGNORECASE)
_WIDTH = re.compile(rb'<svg[^>]*?\swidth="([\d.]+)', re.IGNORECASE)
_HEIGHT = re.compile(rb'<svg[^>]*?\sheight="([\d.]+)', re.IGNORECASE)


def stamped_file(request: HttpRequest, path: str, subject: Model | None = None) -> HttpResponse | None:
    """Return a picture of the media folder with the reader's name and the day; None where it is no picture to stamp.

    Args:
        path: below the media folder; its reader was asked about by the caller.
        subject: what the log names when a copy is made, once a reader, picture and day; None where the caller logs.
    """
    day = timezone.localdate()
    modified = default_storage.get_modified_time(path).timestamp()
    facts = f"{request.user.pk}|{day}|{modified}|{path}"
    key = hashlib.sha256(facts.encode()).hexdigest()
    kept = copies.get(key)
    if kept is None:
        with default_storage.open(path) as file:
            content = file.read()
        try:
            content, kind = stamped(content, request.user, is_drawing=path.lower().endswith(".svg"))
        except UNREADABLE as error:
            logger.warning("picture_stamp_failed", path=path, complaint=str(error)[:200])
            return None
        if subject is not None:
            name = path.rpartition("/")[2]
            audit.record("portal.restricted_taken", subject, actor=request.user, filename=name, stamped=bool(kind))
        copies.keep(key, {"Content-Type": kind}, content, KEPT_SECONDS)
        return never_kept(HttpResponse(content, content_type=kind))
    return never_kept(HttpResponse(kept.content, content_type=kept.headers["Content-Type"]))


def never_kept(response: HttpResponse) -> HttpResponse:
    """Say that no cache keeps the answer: it is one reader's."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stamped(content: bytes, reader: Any, *, is_drawing: bool = False) -> tuple[bytes, str]:
    """Return a picture with the reader's name, and its media type.

    Raises:
        One of :data:`UNREADABLE`: it is no picture, or larger than is decoded.
    """
    words = f"{reader.name} {reader.staff_number} {timezone.localtime():%Y-%m-%d}"
    if is_drawing:
        return _drawing(content, words), "image/svg+xml"
    with Image.open(io.BytesIO(content)) as image:
        check_pixels(image.size)
        picture = image.convert("RGB")
    if picture.width >= READABLE_FROM:
        picture = _photo(picture, words)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue(), "image/jpeg"


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FACES / BUNDLED[0].files[0][1]), size)


def _photo(picture: Image.Image, words: str) -> Image.Image:
    width, height = picture.size
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    large = _font(max(14, width // 22))
    tile = Image.new("RGBA", (int(large.getlength(words)) + width // 8, large.size * 4), (0, 0, 0, 0))
    # White with a dark edge is seen on light and on dark pictures.
    ImageDraw.Draw(tile).text(
        (0, large.size), words, font=large, fill=(255, 255, 255, FAINT), stroke_width=1, stroke_fill=(0, 0, 0, FAINT)
    )
    tile = tile.rotate(24, expand=True, resample=Image.Resampling.BILINEAR)
    for top in range(-tile.height // 4, height, max(1, tile.height * 2 // 3)):
        for left in range(-tile.width // 6, width, tile.width):
            layer.alpha_composite(tile, (max(left, 0), max(top, 0)), (max(-left, 0), max(-top, 0)))
    small = _font(max(12, width // 48))
    foot = small.size * 2
    pen = ImageDraw.Draw(layer)
    pen.rectangle((0, height - foot, width, height), fill=(0, 0, 0, STRIP))
    pen.text((small.size, height - foot + small.size // 3), words, font=small, fill=(255, 255, 255, 255))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _drawing(content: bytes, words: str) -> bytes:
    """Return a drawing with the name written into it, behind everything it draws.

    Raises:
        ValueError: it does not end as a drawing does.
    """
    head, end, tail = content.rpartition(b"</svg>")
    box = _SIZE.search(content)
    sides = [found[1] for found in (_WIDTH.search(content), _HEIGHT.search(content)) if found]
    if not end or not (box or len(sides) == 2):
        raise ValueError("no drawing with a size")
    width, height = (float(side) for side in (box.groups() if box else sides))
    size, name = width / 22, escape(words)
    lines = "".join(
        f'<text x="{width / 2:.1f}" y="{height * share:.1f}" font-size="{size:.1f}" text-anchor="middle" '
        f'fill="#808080" fill-opacity="0.35" transform="rotate(-24 {width / 2:.1f} {height * share:.1f})">{name}</text>'
        for share in (0.25, 0.55, 0.85)
    )
    foot = (
        f'<text x="{size / 2:.1f}" y="{height - size / 4:.1f}" font-size="{size / 2:.1f}" fill="#606060">{name}</text>'
    )
    return head + f"<g>{lines}{foot}</g>".encode() + end + tail
