"""Photos people bring: bounded, decoded and written anew, without the place they were taken at."""

import io

from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.content.pixels import check_pixels

MEGABYTE = 1024 * 1024
FORMATS = ("JPEG", "PNG", "WEBP")


def open_photo(upload: UploadedFile, *, megabytes: int, side: int) -> Image.Image:
    """Return an uploaded photo upright, in colour, of at most about twice ``side`` pixels a side where it is a JPEG.

    Raises:
        ValueError: no picture, a damaged one, or more bytes or pixels than are read.
    """
    if upload.size is None or upload.size > megabytes * MEGABYTE:
        raise ValueError("too many bytes")
    upload.seek(0)
    try:
        with Image.open(upload, formats=FORMATS) as image:
            # A JPEG is decoded scaled down at once, so that the photo of a 50-megapixel phone passes.
            image.draft("RGB", (side, side))
            check_pixels(image.size)
            return ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as error:
        raise ValueError("no picture") from error


def as_jpeg(photo: Image.Image, quality: int) -> bytes:
    """Return a picture as JPEG, without anything but its pixels."""
    written = io.BytesIO()
    photo.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()
