"""Middleware of the API: every answer below /api/ is JSON, says what it varies by, and can be asked by HEAD."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from portal.web.problems import PROBLEM_TYPE, as_problem

Handler = Callable[[HttpRequest], HttpResponse]
PREFIX = "/api/"
VARY = ("Accept-Language", "Authorization", "Cookie")


class ApiAnswers:
    """Turns error pages into problem details, answers HEAD as GET without the body, and unchanged answers with 304."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
        response = self.get_response(request)
        if response.status_code >= 400 and response.get("Content-Type", "") != PROBLEM_TYPE:
            response = as_problem(request, response)
        if response.get("Allow"):
            response["Allow"] = _with_head(response["Allow"])
        patch_vary_headers(response, VARY)
        if request.method == "GET" and response.status_code == 200 and not response.streaming:
            response = _conditional(request, response)
        if is_head:
            request.method = "HEAD"
            response["Content-Length"] = str(len(response.content))
            response.content = b""
        return response


def _with_head(allowed: str) -> str:
    methods = {method.strip() for method in allowed.split(",")}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    answer = get_conditional_response(request, etag=etag, response=response)
    if answer is not response:
        # A 304 carries the headers that a cache would update.
        for name in ("Vary", "Cache-Control", "Content-Language", "ETag"):
            if response.get(name):
                answer[name] = response[name]
    return answer
