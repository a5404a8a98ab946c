"""Addresses that programs ask every site for: robots.txt, favicon.ico, security.txt (RFC 9116), public keys."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from portal.exchange.signing import signing_keys

# What robots leave alone: private pages, secrets in addresses, the API, searches without end.
PRIVATE = (
    "/accounts/",
    "/api/",
    "/calendar/",
    "/certification/",
    "/cms/",
    "/courses/naming/",
    "/courses/in-person/",
    "/e/",
    "/me/",
    "/search/",
    "/units/",
    "/verify/",
)
ICON = Path(settings.BASE_DIR) / "static" / "img" / "favicon.png"
HOUR = 3600
DAY = 24 * HOUR
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


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """All public keys that sign or signed credentials and evidence packs, the newest first (RFC 7517)."""
    keys = [key.jwk for key in signing_keys()]
    return _public(JsonResponse({"keys": keys}, json_dumps_params={"indent": 1}), HOUR)


@require_safe
def key(request: HttpRequest, thumbprint: str, form: str) -> HttpResponse:
    """One public key, as JWK or as PEM."""
    found = next((key for key in signing_keys() if key.thumbprint == thumbprint), None)
    if found is None:
        raise Http404
    if form == "json":
        return _public(JsonResponse(found.jwk, json_dumps_params={"indent": 1}), HOUR)
    return _public(HttpResponse(found.public_pem, content_type="application/x-pem-file"), HOUR)


def _public(response: HttpResponse, seconds: int = DAY) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=seconds)
    return response
