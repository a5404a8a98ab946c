"""Restricted documents and papers: each one taken is logged, and a PDF carries the name of who took it."""

import tempfile
from typing import Any

import structlog
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal.access import audit
from portal.content.picture_stamps import UNREADABLE, Stamped, stamped
from portal.content.sandbox import run_apart
from portal.exchange.pdf import render_pdf
from portal.models import PortalDocument

logger = structlog.get_logger(__name__)
MAX_SECONDS = 40.0
#: Documents that are pictures.
PICTURES = frozenset({"jpg", "jpeg", "png", "webp", "gif"})


def taken(request: HttpRequest, document: PortalDocument, response: HttpResponse) -> HttpResponse:
    """Log who takes a restricted document, and return it with their name on every page of a PDF and across a picture.

    A file that is called so and cannot be read as one is handed out as it is; the log says that it has no stamp.
    """
    ending = document.file_extension.lower()
    copy, kind, is_named = b"", "application/pdf", False
    if ending == "pdf":
        with document.open_file() as file:
            copy = _stamped(file.read(), request.user, document)
        is_named = bool(copy)
    elif ending in PICTURES:
        copy, kind, is_named = _stamped_picture(document, request.user)
    facts = {"title": document.title, "filename": document.filename, "stamped": is_named}
    audit.record("portal.restricted_taken", document, actor=request.user, **facts)
    if not copy:
        return response
    fresh = HttpResponse(copy, content_type=kind)
    fresh["Content-Disposition"] = response["Content-Disposition"]
    # The response itself is not closed: that would end the request, which goes on with the stamped copy.
    unstamped = getattr(response, "file_to_stream", None)
    if unstamped is not None:
        unstamped.close()
    return fresh


def taken_paper(request: HttpRequest, subject: Model, content: bytes, filename: str) -> bytes:
    """Log who takes the PDF the portal prints of a restricted record, and return it with their name on every page."""
    copy = _stamped(content, request.user, subject)
    audit.record("portal.restricted_taken", subject, actor=request.user, filename=filename, stamped=bool(copy))
    return copy or content


def _stamped_picture(document: PortalDocument, reader: Any) -> Stamped:
    with document.open_file() as file:
        content = file.read()
    try:
        return stamped(content, reader)
    except UNREADABLE as error:
        logger.warning("stamp_failed", document=document.pk, complaint=str(error)[-300:])
        return Stamped(b"", "", is_named=False)


def _stamped(content: bytes, reader: Any, subject: Model) -> bytes:
    """Return the PDF with the reader's stamp, nothing when it cannot be read."""
    stamp = render_pdf("portal/content/stamp.html", {"reader": reader, "moment": timezone.localtime()}).content
    with tempfile.NamedTemporaryFile(suffix=".pdf") as mark, tempfile.TemporaryFile() as foreign:
        mark.write(stamp)
        mark.flush()
        foreign.write(content)
        foreign.flush()
        code, copy, complaint = run_apart("portal.content.stamp_reader", [mark.name], foreign, max_seconds=MAX_SECONDS)
    if code or not copy:
        logger.warning("stamp_failed", subject=str(subject.pk), complaint=complaint[-300:])
        return b""
    return copy
