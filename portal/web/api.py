"""The API: one NinjaAPI, errors as problem details (RFC 9457), a caller is a session or a bearer token.

Apps register their routers in ``portal.registry.routers``.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, Throttled, ValidationError

from portal.access.rate_limits import AddressLimit, PersonLimit
from portal.errors import DomainError

api = NinjaAPI(
    title="上岗通 DutyReady",
    version="1",
    urls_namespace="api",
    description="Search the knowledge base; ask who may work on what.",
    throttle=[AddressLimit(settings.API_RATE), PersonLimit(settings.API_RATE)],
)


def problem(request: HttpRequest, status: int, code: str, title: str, detail: str = "", **extra: Any) -> HttpResponse:
    """Return a problem-details answer.

    Args:
        code: stable name for programs; becomes the ``type`` of the problem.
        title: what kind of thing went wrong.
        detail: the sentence for the person in front of the program.
    """
    body = {"type": f"urn:dutyready:problem:{code}", "title": title, "status": status, "code": code}
    body |= {"detail": detail or title, "instance": request.path} | extra
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )


@api.exception_handler(DomainError)
def on_domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refused act: its own code, status and sentence."""
    return problem(request, error.status, error.code, _("The request was refused."), str(error))


@api.exception_handler(AuthenticationError)
def on_unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in, or the token is wrong or revoked."""
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
