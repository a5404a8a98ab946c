"""Find places by any of their names; the one resolver of forms, imports and generated plans."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from courses.models import Place, PlaceName
from courses.models.places import place_key

# Names offered while one types; the list has all of them.
OFFERED = 200


def place_named(name: str) -> Place | None:
    """Return the place that has ``name`` in any spelling; None where no record has it."""
    return places_named([name]).get(place_key(name))


def places_named(names: Iterable[str]) -> dict[str, Place]:
    """Return the places of many names by :func:`place_key`, in one query."""
    keys = {place_key(name)[:160] for name in names} - {""}
    if not keys:
        return {}
    return {row.key: row.place for row in PlaceName.objects.filter(key__in=keys).select_related("place__organisation")}


def for_list(places: QuerySet[Place]) -> QuerySet[Place]:
    """Return ``places`` with their names and whose they are."""
    return places.select_related("organisation").prefetch_related(Prefetch("names", PlaceName.objects.order_by("pk")))


def places_like(text: str) -> QuerySet[Place]:
    """Return the places one of whose names holds ``text``; all of them without one."""
    if not (key := place_key(text)):
        return Place.objects.all()
    return Place.objects.filter(pk__in=PlaceName.objects.filter(key__contains=key).values("place"))


def names_offered() -> list[str]:
    """Return the names of places in use, for a field in which one types."""
    return list(Place.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)[:OFFERED])
