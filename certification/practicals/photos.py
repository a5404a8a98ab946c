"""Photos of a practical: taken while the checklist is filled in, kept with what is signed."""

import datetime as dt
import hashlib
from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from certification.models import Checklist, ChecklistItem, PracticalDraft, PracticalDraftPhoto, PracticalPhoto
from certification.practicals.errors import TooManyPhotos, UnusablePhoto
from portal.access import audit
from portal.content.personal import keep_personal_file
from portal.content.photos import scaled_down
from portal.models import Person, PortalDocument

MAX_MEGABYTES = 12
MOST_AN_ITEM, MOST = 3, 20
SIDE, QUALITY = 1600, 80

#: How the files of photos are called, and where they stand.
STEM = "practical"
TAKEN = f"documents/{STEM}-"
#: Photos nothing shows are left alone for a while; so many go in one run.
ORPHANED_FOR, CLEARED_AT_ONCE = dt.timedelta(days=1), 1000
#: The photos of each item, by its primary key.
PhotosOfItems = Mapping[int, list[PortalDocument]]


@transaction.atomic
def add_photo(
    assessor: Person, person: Person, checklist: Checklist, item: ChecklistItem, upload: UploadedFile
) -> PracticalDraftPhoto:
    """Keep a photo of one item with the checklist that is being filled in.

    Raises:
        UnusablePhoto: no picture, a damaged one, or more bytes or pixels than are read.
        TooManyPhotos: of this item or of the whole checklist.
    """
    draft, _made = PracticalDraft.objects.select_for_update().get_or_create(
        assessor=assessor, person=person, checklist=checklist
    )
    if draft.photos.filter(item=item).count() >= MOST_AN_ITEM or draft.photos.count() >= MOST:
        raise TooManyPhotos(item=MOST_AN_ITEM, whole=MOST)
    try:
        content = scaled_down(upload, megabytes=MAX_MEGABYTES, side=SIDE, quality=QUALITY)
    except ValueError:
        raise UnusablePhoto(name=upload.name, limit=MAX_MEGABYTES) from None
    title = _("Photo of the practical of %(person)s") % {"person": person.name}
    document = keep_personal_file(title, content, stem=STEM, ending="jpg", by=assessor)
    # What was shown before signing is no longer all there is.
    draft.looked_at = ""
    draft.save(update_fields=["looked_at", "saved_at"])
    return PracticalDraftPhoto.objects.create(draft=draft, item=item, document=document)


@transaction.atomic
def remove_photo(photo: PracticalDraftPhoto) -> None:
    """Take a photo out of the checklist that is being filled in; its file goes too."""
    document = photo.document
    PracticalDraft.objects.filter(pk=photo.draft_id).update(looked_at="")
    photo.delete()
    document.delete()


def clear_orphans(now: dt.datetime | None = None) -> int:
    """Delete photos that nothing shows any more; return how many (a regular job).

    They are left when an item of a checklist, or a whole draft, is deleted. What is signed is never among them, nor
    what was taken less than a day ago.
    """
    before = (now or timezone.now()) - ORPHANED_FOR
    left = PortalDocument.objects.filter(is_personal=True, file__startswith=TAKEN, created_at__lt=before).exclude(
        Exists(PracticalDraftPhoto.objects.filter(document=OuterRef("pk")))
        | Exists(PracticalPhoto.objects.filter(document=OuterRef("pk")))
    )
    cleared = 0
    for document in left.order_by("pk")[:CLEARED_AT_ONCE]:
        document.delete()
        cleared += 1
    if cleared:
        audit.record("certification.photos_cleared", PracticalDraftPhoto._meta.label_lower, photos=cleared)
    return cleared


def photos_of(draft: PracticalDraft | None) -> dict[int, list[PracticalDraftPhoto]]:
    """Return the photos kept with a draft, by item."""
    found: dict[int, list[PracticalDraftPhoto]] = {}
    if draft is not None:
        for photo in draft.photos.select_related("document"):
            found.setdefault(photo.item_id, []).append(photo)
    return found


def hash_of_photo(document: PortalDocument) -> str:
    """Return the SHA-256 of a photo's content, as the signed row has it."""
    with document.file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
