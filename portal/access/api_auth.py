"""Authentication of the API: session or bearer token, optional where the answer depends on the reader."""

from typing import Any

from django.http import HttpRequest
from ninja.security import SessionAuth
from wagtail.api.v3.auth import BearerTokenAuth


class OptionalSession:
    """Lets anybody in; the session's person, if there is one, is the reader."""

    def __call__(self, request: HttpRequest) -> Any:
        return request.user if request.user.is_authenticated else True


# GET only needs no CSRF token; SessionAuth checks it for the methods that change something.
SIGNED_IN = [BearerTokenAuth(), SessionAuth()]
ANYBODY = [BearerTokenAuth(), OptionalSession()]
