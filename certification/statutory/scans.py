"""Scans of statutory cards: validated by content, stored as personal documents, served by their own page only."""

from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from certification.statutory.errors import UnusableScan
from portal.content.personal import keep_personal_file
from portal.content.pixels import check_pixels
from portal.models import Person, PortalDocument, StatutoryKind

MEGABYTE = 1024 * 1024
MAX_MEGABYTES = 10
IMAGE_ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def scan_ending(upload: UploadedFile) -> str:
    """Return the ending that fits the content of an uploaded scan, whatever its name says.

    Raises:
        UnusableScan: no image, no PDF, damaged, or larger than ten megabytes.
    """
    if upload.size is None or upload.size > MAX_MEGABYTES * MEGABYTE:
        raise UnusableScan(limit=MAX_MEGABYTES)
    upload.seek(0)
    try:
        return "pdf" if upload.read(5) == b"%PDF-" and _is_pdf(upload) else _image_ending(upload)
    finally:
        upload.seek(0)


def keep_scan(upload: UploadedFile, kind: StatutoryKind, by: Person | None) -> PortalDocument:
    """Store an uploaded scan as a personal document under a random name.

    Raises:
        UnusableScan: see :func:`scan_ending`.
    """
    ending = scan_ending(upload)
    title = _("Scan of a card: %(kind)s") % {"kind": kind.name}
    return keep_personal_file(title, upload.read(), stem="card", ending=ending, by=by)


def scan_name(document: PortalDocument, number: str) -> str:
    """Return the name a scan is offered under: the card's number and the ending of the file."""
    plain = "".join(character for character in number if character.isalnum() or character in "-_")
    return f"{plain or 'card'}{PurePath(document.file.name).suffix}"


def _is_pdf(upload: UploadedFile) -> bool:
    upload.seek(0)
    try:
        return len(PdfReader(upload).pages) > 0
    except (PyPdfError, ValueError, KeyError, OSError, RecursionError):
        raise UnusableScan(limit=MAX_MEGABYTES) from None


def _image_ending(upload: UploadedFile) -> str:
    upload.seek(0)
    try:
        with Image.open(upload, formats=list(IMAGE_ENDINGS)) as image:
            check_pixels(image.size)
            image.verify()
            return IMAGE_ENDINGS[image.format or ""]
    except (UnidentifiedImageError, Image.DecompressionBombError, KeyError, OSError, SyntaxError, ValueError):
        raise UnusableScan(limit=MAX_MEGABYTES) from None
