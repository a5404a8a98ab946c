"""Devices somebody has signed in from before: a signed cookie, bound to the person and to their password.

Guesses from elsewhere slow down nobody who comes with a known device. A new password makes all devices unknown.
"""

import datetime as dt
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from portal.models import Person

COOKIE = "known_device"
SALT = "portal.people.devices"
#: How long a device is known after the last sign-in from it.
KNOWN_FOR = dt.timedelta(days=180)


def known_device(request: HttpRequest, person: Person | None) -> str:
    """Return the name of the device if ``person`` has signed in from it since their last password; else nothing."""
    if person is None or COOKIE not in request.COOKIES:
        return ""
    try:
        device, owner, password = signing.loads(request.COOKIES[COOKIE], salt=SALT, max_age=KNOWN_FOR)
    except (signing.BadSignature, ValueError):
        return ""
    is_theirs = owner == person.pk and constant_time_compare(password, _of_password(person))
    return device if is_theirs else ""


def remember_device(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Know the device of this request from now on."""
    device = known_device(request, person) or secrets.token_urlsafe(12)
    response.set_cookie(
        COOKIE,
        signing.dumps([device, person.pk, _of_password(person)], salt=SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path="/accounts/",
    )


def _of_password(person: Person) -> str:
    return salted_hmac(SALT, person.password).hexdigest()[:24]
