"""Restricted pictures carry the name of who looks at them, as restricted PDFs do.

The name stands large and faint across the picture, so that cutting off an edge does not take it away, and small and
plain in a strip at its foot. Copies are kept a while in the memory of the process, each under its reader.
"""

import hashlib
import io
import re
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import structlog
from django.core.files.storage import default_storage
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont, ImageOps

from portal.access import audit
from portal.content.pixels import check_pixels
from portal.exchange.glyphs import BUNDLED, FACES
from portal.exchange.page_store import PageStore

logger = structlog.get_logger(__name__)
#: Copies kept at once, in bytes, and for how long, in seconds.
copies = PageStore(max_bytes=24 * 1024 * 1024, max_page=4 * 1024 * 1024)
KEPT_SECONDS = 3600
#: Text smaller than this, in pixels, could not be read: a copy on which the name would have to be smaller has none.
READABLE_FROM = 7
QUALITY = 82
FAINT, STRIP = 46, 200
#: What decoding a file that is no picture, or too large a one, raises.
UNREADABLE = (ValueError, OSError, SyntaxError, Image.DecompressionBombError)
_ROOT = re.compile(rb"<svg\b[^>]*>", re.IGNORECASE)
_NUMBER = rb"([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)"
_BOX = re.compile(rb"\sviewBox=[\"']\s*" + rb"[\s,]+".join([_NUMBER] * 4), re.IGNORECASE)
_WIDTH = re.compile(rb"\swidth=[\"']\s*" + _NUMBER, re.IGNORECASE)
_HEIGHT = re.compile(rb"\sheight=[\"']\s*" + _NUMBER, re.IGNORECASE)


class Stamped(NamedTuple):
    """A picture made for one reader.

    Args:
        content: the file.
        kind: its media type.
        is_named: whether the name is on it; a copy too small to read a name on has none.
    """

    content: bytes
    kind: str
    is_named: bool


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
            made = stamped(content, request.user, is_drawing=path.lower().endswith(".svg"))
        except UNREADABLE as error:
            logger.warning("picture_stamp_failed", path=path, complaint=str(error)[:200])
            return None
        if subject is not None:
            name = path.rpartition("/")[2]
            audit.record("portal.restricted_taken", subject, actor=request.user, filename=name, stamped=made.is_named)
        copies.keep(key, {"Content-Type": made.kind}, made.content, KEPT_SECONDS)
        return never_kept(HttpResponse(made.content, content_type=made.kind))
    return never_kept(HttpResponse(kept.content, content_type=kept.headers["Content-Type"]))


def never_kept(response: HttpResponse) -> HttpResponse:
    """Say that no cache keeps the answer: it is one reader's."""
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def stamped(content: bytes, reader: Any, *, is_drawing: bool = False) -> Stamped:
    """Return a picture with the reader's name.

    Raises:
        One of :data:`UNREADABLE`: it is no picture, or larger than is decoded.
    """
    words = f"{reader.name} {reader.staff_number} {timezone.localtime():%Y-%m-%d}"
    if is_drawing:
        return Stamped(_drawing(content, words), "image/svg+xml", is_named=True)
    with Image.open(io.BytesIO(content)) as image:
        check_pixels(image.size)
        picture = _on_white(ImageOps.exif_transpose(image))
    size = _fitting(words, picture.size)
    if size >= READABLE_FROM:
        picture = _photo(picture, words, size)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return Stamped(written.getvalue(), "image/jpeg", is_named=size >= READABLE_FROM)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture as it is seen on a page: what is transparent would come out black."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    picture = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


def _fitting(words: str, size: tuple[int, int]) -> int:
    """Return how large the words at the foot are, in pixels: as wide as the picture at most, half as high."""
    width, height = size
    wanted = max(12, width // 48)
    # The strip begins and ends with the width of one letter.
    broad = int(wanted * width / (_font(wanted).getlength(words) + 2 * wanted))
    return min(wanted, broad, height // 2)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FACES / BUNDLED[0].files[0][1]), size)


def _photo(picture: Image.Image, words: str, size: int) -> Image.Image:
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
    small = _font(size)
    foot = small.size * 2
    pen = ImageDraw.Draw(layer)
    pen.rectangle((0, height - foot, width, height), fill=(0, 0, 0, STRIP))
    pen.text((small.size, height - foot + small.size // 3), words, font=small, fill=(255, 255, 255, 255))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _drawing(content: bytes, words: str) -> bytes:
    """Return a drawing with the name written into it, over what it draws.

    Raises:
        ValueError: it has no size, or does not end as a drawing does.
    """
    head, end, tail = content.rpartition(b"</svg>")
    root = _ROOT.search(content)
    if not end or root is None:
        raise ValueError("no drawing")
    left, top, width, height = _box(root[0])
    size, name, middle = width / 22, escape(words), left + width / 2
    lines = "".join(
        f'<text x="{middle:.1f}" y="{y:.1f}" font-size="{size:.1f}" text-anchor="middle" '
        f'fill="#808080" fill-opacity="0.35" transform="rotate(-24 {middle:.1f} {y:.1f})">{name}</text>'
        for y in (top + height * share for share in (0.25, 0.55, 0.85))
    )
    foot = (
        f'<text x="{left + size / 2:.1f}" y="{top + height - size / 4:.1f}" font-size="{size / 2:.1f}" '
        f'fill="#606060">{name}</text>'
    )
    return head + f"<g>{lines}{foot}</g>".encode() + end + tail


def _box(root: bytes) -> tuple[float, float, float, float]:
    """Return left, top, width and height of what a drawing shows, in its own units.

    Raises:
        ValueError: its first element says no size.
    """
    box = _BOX.search(root)
    sides = [found[1] for found in (_WIDTH.search(root), _HEIGHT.search(root)) if found]
    if box is None and len(sides) != 2:
        raise ValueError("no drawing with a size")
    left, top, width, height = (float(side) for side in (box.groups() if box else (b"0", b"0", *sides)))
    if width <= 0 or height <= 0 or not all(map(isfinite, (left, top, width, height))):
        raise ValueError("no drawing with a size")
    return left, top, width, height
