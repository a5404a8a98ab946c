"""Reads of the service network: the outlets a reader may look up, and who serves a prefecture."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value, When

from portal.access.sight import below
from portal.audiences import can_open
from portal.enums import Audience, Tier
from portal.models import Organisation, ServiceArea
from portal.organisations.areas import matching


@dataclass(frozen=True)
class Found:
    """Who serves a prefecture.

    Args:
        outlets: the outlets, in the order they are shown; those for emergencies where nobody serves it.
        prefectures: the recorded areas that were meant; empty where nobody serves it.
        is_fallback: whether the outlets answer only because nobody serves it.
    """

    outlets: QuerySet[Organisation]
    prefectures: list[str]
    is_fallback: bool


def may_see_network(reader: Any) -> bool:
    """Whether the directory of outlets is open to ``reader``: signed-in staff, and customers."""
    return can_open(reader, Audience.CUSTOMERS)


def outlets_of_network(reader: Any) -> QuerySet[Organisation]:
    """Return the outlets of the reader's network with their areas; a customer's own outlets stand first.

    Listed is every outlet, and any other place of the network that serves an area or answers in emergencies. Who works
    nowhere in a network (an administrator without a place, a customer that stands alone) sees the installation's.
    ``serves_reader`` says which outlet the customer stands below.
    """
    if not may_see_network(reader):
        return Organisation.objects.none()
    areas = ServiceArea.objects.order_by("prefecture")
    serving = Q(tier=Tier.OUTLET) | Q(is_emergency_fallback=True) | Exists(areas.filter(organisation=OuterRef("pk")))
    outlets = Organisation.objects.filter(serving).exclude(tier=Tier.CUSTOMER)
    places = reader.places
    roots = {place.path[: Organisation.steplen] for place in places if not (place.is_customer and place.depth == 1)}
    if roots and not reader.is_superuser:
        outlets = outlets.filter(below(roots))
    parents = [place.path[: -Organisation.steplen] for place in places if place.is_customer]
    serves = Case(When(path__in=parents, then=Value(1)), default=Value(0), output_field=IntegerField())
    return (
        outlets.annotate(serves_reader=serves)
        .prefetch_related(Prefetch("areas", areas))
        .order_by("-serves_reader", "path")
    )


def serving(outlets: QuerySet[Organisation], area: str) -> Found:
    """Return which of ``outlets`` serve the prefecture ``area``, all of them where areas overlap.

    Args:
        area: as it was typed; with or without 市 or 州, in full width, with spaces.
    """
    recorded = ServiceArea.objects.filter(organisation__in=outlets.order_by().values("pk"))
    names = list(recorded.order_by("prefecture").values_list("prefecture", flat=True).distinct())
    meant = matching(area, names)
    if not meant:
        return Found(outlets.filter(is_emergency_fallback=True), [], is_fallback=True)
    rows = recorded.filter(prefecture__in=meant)
    return Found(outlets.filter(pk__in=rows.values("organisation")), meant, is_fallback=False)
