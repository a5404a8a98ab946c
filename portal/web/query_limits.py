"""Bounds on the query string: lists write their parameters into every link, which echoes a long one."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

#: Characters of a value, and values in all; no filter and no search field needs more.
MAX_VALUE = 1200
MAX_SHORT = 200
MAX_PARAMETERS = 60
#: The only field that takes sentences.
LONG = frozenset({"q"})
#: Signed by this server, or an address it checks.
UNTOUCHED = frozenset({"note", "next"})
#: These have limits of their own and write nothing into links.
ELSEWHERE = ("/api/", "/cms/", "/accounts/")


class BoundedQuery:
    """Cuts the parameters of a GET request before anything reads them."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.META.get("QUERY_STRING", "")) > MAX_SHORT and not request.path.startswith(ELSEWHERE):
            cut(request)
        return self.get_response(request)


def cut(request: HttpRequest) -> None:
    """Cut values and their number in place, also in the query string that links are made of."""
    parameters = request.GET.copy()
    parameters.clear()
    count = 0
    for name, values in request.GET.lists():
        for value in values:
            if count < MAX_PARAMETERS and len(name) <= MAX_SHORT:
                limit = None if name in UNTOUCHED else _limit(request, name)
                parameters.appendlist(name, value[:limit])
                count += 1
    parameters._mutable = False
    request.GET = parameters
    request.META["QUERY_STRING"] = parameters.urlencode()


def _limit(request: HttpRequest, name: str) -> int:
    """Sentences are taken by the search page alone."""
    return MAX_VALUE if name in LONG and request.path.startswith("/search/") else MAX_SHORT
