"""Photos of field cases: decoded, scaled down and written anew; the place they were taken at does not travel along."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from kb.cases.errors import UnusablePhoto
from kb.models import CasePhoto, FieldCase
from portal.content.personal import keep_personal_file
from portal.content.photos import scaled_down
from portal.models import Person

MAX_MEGABYTES = 12
MAX_PHOTOS = 6
SIDE, QUALITY = 1600, 80


def read_photos(uploads: Sequence[UploadedFile]) -> list[bytes]:
    """Return the photos as JPEG of at most 1600 pixels a side.

    Raises:
        UnusablePhoto: too many, too large, no picture or a damaged one; names the file.
    """
    for upload in uploads[MAX_PHOTOS:]:
        raise _unusable(upload)
    return [_scaled(upload) for upload in uploads]


def keep_photo(case: FieldCase, content: bytes, *, by: Person) -> CasePhoto:
    """Store one photo of a case as a personal document: only the page of the case serves it."""
    title = _("Photo of %(case)s") % {"case": case.number}
    document = keep_personal_file(title, content, stem="case", ending="jpg", by=by)
    return CasePhoto.objects.create(case=case, document=document)


def _scaled(upload: UploadedFile) -> bytes:
    try:
        return scaled_down(upload, megabytes=MAX_MEGABYTES, side=SIDE, quality=QUALITY)
    except ValueError:
        raise _unusable(upload) from None


def _unusable(upload: UploadedFile) -> UnusablePhoto:
    return UnusablePhoto(name=upload.name, count=MAX_PHOTOS, limit=MAX_MEGABYTES)
