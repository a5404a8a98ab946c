"""Index uploaded files: text read in the background, split into parts, one document a part."""

from __future__ import annotations

import hashlib
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django_tasks import task
from wagtail.models import Collection, CollectionViewRestriction

from portal.models import DocumentText, PortalDocument, SearchOutbox
from portal.registry.search import SearchDocument, SearchSource, register
from portal.search.engine import EngineError
from portal.search.indexing.extraction import PAGE_END, UnreadableFile, read_apart
from portal.search.indexing.outbox import enqueue
from portal.search.indexing.writer import write_changes

logger = logging.getLogger(__name__)

#: Characters of one part of a file: as much as a hit keeps for its quotation, and little enough for a place to open.
PART_LENGTH = 2000
#: Files queued at once to be read after all.
MAX_QUEUED = 200
#: Where a paragraph too long for one part is cut, the best first.
_CUTS = ("。！？!?", "；;.", "，、, ")


def documents() -> QuerySet[PortalDocument]:
    """Return the files that may be found: none of a person's file, none in a collection Wagtail itself restricts."""
    place = ExpressionWrapper(OuterRef("collection__path"), output_field=CharField())
    above = CollectionViewRestriction.objects.alias(place=place).filter(place__startswith=F("collection__path"))
    return PortalDocument.objects.filter(is_personal=False).exclude(Exists(above)).select_related("reading")


def file_documents(document: PortalDocument) -> Iterator[SearchDocument]:
    """Yield a document for each part of a file; without its text, which is read in the background, one by its title."""
    if document.is_personal:
        return
    parts = list(parts_of(text_of(document))) or [(0, "")]
    for number, (page, text) in enumerate(parts, 1):
        yield SearchDocument(
            ref=f"DOC-{document.pk}" + (f"#{number}" if number > 1 else ""),
            kind="document",
            title=document.title,
            part=_part_name(page, number, len(parts)),
            url=document.url,
            anchor=f"page={page}" if page > 1 else "",
            audience=document.audience,
            text=text,
        )


def text_of(document: PortalDocument) -> str:
    """Return what was read of a document's file; nothing of a file that was replaced since."""
    reading: DocumentText | None = getattr(document, "reading", None)
    return reading.text if reading is not None and reading.file_name == document.file.name else ""


def parts_of(text: str) -> Iterator[tuple[int, str]]:
    """Yield page number and text of the parts of a file, cut at pages and the ends of paragraphs.

    The page is 0 in a file without pages. Parts are at most `PART_LENGTH` characters; none is empty.
    """
    if PAGE_END not in text:
        yield from ((0, part) for part in _cut(text))
        return
    for number, page in enumerate(text.split(PAGE_END), 1):
        yield from ((number, part) for part in _cut(page))


def _cut(text: str) -> Iterator[str]:
    held: list[str] = []
    length = 0
    for paragraph in _paragraphs(text):
        if held and length + len(paragraph) > PART_LENGTH:
            yield "\n".join(held)
            held, length = [], 0
        held.append(paragraph)
        length += len(paragraph) + 1
    if held:
        yield "\n".join(held)


def _paragraphs(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        while len(line) > PART_LENGTH:
            end = _end_of_sentence(line)
            yield line[:end]
            line = line[end:]
        if line.strip():
            yield line


def _end_of_sentence(line: str) -> int:
    for marks in _CUTS:
        end = max(line.rfind(mark, 0, PART_LENGTH) for mark in marks) + 1
        if end > PART_LENGTH // 2:
            return end
    return PART_LENGTH


def _part_name(page: int, number: int, parts: int) -> str:
    if parts == 1:
        return ""
    # The index is for every reader; it speaks the language of the portal, not of whoever saved the file.
    with translation.override(settings.LANGUAGE_CODE):
        return gettext("page %(page)s") % {"page": page} if page else f"({number}/{parts})"


# After everything else: a file may take minutes.
@task(priority=-50)
def read_document_task(pk: int) -> int:
    """Read the text of an uploaded file and return its length."""
    return read_document(pk)


def read_document(pk: int) -> int:
    """Keep the text of an uploaded file for search and return its length; a file that cannot be read has none.

    A file that has not changed since is not read again.
    """
    document = PortalDocument.objects.filter(pk=pk).first()
    if document is None:
        return 0
    try:
        name, digest, text = _read(document)
    except OSError as error:
        logger.warning("document out of reach for search", extra={"document": pk, "reason": str(error)})
        return 0
    with transaction.atomic():
        # A file that was replaced meanwhile is read by the task of its own saving.
        if PortalDocument.objects.select_for_update().filter(pk=pk, file=name).exists():
            reading = DocumentText(document_id=pk, text=text, file_name=name, file_hash=digest)
            if reading_differs(reading):
                reading.save()
    return len(text)


def reading_differs(reading: DocumentText) -> bool:
    """Whether what was read is not what is kept of the document."""
    kept = DocumentText.objects.filter(pk=reading.pk).values_list("text", "file_name", "file_hash").first()
    return kept != (reading.text, reading.file_name, reading.file_hash)


def _read(document: PortalDocument) -> tuple[str, str, str]:
    """Return name, hash and text of a document's file.

    Raises:
        OSError: it cannot be opened.
    """
    name = document.file.name
    with document.open_file() as content, tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(content, copy)
        copy.seek(0)
        digest = hashlib.file_digest(copy, "sha1").hexdigest()
        known = DocumentText.objects.filter(pk=document.pk, file_hash=digest).first()
        if known is not None:
            return name, digest, known.text
        try:
            return name, digest, read_apart(name, copy, write_waiting)
        except UnreadableFile as error:
            logger.warning("document without text for search", extra={"document": document.pk, "reason": str(error)})
            return name, digest, ""


def write_waiting() -> None:
    """Write what was published while a file is being read: there may be one worker only, and this is it."""
    # Neither a busy index nor a busy database may cost the reading; the changes stay in the outbox.
    with suppress(EngineError, DatabaseError):
        if SearchOutbox.objects.waiting().exists():
            write_changes()


def read_when_saved(instance: PortalDocument, raw: bool = False, **kwargs: Any) -> None:
    """Have a saved file read in the background."""
    if not raw and instance.file and not instance.is_personal:
        transaction.on_commit(partial(read_document_task.enqueue, instance.pk))


def queue_unread() -> int:
    """Have files read whose text is missing or of a file replaced since; return how many, at most `MAX_QUEUED`.

    Their own task was lost with its worker, or did not reach the file.
    """
    read = Q(reading__file_name=F("file"))
    unread = PortalDocument.objects.filter(is_personal=False).exclude(file="").exclude(read)
    # By chance: files out of reach for good must not take the places of all others.
    pks = list(unread.order_by("?").values_list("pk", flat=True)[:MAX_QUEUED])
    for pk in pks:
        read_document_task.enqueue(pk)
    return len(pks)


def note_bulk_action(request: Any, action_type: str, objects: Any, action: Any) -> None:
    """Wagtail's hook `after_bulk_action`: files put into another collection are updated without a signal."""
    if action_type == "add_to_collection":
        enqueue(item for item in objects if isinstance(item, PortalDocument))


def _in_collection(collection: Collection) -> QuerySet[PortalDocument]:
    return PortalDocument.objects.filter(collection__path__startswith=collection.path)


def register_source() -> None:
    """Let files be found."""
    register(
        SearchSource(
            kind="document",
            label=pgettext_lazy("search kind", "Document"),
            model=PortalDocument,
            queryset=documents,
            documents=file_documents,
            related={
                DocumentText: lambda reading: PortalDocument.objects.filter(pk=reading.pk),
                Collection: _in_collection,
                CollectionViewRestriction: lambda restriction: _in_collection(restriction.collection),
            },
            words=("文件", "附件", "资料"),
            weight=0.7,
            lookup=lambda text: documents().filter(title__icontains=text),
            icon="file",
        )
    )
