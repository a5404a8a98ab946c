"""Who holds a gated post today without being allowed for it: the first of them by name, and how many."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.duty.candidates import may_hold_all
from certification.judged import JUDGED_AT_ONCE
from certification.overview.posts import held_on, judged, staffed_places
from certification.schemes.queries import Subjects, schemes_in_force
from portal.models import Assignment, Person, Position


@dataclass(frozen=True)
class Unqualified:
    """What a home page says of them.

    Args:
        first: some of their assignments, in the order of places and posts.
        people: how many people there are.
    """

    first: list[Assignment]
    people: int


def unqualified_today(asker: Person, shown: int) -> Unqualified:
    """Return who in sight holds a gated post today without being allowed for it.

    Few are judged all. Of many, those are counted whom the gate refuses for certain, since nothing on record says that
    they hold what the post requires; who was stopped otherwise is found on the page of the posts, place by place.

    Args:
        shown: how many of them to name.
    """
    today = timezone.localdate()
    held = held_on(staffed_places(asker), today).filter(position__is_duty_gated=True)
    rows = held.select_related("person", "position", "organisation").order_by(
        "organisation__path", "position__title", "person__staff_number", "start"
    )
    if held.order_by()[: JUDGED_AT_ONCE + 1].count() <= JUDGED_AT_ONCE:
        refused = [holder.assignment for holder in judged(rows, today) if not holder.answer.allowed]
        return Unqualified(refused[:shown], len({assignment.person_id for assignment in refused}))
    certain = rows.filter(_certainly_refused(held, today))
    return Unqualified(list(certain[:shown]), certain.order_by().values("person").distinct().count())


def _certainly_refused(held: QuerySet[Assignment], today: dt.date) -> Q:
    """Return the condition of the assignments whose holder lacks a grant that the post requires."""
    posts = Position.objects.filter(pk__in=held.order_by().values("position"))
    keys = list(posts.order_by().values_list("pk", flat=True))
    schemes, now = schemes_in_force(Subjects(positions=keys)), timezone.now()
    alike: dict[frozenset[int], list[int]] = defaultdict(list)
    for key in keys:
        alike[frozenset(pk for pk, positions in schemes.positions.items() if key in positions)].append(key)
    found = Q(pk__in=())
    for required, positions in alike.items():
        named = [scheme for scheme in schemes.schemes if scheme.pk in required]
        able = Person.objects.filter(may_hold_all(named, today, now)) if named else Person.objects.none()
        found |= Q(position__in=positions) & ~Q(person__in=able.order_by().values("pk"))
    return found
