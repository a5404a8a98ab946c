"""Load the demo places (idempotent)."""

from django.db import transaction

from courses.models import Place
from courses.places.domain import put_place
from courses.places.queries import places_named
from portal.models import Organisation, Person
from portal.registry.demo import data


@transaction.atomic
def load_places() -> dict[str, int]:
    """The places of the profile that are not on record under any of their names."""
    source = data("places")
    known = places_named(entry["name"] for entry in source["places"])
    names = {place.name for place in known.values()}
    by, before = Person.objects.get(staff_number=source["by"]), Place.objects.count()
    for entry in source["places"]:
        if entry["name"] not in names:
            owner = Organisation.objects.get(code=entry["organisation"]) if entry["organisation"] else None
            put_place(by=by, **entry | {"organisation": owner})
    return {"places": Place.objects.count() - before}
