"""Middleware of the portal: the reader's language, the admin's content policy, refusals as pages."""

import logging
import traceback
from collections.abc import Callable
from typing import Any

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from portal.acting import acting
from portal.errors import DomainError
from portal.web.unavailable import unavailable, unreadable

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

# Wagtail's admin writes inline scripts and styles; it is open to signed-in editors only.
ADMIN_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "font-src": [SELF, "data:"],
    "frame-src": [SELF],
    "frame-ancestors": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
}


class ChosenLanguage:
    """Chinese unless the reader chose otherwise.

    A browser's Accept-Language is not a choice (many phones in China are set to English), so pages ask the cookie of
    the language switch only; programs calling the API say it in the header.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.known = dict(settings.LANGUAGES)

    def language_of(self, request: HttpRequest) -> str:
        """Return the code of the language this request is answered in."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if chosen in self.known:
            return chosen
        if request.path.startswith("/api/") and request.headers.get("Accept-Language"):
            return translation.get_language_from_request(request)
        return settings.LANGUAGE_CODE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self.language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class Acting:
    """Says who acts while a request is answered, see ``portal.acting``; looked up only where that is asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting(SimpleLazyObject(lambda: request.user)):
            return self.get_response(request)


class TextCompression(GZipMiddleware):
    """Compresses pages and data; files that are compressed already, and what is streamed, go as they are."""

    kinds = ("text/", "application/json", "application/problem+json", "application/manifest+json", "image/svg+xml")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is text."""
        if response.streaming or not response.headers.get("Content-Type", "").startswith(self.kinds):
            return response
        return super().process_response(request, response)


class WithoutNul:
    """Takes NUL out of what is asked, and refuses an address that holds one.

    No record holds a NUL, and PostgreSQL fails on being asked for one where SQLite finds nothing.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise BadRequest
        asked = request.META.get("QUERY_STRING", "")
        if "%00" in asked or "\x00" in asked:
            request.META["QUERY_STRING"] = asked.replace("%00", "").replace("\x00", "")
        return self.get_response(request)


class PossibleKeys:
    """Answers an address whose number no record can have with 404: databases fail on being asked for one so large."""

    largest = 2**63 - 1

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Look at the numbers of the address before any view does."""
        if any(isinstance(value, int) and value > self.largest for value in kwargs.values()):
            raise Http404


class PersonalAnswers:
    """Keeps what was answered to somebody signed in out of every cache, the browser's own included.

    Outlets share computers: the back button after signing out shows nobody's file. Views that say otherwise hold.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class AdminContentPolicy:
    """Gives Wagtail's admin and the API page the looser policy they need; the front keeps the strict one."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(("/cms/", "/api/v1/docs")):
            response._csp_replace = ADMIN_POLICY
        return response


class PermissionsPolicy:
    """Says on every answer which devices pages may ask for (``PERMISSIONS_POLICY``)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


def is_incomplete_form(error: Exception) -> bool:
    """Whether an error says that a field could not read what was posted: a part of it is missing or is no number.

    Wagtail's blocks count their rows in hidden fields and take it that they came.
    """
    if not isinstance(error, (KeyError, ValueError)):
        return False
    return any(frame.name == "value_from_datadict" for frame in traceback.extract_tb(error.__traceback__))


class Refusals:
    """Renders what no view handled: a domain error with its status, a failed storage as 503, half a form as 400."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the refusal; an error that says nothing about domain or storage goes on as it was."""
        if is_incomplete_form(exception):
            logger.warning("incomplete form posted to %s: %r", request.path, exception)
            return unreadable(request, exception)
        if not isinstance(exception, DomainError):
            return unavailable(request, exception)
        return render(request, "errors/refused.html", {"error": exception}, status=exception.status)
