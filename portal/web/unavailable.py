"""Answer 503 with a plain sentence when the storage fails: as a page with the hotline, or as problem details.

Nothing here asks the database, and the page is made without a request, whose person would be read from it.
"""

import logging
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request, server_error

from portal.operations.storage_trouble import Trouble, trouble_of
from portal.search.engine import EngineError
from portal.search.results.errors import SearchUnavailable
from portal.web.problems import problem

logger = logging.getLogger(__name__)

#: Seconds after which it is worth asking again: a lock passes, a full disk needs somebody.
RETRY_AFTER = {Trouble.BUSY: 5}
RETRY_LATER = 60
SENTENCES = {
    Trouble.FULL: _(
        "The disk of the portal is full, so nothing can be saved. What was saved before stays saved; what you sent "
        "last was not. Tell whoever looks after the portal."
    ),
    Trouble.BUSY: _(
        "The database is busy with another change, so yours was not saved. Nothing was saved by halves. Send it once "
        "more in a few seconds."
    ),
    Trouble.READ_ONLY: _(
        "The portal can be read, but nothing can be saved now. What you sent last was not saved. Tell whoever looks "
        "after the portal."
    ),
    Trouble.DAMAGED: _(
        "The disk of the portal cannot be read or written as it should be. What you sent last was not saved. Tell "
        "whoever looks after the portal."
    ),
    Trouble.UNREACHABLE: _(
        "The portal cannot reach its database. What was saved before stays saved; what you sent last was not. Try "
        "again in a minute."
    ),
}


def unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the answer to a request that the storage or a search index failed, or None for any other error."""
    if isinstance(error, EngineError):
        logger.error("search failed: %s", error)
        return refused_for_now(request, SearchUnavailable.code, str(SearchUnavailable()))
    trouble = trouble_of(error)
    if trouble is None:
        return None
    logger.error("%s %s: %s", trouble, request.path, error, exc_info=error)
    return refused_for_now(request, trouble, SENTENCES[trouble], RETRY_AFTER.get(trouble, RETRY_LATER))


def refused_for_now(request: HttpRequest, code: str, sentence: Any, wait: int = RETRY_LATER) -> HttpResponse:
    """Return a 503 that says why.

    Args:
        code: stable name for programs.
        sentence: what happened, what was kept and what to do next.
        wait: seconds until it is worth asking again.
    """
    if request.path_info.startswith("/api/"):
        response = problem(
            request, 503, code, _("The portal cannot answer just now. Try again in a minute."), str(sentence)
        )
    else:
        response = HttpResponse(render_to_string("503.html", {"message": sentence}), status=503)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Answer an error that nothing handled (``handler500``), which middleware may have raised: 503 or 500."""
    return unavailable(request, sys.exc_info()[1]) or server_error(request)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read (``handler400``); a session that could not be saved is called one too."""
    return unavailable(request, exception) or bad_request(request, exception)
