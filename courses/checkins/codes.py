"""The code on the trainer's screen: signed by the portal for one session and a quarter of a minute.

Whoever photographs it and passes it on gives something away that is dead before it can be typed. A wrong code costs
one HMAC and no query, so guesses need no limit by address: a whole class shares the address of the room.
"""

import time

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from courses.models import Session
from courses.sessions.events import absolute

#: Seconds after which the screen shows another code.
WINDOW = 15
#: How many codes before the present one are taken: a telephone needs a moment to open the page.
OLDER = 1
#: 20 hexadecimal digits, 80 bits: short enough for a symbol that is read across a room.
DIGITS = 20


def window_now() -> int:
    """Return the number of the present window."""
    return int(time.time()) // WINDOW


def milliseconds_left() -> int:
    """Return how long the present code is shown."""
    return WINDOW * 1000 - int(time.time() * 1000) % (WINDOW * 1000)


def code_of(session: Session, window: int) -> str:
    """Return the code of a session in one window."""
    mac = salted_hmac("courses.checkins", f"{session.uid}|{window}", algorithm="sha256").hexdigest()[:DIGITS]
    return f"{window:x}-{mac}"


def is_valid(session: Session, code: str) -> bool:
    """Whether ``code`` is on the screen now or was a moment ago."""
    now = window_now()
    # All are compared, so that the time it takes tells nothing.
    matches = [constant_time_compare(code, code_of(session, now - age)) for age in range(OLDER + 1)]
    return any(matches)


def address_now(session: Session) -> str:
    """Return the address the symbol on the screen holds now."""
    return absolute(reverse("courses:scan", args=[session.pk, code_of(session, window_now())]))
