"""Devices somebody has signed in from before: a signed cookie, bound to the people and to their passwords.

Guesses from elsewhere slow down nobody who comes with a known device; a tablet of a workshop is known to all who sign
in from it. A new password makes all devices unknown to that person.
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
#: So many people a device is known to, those who signed in last.
OWNERS = 20


def known_device(request: HttpRequest, person: Person | None) -> str:
    """Return the name of the device if ``person`` has signed in from it since their last password; else nothing."""
    if person is None:
        return ""
    device, owners = _kept(request)
    is_theirs = constant_time_compare(owners.get(str(person.pk), ""), _of_password(person))
    return device if is_theirs else ""


def remember_device(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """Know the device of this request from now on."""
    device, owners = _kept(request)
    others = [(key, password) for key, password in owners.items() if key != str(person.pk)][: OWNERS - 1]
    latest = dict([(str(person.pk), _of_password(person)), *others])
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(12), latest], salt=SALT),
        max_age=KNOWN_FOR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
        path="/accounts/",
    )


def _kept(request: HttpRequest) -> tuple[str, dict[str, str]]:
    """Return the name of the device and what is kept of its people's passwords by key, the latest first."""
    try:
        device, owners = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KNOWN_FOR)
        return str(device), dict(owners)
    except (signing.BadSignature, TypeError, ValueError):
        return "", {}


def _of_password(person: Person) -> str:
    return salted_hmac(SALT, person.password).hexdigest()[:24]
