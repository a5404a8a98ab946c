"""What of the ground floor itself can be found: pages editors write, and uploaded documents by their text."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.html import strip_tags
from django.utils.translation import pgettext_lazy
from django_tasks import task

from portal.models import InformationPage, PortalDocument

from .extraction import UnreadableFile, extract_text
from .outbox import enqueue
from .sources import SearchDocument, SearchSource, register

logger = logging.getLogger(__name__)


def pages() -> QuerySet[InformationPage]:
    """Return the pages that may be found: live, and not behind a restriction of Wagtail's own."""
    return InformationPage.objects.live().public()


def page_documents(page: InformationPage) -> Iterator[SearchDocument]:
    """Yield the document of a live page."""
    if page.live and page.url:
        yield SearchDocument(
            ref=f"PAGE-{page.pk}",
            kind="page",
            title=page.title,
            url=page.url,
            audience=page.audience,
            text=f"{page.introduction}\n{_without_markup(page.body)}",
        )


def documents() -> QuerySet[PortalDocument]:
    """Return the uploaded documents."""
    return PortalDocument.objects.all()


def file_documents(document: PortalDocument) -> Iterator[SearchDocument]:
    """Yield the document of a file; its text is there once it was read in the background."""
    yield SearchDocument(
        ref=f"DOC-{document.pk}",
        kind="document",
        title=document.title,
        url=document.url,
        audience=document.audience,
        text=document.text,
    )


@task()
def read_document_task(pk: int) -> int:
    """Read the text of an uploaded file and return its length."""
    return read_document(pk)


def read_document(pk: int) -> int:
    """Keep the text of an uploaded file for search and return its length; a file that cannot be read has none."""
    document = PortalDocument.objects.filter(pk=pk).first()
    if document is None:
        return 0
    try:
        with document.open_file() as content:
            text = extract_text(document.filename, content)
    except (UnreadableFile, OSError) as error:
        logger.warning("document without text for search", extra={"document": pk, "reason": str(error)})
        text = ""
    if text != document.text:
        PortalDocument.objects.filter(pk=pk).update(text=text)
        document.text = text
        enqueue([document])
    return len(text)


def read_when_saved(instance: PortalDocument, raw: bool = False, **kwargs: Any) -> None:
    """Have a saved file read in the background."""
    if not raw and instance.file:
        transaction.on_commit(partial(read_document_task.enqueue, instance.pk))


def register_sources() -> None:
    """Tell search about pages and documents."""
    register(
        SearchSource(
            kind="page",
            label=pgettext_lazy("search kind", "Page"),
            model=InformationPage,
            queryset=pages,
            documents=page_documents,
            weight=0.7,
            lookup=lambda text: pages().filter(title__icontains=text),
            icon="info",
        )
    )
    register(
        SearchSource(
            kind="document",
            label=pgettext_lazy("search kind", "Document"),
            model=PortalDocument,
            queryset=documents,
            documents=file_documents,
            words=("文件", "附件", "资料"),
            weight=0.7,
            lookup=lambda text: documents().filter(title__icontains=text),
            icon="file",
        )
    )


def _without_markup(text: str) -> str:
    return strip_tags(text.replace("</p>", "</p>\n").replace("</li>", "</li>\n").replace("</h2>", "</h2>\n"))
