"""Problem details (RFC 9457): the one form in which the API says that something went wrong."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.csrf import csrf_exempt
from ninja import Schema

PROBLEM_TYPE = "application/problem+json"
# Code and title of what Django and django-ninja answer themselves.
BY_STATUS = {
    400: ("bad_request", gettext_lazy("The request cannot be read.")),
    401: ("not_signed_in", gettext_lazy("Not signed in")),
    403: ("forbidden", gettext_lazy("Not allowed")),
    404: ("not_found", gettext_lazy("Not found")),
    405: ("method_not_allowed", gettext_lazy("This address does not answer to this method.")),
    413: ("body_too_large", gettext_lazy("The body of the request is too large.")),
    414: ("address_too_long", gettext_lazy("The address is too long.")),
    415: ("wrong_content_type", gettext_lazy("Send the body as application/json.")),
    422: ("invalid_parameters", gettext_lazy("Invalid parameters")),
    429: ("too_many_requests", gettext_lazy("Too many requests")),
    500: ("server_error", gettext_lazy("Something went wrong here; it has been recorded.")),
    503: ("unavailable", gettext_lazy("The portal cannot answer just now. Try again in a minute.")),
}


class FieldProblem(Schema):
    """What is wrong with one parameter."""

    field: str
    message: str


class CandidateOut(Schema):
    """One of several records that a typed text may mean; its value names this one alone."""

    value: str
    label: str


class Problem(Schema):
    """Problem details; `code` is stable for programs, `detail` a sentence for the person in front of them."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    instance: str
    errors: list[FieldProblem] | None = None
    candidates: list[CandidateOut] | None = None


def problem(request: HttpRequest, status: int, code: str, title: Any, detail: str = "", **extra: Any) -> HttpResponse:
    """Return a problem-details answer.

    Args:
        code: stable name for programs; becomes the ``type`` of the problem.
        title: what kind of thing went wrong.
        detail: the sentence for the person in front of the program.
    """
    body = {"type": f"urn:dutyready:problem:{code}", "title": str(title), "status": status, "code": code}
    body |= {"detail": detail or str(title), "instance": request.path} | extra
    # Half a surrogate pair in a request is no character that could be sent back.
    content = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    return HttpResponse(content, status=status, content_type=PROBLEM_TYPE)


def problem_of_status(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """Return the problem of an HTTP status that nothing more is known about."""
    code, title = BY_STATUS.get(status) or BY_STATUS[400 if status < 500 else 500]
    return problem(request, status, code, title, detail)


def as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the problem in place of an error page, with the headers of the page (Allow, Retry-After, …)."""
    language = response.get("Content-Language")
    if language:
        with override(language):
            made = problem_of_status(request, response.status_code)
    else:
        made = problem_of_status(request, response.status_code)
    for name, value in response.items():
        if name not in ("Content-Type", "Content-Length", "ETag"):
            made[name] = value
    made.cookies = response.cookies
    return made


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer below /api/ where nothing is: 404 with problem details."""
    return problem(request, 404, "not_found", _("Not found"), _("There is no such address; see /api/v1/docs."))
