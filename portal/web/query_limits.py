"""Bounds on the query string: lists write their parameters into every link, which echoes a long one."""

from collections.abc import Callable
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

#: Characters of a value, and values in all; no filter and no search field needs more.
MAX_VALUE = 1200
MAX_SHORT = 200
MAX_PARAMETERS = 60
MAX_NAME = 40
#: Bytes of all names and values as they stand in a link, the long ones below apart: a page has dozens of links.
MAX_IN_LINKS = 2400
#: The only field that takes sentences.
LONG = frozenset({"q"})
#: A pasted list of people (signed-in readers only), and a certificate number with the address it was scanned from.
LISTS = {("/certification/duty/", "person"): 4000, ("/verify/", "number"): 400}
#: Signed by this server, or an address it checks.
UNTOUCHED = frozenset({"note", "next"})
MAX_UNTOUCHED = 4000
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
    left, long_left = MAX_IN_LINKS, {}
    given = [(name, value) for name, values in request.GET.lists() for value in values if len(name) <= MAX_NAME]
    for name, value in given[:MAX_PARAMETERS]:
        limit = _limit(request, name)
        if name in UNTOUCHED:
            if len(value) <= MAX_UNTOUCHED:
                parameters.appendlist(name, value)
            continue
        if limit > MAX_SHORT:
            # However often it is given.
            kept = value[: long_left.setdefault(name, limit)]
            long_left[name] -= len(kept)
        else:
            kept = value[:limit]
            cost = len(quote(f"{name}={kept}"))
            if cost > left:
                continue
            left -= cost
        parameters.appendlist(name, kept)
    parameters._mutable = False
    request.GET = parameters
    request.META["QUERY_STRING"] = parameters.urlencode()


def _limit(request: HttpRequest, name: str) -> int:
    """Sentences are taken by the search page alone, lists where people are asked about; never a part of a list."""
    if (request.path, name) in LISTS:
        return LISTS[request.path, name]
    return MAX_VALUE if name in LONG and request.path.startswith("/search/") else MAX_SHORT
