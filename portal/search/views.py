"""The results page, whole or only its list, and the beacon by which a page says how it was used."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from .answers import Filters, SearchAnswer
from .cards import cards, group_cards
from .doors import report_case_url
from .learning import BadBeacon, note_use, record_offer
from .links import chips_of, result_url
from .service import PAGE_SIZE, search

#: Longest address parameter of a filter; nothing the portal offers is longer.
MAX_FILTER = 80
MAX_BEACON = 4000


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Answer a search; htmx gets the list alone."""
    filters = Filters(
        equipment=_parameter(request, "equipment"),
        kind=_parameter(request, "kind"),
        brand=_parameter(request, "brand"),
        severity=_parameter(request, "severity"),
        phone=_parameter(request, "phone") == "1",
    )
    answer = search(request.GET.get("q", ""), request.user, filters, _page(request))
    htmx = getattr(request, "htmx", None)
    template = "search/_results.html" if htmx and htmx.target == "results" else "search/search.html"
    response = render(request, template, _context(request, answer))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@csrf_exempt
@require_POST
def use(request: HttpRequest) -> HttpResponse:
    """Note that a search was seen, a result opened, or the trouble solved.

    No CSRF token: the page may come from the cache of anonymous pages, and what is noted is signed by this server and
    names nobody.
    """
    body = request.body[: MAX_BEACON + 1]
    try:
        if len(body) > MAX_BEACON:
            raise BadBeacon
        note_use(json.loads(body), sender=request.META.get("REMOTE_ADDR", ""))
    except (BadBeacon, ValueError, RecursionError):
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def _parameter(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:MAX_FILTER]


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _context(request: HttpRequest, answer: SearchAnswer) -> dict[str, Any]:
    groups = group_cards(answer.groups)
    grouped = {hit.url for group in answer.groups for hit in group.hits}
    first = (answer.page - 1) * PAGE_SIZE + 1
    return {
        "answer": answer,
        "cards": [] if groups else cards(answer.hits, first),
        "groups": groups,
        "others": cards([hit for hit in answer.hits if hit.url not in grouped], len(grouped) + 1) if groups else [],
        "page_obj": Paginator(range(answer.total), PAGE_SIZE).get_page(answer.page),
        "facets": [(facet, chips_of(facet, answer)) for facet in answer.facets],
        "notices": {notice.value: answer.details.get(notice, "") for notice in answer.notices},
        "suggestion_url": result_url(answer.suggestion, answer.filters) if answer.suggestion else "",
        "clear_url": result_url(answer.query, Filters()),
        "report_case_url": report_case_url(request.user, answer.query),
        "offer": record_offer(answer) if answer.query else "",
    }
