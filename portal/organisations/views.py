"""The directory of the service network."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.audiences import refuse_reader
from portal.organisations.queries import Found, may_see_network, outlets_of_network, serving

PAGE_SIZE = 20
# As long as a prefecture may be on record.
LONGEST_AREA = 40


@require_safe
def network(request: HttpRequest) -> HttpResponse:
    """Outlets with address, engineer in charge, telephone and areas; ``?area=`` finds who serves a prefecture.

    Raises:
        PermissionDenied: the reader is neither of the staff nor a customer.
    """
    if not may_see_network(request.user):
        return refuse_reader(request)
    area = request.GET.get("area", "").strip()[:LONGEST_AREA]
    outlets = outlets_of_network(request.user)
    found = serving(outlets, area) if area else Found(outlets, [], is_fallback=False)
    page = Paginator(found.outlets, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "portal/organisations/network.html", {"page_obj": page, "area": area, "found": found})
