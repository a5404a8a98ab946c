"""Which pages a device may keep for reading without a network, and for whom.

Nothing is kept that does not say so itself: a view hands its answer to :func:`keepable`, whose headers the service
worker asks for. What is private (people's files, the duty question, quizzes) never passes here.
"""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.crypto import salted_hmac

from portal.enums import Audience

SALT = "portal.offline.owner"
#: Who holds a device on which nobody is signed in.
NOBODY = "-"
#: Seconds for which a browser without service worker reads a public page again without asking.
PUBLIC_SECONDS = 600


def owner_of(reader: Any) -> str:
    """Return the word by which a device knows whose pages it holds; it tells nothing about the person."""
    if not getattr(reader, "is_authenticated", False):
        return NOBODY
    return salted_hmac(SALT, str(reader.pk)).hexdigest()[:24]


def may_be_kept(audience: str) -> bool:
    """Whether content of this audience may lie on a device; what is restricted stays on the server."""
    return audience != Audience.RESTRICTED


def keepable(
    request: HttpRequest,
    response: HttpResponse,
    *,
    address: str,
    title: str,
    kind: str,
    audience: str = Audience.STAFF,
    covers: str = "",
) -> HttpResponse:
    """Mark an answer as one that the reader's device may keep until sign-out.

    Args:
        address: under which it is kept; another one than was asked is fetched instead.
        title: shown in the list of what is on the device.
        kind: ``article``, ``guide``, ``manual`` or ``form``.
        covers: what begins so is answered with this page when there is no network.
    """
    if response.status_code != 200 or not may_be_kept(audience):
        return response
    response["X-Offline-Keep"] = address
    response["X-Offline-Title"] = quote(title[:200])
    response["X-Offline-Kind"] = kind
    response["X-Offline-Owner"] = owner_of(request.user)
    if covers:
        response["X-Offline-Covers"] = covers
    if audience == Audience.PUBLIC and not request.user.is_authenticated:
        patch_cache_control(response, max_age=PUBLIC_SECONDS)
    return response
