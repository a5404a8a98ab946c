"""Results page (whole or as an htmx fragment) and the endpoint that records its use."""

import json
from dataclasses import replace
from functools import cached_property
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from portal.models import EquipmentModel
from portal.models.search import SearchChannel
from portal.registry.field_cases import report_case_url
from portal.search.analytics.usage import BadBeacon, is_counted, note_use, record_offer
from portal.search.query.answers import Facet, Filters, SearchAnswer
from portal.search.results.dangers import first_aid
from portal.search.results.presentation import sections_of
from portal.search.results.service import PAGE_SIZE, search
from portal.ui.filters import Chip

#: Longest address parameter of a filter; nothing the portal offers is longer.
MAX_FILTER = 80
MAX_BEACON = 4000


class AnswerPages(Paginator):
    """The pages an answer can be read by, which may be fewer than its total would fill."""

    def __init__(self, answer: SearchAnswer) -> None:
        super().__init__(range(answer.total), PAGE_SIZE)
        self._pages = answer.pages

    @cached_property
    def num_pages(self) -> int:
        """See `Paginator`; there is always a first page."""
        return max(1, self._pages)


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
    is_part = bool(htmx and htmx.target == "results")
    context = _context(request, answer)
    # What the database still finds is shown; that it is not the whole answer, the status says too. A part of a page
    # is put in place only with a 200, and its notice says the same.
    status = 503 if answer.is_degraded and not is_part else 200
    response = render(request, "search/_results.html" if is_part else "search/search.html", context, status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    if context["offer"]:
        # It is the number of this one search: from a cache the searches of many would count as one.
        response.headers["Cache-Control"] = "private, no-store"
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def use(request: HttpRequest) -> HttpResponse:
    """Note that a search was seen, a result opened, or the trouble solved.

    A browser without scripts asks by GET, for a picture in the page, and only says that the search was seen. No CSRF
    token: what is noted is signed by this server, names nobody and counts once.
    """
    body = request.body[: MAX_BEACON + 1]
    try:
        if len(body) > MAX_BEACON:
            raise BadBeacon
        without_script = request.method == "GET"
        note_use(
            {"note": request.GET.get("note")} if without_script else json.loads(body),
            sender=get_adapter(request).get_client_ip(request),
            channel=SearchChannel.NO_SCRIPT if without_script else SearchChannel.PAGE,
        )
    except (BadBeacon, ValueError, RecursionError):
        return HttpResponse(status=400)
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _parameter(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()[:MAX_FILTER]


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _context(request: HttpRequest, answer: SearchAnswer) -> dict[str, Any]:
    first = (answer.page - 1) * PAGE_SIZE + 1
    sections = sections_of(answer, first)
    offer = record_offer(answer, [card.key for card in sections.cards], first) if is_counted(answer) else None
    return {
        "answer": answer,
        "sections": sections,
        "page_obj": AnswerPages(answer).get_page(answer.page),
        "facets": [(facet, chips_of(facet, answer)) for facet in answer.facets],
        "notices": {notice.value: answer.details.get(notice, "") for notice in answer.notices},
        "suggestion_url": result_url(answer.suggestion, answer.filters) if answer.suggestion else "",
        "clear_url": result_url(answer.query, Filters()),
        "report_case_url": report_case_url(request.user, answer.query, offer.token if offer else ""),
        "offer": offer,
        "first_aid": first_aid(answer.query),
        "machine": _machine(answer.filters.equipment),
    }


def _machine(code: str) -> EquipmentModel | None:
    """Return the machine type a search was narrowed to."""
    return EquipmentModel.objects.filter(code=code).first() if code else None


def result_url(query: str, filters: Filters, page: int = 1) -> str:
    """Return the address of a result list; every filter stands in it, so that it can be sent to a colleague."""
    parameters = {"q": query, "equipment": filters.equipment, "kind": filters.kind, "brand": filters.brand}
    parameters |= {"severity": filters.severity, "phone": "1" if filters.phone else ""}
    parameters["page"] = str(page) if page > 1 else ""
    return reverse("search", query={name: value for name, value in parameters.items() if value})


def chips_of(facet: Facet, answer: SearchAnswer) -> list[Chip]:
    """Return the choices of a facet as links that set it or take it away, first page."""
    chips = []
    for value in facet.values:
        chosen = "" if value.selected else value.value
        changed: dict[str, Any] = {facet.name: bool(chosen) if facet.name == "phone" else chosen}
        url = result_url(answer.query, replace(answer.filters, **changed))
        chips.append(Chip(value.label, url, value.selected, value.count))
    return chips
