"""Photos people bring: bounded, decoded and written anew, without the place they were taken at."""

import base64
import io

from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from portal.content.pixels import check_pixels
from portal.models import PortalDocument

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
            # A JPEG is decoded scaled down at once, so that the photo of a 50-megapixel phone passes. Of one that is
            # stored in passes the whole is decoded all the same.
            if not image.info.get("progressive"):
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


def scaled_down(upload: UploadedFile, *, megabytes: int, side: int, quality: int) -> bytes:
    """Return an uploaded photo as JPEG of at most ``side`` pixels a side.

    Raises:
        ValueError: as :func:`open_photo`.
    """
    photo = open_photo(upload, megabytes=megabytes, side=side)
    photo.thumbnail((side, side))
    return as_jpeg(photo, quality)


def jpeg_data_uri(document: PortalDocument, *, side: int, quality: int = 75) -> str:
    """Return a kept photo for print, as an address that holds it, of at most ``side`` pixels a side."""
    with document.file.open("rb") as kept, Image.open(kept, formats=("JPEG",)) as photo:
        photo.draft("RGB", (side, side))
        photo.thumbnail((side, side))
        return "data:image/jpeg;base64," + base64.b64encode(as_jpeg(photo, quality)).decode()
