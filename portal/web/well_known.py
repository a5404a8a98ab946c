"""Addresses that browsers and robots ask every site for: robots.txt, favicon.ico, security.txt (RFC 9116)."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

# What robots leave alone: private pages, secrets in addresses, the API, searches without end.
PRIVATE = (
    "/accounts/",
    "/api/",
    "/calendar/",
    "/certification/",
    "/cms/",
    "/courses/naming/",
    "/e/",
    "/me/",
    "/search/",
    "/units/",
    "/verify/",
)
ICON = Path(settings.BASE_DIR) / "static" / "img" / "favicon.png"
DAY = 24 * 3600
# RFC 9116 asks for less than a year.
VALID = dt.timedelta(days=180)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what to leave alone."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in PRIVATE)]
    return _public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Serve the icon to programs that ask for it at its old address."""
    return _public(HttpResponse(ICON.read_bytes(), content_type="image/png"))


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a weakness: ``SECURITY_CONTACT``, else the sender of the portal's letters."""
    contact = settings.SECURITY_CONTACT or f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    expires = (timezone.now() + VALID).astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {settings.PUBLIC_URL}{reverse('security')}",
    ]
    return _public(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"))


def _public(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=DAY)
    return response
