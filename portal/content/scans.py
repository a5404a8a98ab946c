"""Scans of paper that people bring: what they are is read from their content, whatever their name says."""

from typing import Any

from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from portal.content.pixels import check_pixels

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 10
IMAGE_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def ending_of_scan(upload: Any) -> str:
    """Return the ending that fits the content of an uploaded photo or PDF; the file is rewound.

    Raises:
        ValueError: no image, no PDF, damaged, larger than ten megabytes or of more pixels than are decoded.
    """
    if upload.size is None or upload.size > MAX_MEGABYTES * MEGABYTE:
        raise ValueError("too large")
    upload.seek(0)
    try:
        return "pdf" if upload.read(5) == b"%PDF-" and _is_pdf(upload) else _image_ending(upload)
    finally:
        upload.seek(0)


def _is_pdf(upload: Any) -> bool:
    upload.seek(0)
    try:
        return len(PdfReader(upload).pages) > 0
    except (PyPdfError, KeyError, OSError, RecursionError) as error:
        raise ValueError("damaged PDF") from error


def _image_ending(upload: Any) -> str:
    upload.seek(0)
    try:
        with Image.open(upload, formats=list(IMAGE_ENDINGS)) as image:
            check_pixels(image.size)
            image.verify()
            return IMAGE_ENDINGS[image.format or ""]
    except (UnidentifiedImageError, Image.DecompressionBombError, KeyError, OSError, SyntaxError) as error:
        raise ValueError("no image") from error
