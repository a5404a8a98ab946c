"""Cache of pages for anonymous readers, which never shows one reader's page to another.

A page is kept only if it was made for nobody in particular: asked by GET without session or authorization, answered 200
without setting a cookie, and not marked private. What differs between two anonymous readers (host, address, language,
partial or whole page) is in the key.
"""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.exchange.page_store import pages

Handler = Callable[[HttpRequest], HttpResponse]

# Addresses whose answers depend on secrets, rate limits or the time of the request.
NEVER = (
    "/accounts/",
    "/cms/",
    "/api/",
    "/verify/",
    "/e/",
    "/calendar/",
    "/courses/naming/",
    "/courses/in-person/",
    "/healthz",
    "/readyz",
    "/documents/",
)
#: Characters of a query string; a longer one is asked once and not again.
MAX_QUERY = 400


class AnonymousPageCache:
    """Answers a repeated anonymous request from memory."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        seconds = settings.ANONYMOUS_PAGE_CACHE_SECONDS
        if not seconds or not is_for_anybody(request):
            return self.get_response(request)
        key = key_for(request)
        kept = pages.get(key)
        if kept is not None:
            return HttpResponse(kept.content, headers={**kept.headers, "X-Page-Cache": "hit"})
        response = self.get_response(request)
        if may_be_kept(response):
            headers = {name: value for name, value in response.items() if name.lower() != "x-request-id"}
            pages.keep(key, headers, response.content, seconds)
        return response


def is_for_anybody(request: HttpRequest) -> bool:
    """Whether the request carries nothing that names its sender."""
    return (
        request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "messages" not in request.COOKIES
        and "Authorization" not in request.headers
        and not request.path.startswith(NEVER)
        and len(request.META.get("QUERY_STRING", "")) <= MAX_QUERY
    )


def may_be_kept(response: HttpResponse) -> bool:
    """Whether the answer was made for nobody in particular."""
    control = response.get("Cache-Control", "")
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and response.get("Content-Type", "").startswith("text/html")
        and not any(word in control for word in ("private", "no-store", "no-cache"))
    )


def key_for(request: HttpRequest) -> str:
    """Return the cache key: everything an anonymous answer may depend on."""
    parts = (
        request.get_host(),
        request.get_full_path(),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-Target", ""),
        str(request.is_secure()),
    )
    return "page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
