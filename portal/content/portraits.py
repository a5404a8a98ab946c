"""The photo of a person: a square chosen from what is uploaded, kept as a personal document of the person's record."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from portal.access import audit
from portal.content.personal import keep_personal_file
from portal.content.photos import as_jpeg, open_photo
from portal.errors import DomainError
from portal.models import Person

MAX_MEGABYTES = 12
# Of the square that is kept: 240 dots an inch on a badge.
SIDE, QUALITY = 480, 85
# A square of fewer pixels is a blur on a card.
LEAST = 120
#: The smallest part of the shorter side a square may be, in percent.
SMALLEST = 20


class UnusablePortrait(DomainError):
    """No picture, a damaged one, or one too large or too small."""

    code = "unusable_portrait"
    status = 422
    message = _(
        "The photo was not kept: JPEG, PNG or WebP, up to %(limit)s MB and 25 million pixels, the chosen square at "
        "least %(least)s pixels wide."
    )


@dataclass(frozen=True)
class Square:
    """A square cut out of a photo, in percent.

    Args:
        size: of the shorter side of the photo.
        across: where the square lies from left (0) to right (100).
        down: where it lies from top to bottom.
    """

    size: int = 100
    across: int = 50
    down: int = 50

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return the square of a picture of this size in pixels."""
        side = max(min(width, height) * min(max(self.size, SMALLEST), 100) // 100, 1)
        left = (width - side) * min(max(self.across, 0), 100) // 100
        top = (height - side) * min(max(self.down, 0), 100) // 100
        return left, top, left + side, top + side


@transaction.atomic
def keep_portrait(person: Person, upload: UploadedFile, square: Square, *, by: Person) -> Person:
    """Keep a square of an uploaded photo as the photo of ``person``; the one before is deleted.

    Raises:
        UnusablePortrait: see there.
    """
    content = _cut(upload, square)
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    before = person.photo
    title = _("Photo of %(person)s") % {"person": person.staff_number}
    person.photo = keep_personal_file(str(title), content, stem="person", ending="jpg", by=by)
    person.save(update_fields=["photo"])
    if before is not None:
        before.delete()
    audit.record("portal.photo_kept", person, actor=by)
    return person


@transaction.atomic
def remove_portrait(person: Person, *, by: Person) -> Person:
    """Delete the photo of ``person``; without one nothing happens."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.photo is not None:
        before, person.photo = person.photo, None
        person.save(update_fields=["photo"])
        before.delete()
        audit.record("portal.photo_removed", person, actor=by)
    return person


def _cut(upload: UploadedFile, square: Square) -> bytes:
    try:
        # Twice the side that is kept, for the square may be a part of the photo; a small part asks for more.
        photo = open_photo(upload, megabytes=MAX_MEGABYTES, side=SIDE * 100 // min(max(square.size, SMALLEST), 100))
    except ValueError:
        raise UnusablePortrait(limit=MAX_MEGABYTES, least=LEAST) from None
    left, top, right, bottom = square.box(*photo.size)
    if right - left < LEAST:
        raise UnusablePortrait(limit=MAX_MEGABYTES, least=LEAST)
    part = photo.crop((left, top, right, bottom))
    part.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return as_jpeg(part, QUALITY)
