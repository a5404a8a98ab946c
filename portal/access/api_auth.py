"""Authentication of the API: session or bearer token, optional where the answer depends on the reader.

Without an Authorization header the session decides, and without a session the caller is the public. A header that holds
no valid token is refused everywhere (401): a program whose token was revoked must not go on as a stranger.
"""

from typing import Any

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import SessionAuth
from wagtail.api.v3.auth import BearerTokenAuth


class InvalidToken(AuthenticationError):
    """The Authorization header holds no valid token: made up, revoked, of another scheme or malformed."""


class Bearer(BearerTokenAuth):
    """A token of Wagtail's admin; its owner is the reader."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return the token, or None where no header was sent.

        Raises:
            InvalidToken: there is a header, and it does not hold a valid token.
        """
        if "Authorization" not in request.headers:
            return None
        token = super().__call__(request)
        if token is None:
            raise InvalidToken
        return token


class Session(SessionAuth):
    """The session of a signed-in reader; methods that change something need its CSRF token."""


class Anybody:
    """Lets anybody in; the session's person, if there is one, is the reader."""

    def __call__(self, request: HttpRequest) -> Any:
        """Return the person, or True for the public."""
        return request.user if request.user.is_authenticated else True


# GET only needs no CSRF token; Session checks it for the methods that change something.
SIGNED_IN = [Bearer(), Session()]
ANYBODY = [Bearer(), Anybody()]
