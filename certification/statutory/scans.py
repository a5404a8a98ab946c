"""Scans of statutory cards: validated by content, stored as personal documents, served by their own page only."""

from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from certification.statutory.errors import UnusableScan
from portal.content.personal import keep_personal_file
from portal.content.scans import MAX_MEGABYTES, ending_of_scan
from portal.models import Person, PortalDocument, StatutoryKind


def scan_ending(upload: UploadedFile) -> str:
    """Return the ending that fits the content of an uploaded scan, whatever its name says.

    Raises:
        UnusableScan: no image, no PDF, damaged, or larger than ten megabytes.
    """
    try:
        return ending_of_scan(upload)
    except ValueError:
        raise UnusableScan(limit=MAX_MEGABYTES) from None


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
