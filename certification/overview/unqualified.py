"""Who holds a gated post today without being allowed for it: the first of them by name, and how many."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from certification.duty.candidates import holds_all
from certification.judged import JUDGED_AT_ONCE
from certification.overview.posts import held_on, judged, staffed_places
from certification.schemes.queries import Subjects, schemes_in_force
from portal.models import Assignment, Person, Position

# More are not counted on a home page.
COUNTED = 100


@dataclass(frozen=True)
class Unqualified:
    """What a home page says of them.

    Args:
        first: some of their assignments.
        people: how many people there are, or ``COUNTED`` where there are more.
    """

    first: list[Assignment]
    people: int
    has_more: bool = False


def unqualified_today(asker: Person, shown: int) -> Unqualified:
    """Return who in sight holds a gated post today without being allowed for it.

    Few are judged all. Of many, those are found whom the gate refuses for certain, since nothing on record says that
    they hold what the post requires, and no more than ``COUNTED``; the page of the posts judges place by place.

    Args:
        shown: how many of them to name.
    """
    today = timezone.localdate()
    held = held_on(staffed_places(asker), today).filter(position__is_duty_gated=True)
    rows = held.select_related("person", "position", "organisation")
    if held.order_by()[: JUDGED_AT_ONCE + 1].count() <= JUDGED_AT_ONCE:
        placed = rows.order_by("organisation__path", "position__title", "person__staff_number", "start")
        refused = [holder.assignment for holder in judged(placed, today) if not holder.answer.allowed]
        return Unqualified(refused[:shown], len({assignment.person_id for assignment in refused}))
    certain = held.filter(_certainly_refused(today)).order_by()
    people = dict(certain.values_list("person", "pk")[: COUNTED + 1])
    first = rows.filter(pk__in=list(people.values())[:shown]).order_by("pk")
    return Unqualified(list(first), min(len(people), COUNTED), has_more=len(people) > COUNTED)


def _certainly_refused(today: dt.date) -> Q:
    """Return the condition of the assignments to gated posts whose holder lacks a grant that the post requires."""
    keys = list(Position.objects.filter(is_duty_gated=True).order_by("pk").values_list("pk", flat=True))
    schemes, now = schemes_in_force(Subjects(positions=keys)), timezone.now()
    alike: dict[frozenset[int], list[int]] = defaultdict(list)
    for key in keys:
        alike[frozenset(pk for pk, positions in schemes.positions.items() if key in positions)].append(key)
    found = Q(pk__in=())
    for required, positions in alike.items():
        named = [scheme for scheme in schemes.schemes if scheme.pk in required]
        able = Person.objects.filter(holds_all(schemes, named, today, now), pk=OuterRef("person"))
        found |= Q(position__in=positions) & (~Q(Exists(able)) if named else Q())
    return found
