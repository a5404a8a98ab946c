"""The API: one NinjaAPI, errors as problem details (RFC 9457), a caller is a session or a bearer token.

Apps register their routers in ``portal.registry.routers``.
"""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser

from portal.access.api_auth import InvalidToken
from portal.access.rate_limits import AddressLimit, PersonLimit
from portal.errors import DomainError
from portal.web.openapi import PortalAPI
from portal.web.problems import problem, problem_of_status

JSON_TYPES = ("application/json", "")


class WrongContentType(ValueError):
    """The body is sent as something other than JSON."""


class JsonBody(Parser):
    """Reads bodies that say they are JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body.

        Raises:
            WrongContentType: it is sent as something else.
            ValueError: it is not JSON.
        """
        kind = request.content_type or ""
        if kind not in JSON_TYPES and not kind.endswith("+json"):
            raise WrongContentType
        return super().parse_body(request)


api = PortalAPI(
    title="DutyReady",
    version="1",
    urls_namespace="api",
    description="上岗通: search the knowledge base; ask who may work on what.",
    throttle=[AddressLimit(settings.API_RATE), PersonLimit(settings.API_RATE)],
    parser=JsonBody(),
)


@api.exception_handler(DomainError)
def on_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refused act: its own code, status and sentence, and what a program may choose from."""
    title = _("The request was refused.")
    return problem(request, error.status, error.code, title, str(error), **error.details())


@api.exception_handler(AuthenticationError)
def on_unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in, or the token is wrong or revoked."""
    if isinstance(error, InvalidToken):
        detail = _("The token is wrong, revoked or not sent as “Authorization: Bearer …”.")
        response = problem(request, 401, "invalid_token", _("Not signed in"), detail)
        response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
        return response
    detail = _("Sign in, or send a valid token as “Authorization: Bearer …”.")
    response = problem(request, 401, "not_signed_in", _("Not signed in"), detail)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A parameter is missing or of the wrong form; each is named."""
    errors = [
        {"field": ".".join(str(part) for part in item["loc"][1:]), "message": item["msg"]} for item in error.errors
    ]
    fields = "、".join(item["field"] for item in errors)
    detail = _("Check these parameters: %(fields)s.") % {"fields": fields}
    return problem(request, 422, "invalid_parameters", _("Invalid parameters"), detail, errors=errors)


@api.exception_handler(Throttled)
def on_throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    """Too many requests from one caller."""
    response = problem(request, 429, "too_many_requests", _("Too many requests"), _("Wait a moment and try again."))
    if error.wait:
        response["Retry-After"] = str(int(error.wait) + 1)
    return response


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """Nothing there, or nothing the caller may see."""
    return problem(request, 404, "not_found", _("Not found"))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What django-ninja refuses itself: a body that is not JSON or not sent as JSON, a missing CSRF token."""
    if isinstance(error.__cause__, WrongContentType):
        return problem_of_status(request, 415)
    if error.status_code == HTTPStatus.FORBIDDEN:
        detail = _("Send the CSRF token of the session, or a token as “Authorization: Bearer …”.")
        return problem(request, 403, "csrf_failed", _("Not allowed"), detail)
    return problem_of_status(request, error.status_code)


@api.exception_handler(RequestDataTooBig)
def on_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """A body larger than the portal reads."""
    return problem_of_status(request, 413)


def addresses() -> Any:
    """Return the addresses of the API; what tells about the API itself is only read.

    Operations check the CSRF token where a session speaks for somebody. These views change nothing: a wrong method is
    answered as such, not as a token that is missing.
    """
    patterns, app, namespace = api.urls
    for pattern in patterns:
        if pattern.name in ("openapi-json", "openapi-view"):
            pattern.callback = csrf_exempt(require_safe(pattern.callback))
        elif pattern.name == "api-root":
            pattern.callback = csrf_exempt(pattern.callback)
    return patterns, app, namespace
