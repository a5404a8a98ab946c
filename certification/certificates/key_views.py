"""What strangers need to check credentials beside the keys: issuer, revocations, and how it is done."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certification.certificates.credentials import CONTEXT, issuer_profile, revocations_of
from certification.certificates.errors import UnknownCertificate
from certification.certificates.misses import note_miss
from certification.certificates.verification import find_certificate, verify
from portal.access.rate_limits import limit
from portal.exchange.signing import signing_keys

LOOK_UPS = "60/m"
HOUR = 3600
JSON = {"ensure_ascii": False, "indent": 1}


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """The issuer's profile."""
    return _public(JsonResponse({"@context": CONTEXT} | issuer_profile(), json_dumps_params=JSON))


@never_cache
@require_safe
def revocations(request: HttpRequest, number: str) -> HttpResponse:
    """Whether the credential of a certificate is revoked now.

    Raises:
        UnknownCertificate: there is none.
    """
    limit(request, "verify-status", LOOK_UPS)
    try:
        found = find_certificate(number)
    except UnknownCertificate:
        note_miss(request, number)
        raise
    return JsonResponse(revocations_of(verify(found)), json_dumps_params=JSON)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """Say how a credential and an evidence pack are checked without this portal."""
    context = {"keys": signing_keys(), "key_set": settings.PUBLIC_URL + reverse("jwks")}
    return render(request, "certification/certificates/offline.html", context)


def _public(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=HOUR)
    return response
