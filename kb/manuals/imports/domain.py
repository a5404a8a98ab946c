"""Bring in a document as the next edition of a manual: upload, read, accept; nothing is half-imported."""

import base64
import datetime as dt
import io
import json
from functools import partial
from pathlib import PurePath
from typing import Any

from django.core.files.images import ImageFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection

from kb.enums import ImportState
from kb.errors import ImportNotAcceptable
from kb.manuals.domain import new_edition
from kb.manuals.imports.tasks import read_manual
from kb.manuals.tree import numbered
from kb.models import Manual, ManualChapter, ManualEdition, ManualImport
from portal.access import audit
from portal.models import PortalImage

#: How long an import is listed; what was read of it holds whole pictures.
KEPT_FOR = dt.timedelta(days=90)


@transaction.atomic
def start_import(manual: Manual, upload: UploadedFile, *, edition: str, changes: str = "", by: Any) -> ManualImport:
    """Keep an uploaded document and have it read in the background.

    Args:
        upload: Markdown, Word or HTML; its ending says which.
        edition: what the draft will be called.
    """
    name = PurePath(upload.name or "").name[:200]
    record = ManualImport(manual=manual, edition=edition, changes=changes, file_name=name)
    record.file.save(name, upload, save=False)
    record.save()
    audit.record("kb.import_started", record, actor=by, manual=manual.number, edition=edition, file=name)
    transaction.on_commit(partial(read_manual.enqueue, record.pk))
    return record


@transaction.atomic
def accept_import(record: ManualImport, *, by: Any) -> ManualEdition:
    """Make the draft edition with chapters and pictures, all or nothing; accepted again, it is the same draft.

    Raises:
        ImportNotAcceptable: it was not read, or its draft was thrown away since.
        EditionExists: the manual has this edition, or another draft, already.
    """
    stored = ManualImport.objects.select_for_update().select_related("manual", "accepted").get(pk=record.pk)
    if stored.accepted is not None:
        return stored.accepted
    if stored.state != ImportState.READ:
        raise ImportNotAcceptable(file=stored.file_name, state=stored.get_state_display())
    draft = new_edition(stored.manual, stored.edition, changes=stored.changes, by=by)
    # The document is the whole edition: it takes the place of the copied chapters.
    ManualChapter.objects.filter(edition=draft).delete()
    chapters = stored.outcome["chapters"]
    words = _words_of_pictures(chapters)
    images = [
        _image(stored, position, *picture, words=words.get(position, ""), by=by)
        for position, picture in enumerate(stored.outcome["pictures"])
    ]
    numbers = numbered(chapter["depth"] for chapter in chapters)
    for position, (number, chapter) in enumerate(zip(numbers, chapters, strict=True)):
        ManualChapter.objects.create(
            edition=draft,
            sort_order=position,
            number=number,
            title=chapter["title"] or _("Introduction"),
            body=json.dumps([_block(kind, value, images) for kind, value in chapter["blocks"]]),
        )
    stored.accepted, stored.state = draft, ImportState.ACCEPTED
    stored.save(update_fields=["accepted", "state"])
    audit.record(
        "kb.import_accepted",
        stored,
        actor=by,
        manual=stored.manual.number,
        edition=draft.edition,
        chapters=len(chapters),
        pictures=len(images),
    )
    return draft


def _words_of_pictures(chapters: list[dict[str, Any]]) -> dict[int, str]:
    """Return what each picture shows, by its number in the document."""
    figures = [value for chapter in chapters for kind, value in chapter["blocks"] if kind == "figure"]
    return {figure[0]: figure[1] for figure in figures}


def _block(kind: str, value: Any, images: list[PortalImage]) -> dict[str, Any]:
    """Return a block in the stored form of a stream."""
    if kind == "figure":
        # What was read by an earlier release has no caption of its own.
        picture, words, *rest = value
        image = {"image": images[picture].pk, "alt_text": words, "decorative": not words}
        return {"type": "figure", "value": {"image": image, "caption": rest[0] if rest else words}}
    return {"type": kind, "value": value}


def _image(record: ManualImport, position: int, ending: str, content: str, *, words: str, by: Any) -> PortalImage:
    """Store a picture for the readers of the manual; rolled back, its file is cleared away with other leftovers."""
    title = " ".join(filter(None, (record.manual.number, record.edition, str(position + 1), words)))
    image = PortalImage(
        title=title[:255],
        description=words[:255],
        collection=Collection.get_first_root_node(),
        audience=record.manual.audience,
        uploaded_by_user=by,
    )
    data = base64.b64decode(content)
    image.file = ImageFile(io.BytesIO(data), name=f"import-{record.pk}-{position + 1}.{ending}")
    image.file_size = len(data)
    image.save()
    return image
