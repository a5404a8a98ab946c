"""What runs out: qualifications that stand today and end within some days, what ends first at the top."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from certification.enums import EntryKind
from certification.ledger.standing import GRANTING, standing_under
from certification.models import LedgerEntry, Scheme
from certification.models.schemes import LONGEST_GRACE
from certification.requirements.evidence import entries_of
from portal.models import Person, PersonQuerySet

# The spans offered, in days.
SPANS = (30, 60, 90)


@dataclass(frozen=True)
class Ending:
    """A qualification somebody may rely on today, and its last day.

    Args:
        grace_until: where it has ended: the last day on which the gate still allows the work.
        days_left: until the last day, or until that of grace.
    """

    person: Person
    scheme: Scheme
    last_day: dt.date
    days_left: int
    grace_until: dt.date | None = None

    @property
    def lamp(self) -> str:
        """Red within the shortest span, amber after it."""
        return "red" if self.is_within(SPANS[0]) else "amber"

    def is_within(self, days: int) -> bool:
        """Whether it ends within ``days``, or has ended."""
        return self.grace_until is not None or self.days_left <= days


@dataclass(frozen=True)
class PlaceCount:
    """An outlet with how many qualifications of its people end within each span."""

    name: str
    code: str
    within: tuple[int, ...]


def ending_within(people: PersonQuerySet, days: int, scheme: Scheme | None = None) -> list[Ending]:
    """Return what ends within ``days`` of ``people``, or has ended and is in its grace; a fixed number of queries.

    Narrowed in the database to those with a grant, or a correction of one, that ends in the span; the ledger of these
    is judged, since a renewal, a revocation or a correction may say otherwise.
    """
    today = timezone.localdate()
    soon = LedgerEntry.objects.filter(
        person__in=people.order_by().values("pk"),
        kind__in=[*sorted(GRANTING), EntryKind.CORRECTED],
        is_void=False,
        valid_to__range=(today - dt.timedelta(days=LONGEST_GRACE), today + dt.timedelta(days=days)),
    )
    if scheme is not None:
        soon = soon.filter(scheme=scheme)
    soon = soon.exclude(_outlasted(today, days))
    rows = list(soon.filter(scheme__is_active=True).select_related("scheme").order_by())
    if not rows:
        return []
    pairs = {(row.person_id, row.scheme_id) for row in rows}
    known = {row.scheme_id: row.scheme for row in rows}
    persons = {each.pk: each for each in people.filter(pk__in={key for key, _scheme in pairs}).with_posts(today)}
    entries = entries_of(list(persons), list(known))
    found = []
    for person, key in pairs:
        if person not in persons:
            continue
        where = standing_under(known[key], entries[person].get(key, ()), today)
        if where.until is None or where.valid_to is None:
            continue
        left = (where.until - today).days
        ending = Ending(persons[person], known[key], where.valid_to, left, where.grace_until)
        if ending.is_within(days):
            found.append(ending)
    return sorted(found, key=lambda each: (each.last_day, each.person.staff_number, each.scheme.code))


def _outlasted(today: dt.date, days: int) -> Q:
    """Return the condition of what a later grant outlasts: as it stands it holds today and beyond the span.

    Corrected ones are left to the ledger.
    """
    grants = LedgerEntry.objects.filter(
        person=OuterRef("person"),
        scheme=OuterRef("scheme"),
        kind__in=sorted(GRANTING),
        valid_from__lte=today,
        valid_to__gt=today + dt.timedelta(days=days),
    )
    return Q(Exists(grants.filter(~Exists(LedgerEntry.objects.filter(corrects=OuterRef("pk"))))))


def by_place(endings: Sequence[Ending]) -> list[PlaceCount]:
    """Return how many end within each span, by where people work, the most first."""
    counts: Counter[tuple[str, int]] = Counter()
    names: dict[str, str] = {}
    for ending in endings:
        for place in ending.person.places:
            names[place.code] = place.name
            counts.update((place.code, span) for span in SPANS if ending.is_within(span))
    rows = [PlaceCount(name, code, tuple(counts[code, span] for span in SPANS)) for code, name in names.items()]
    return sorted(rows, key=lambda row: (tuple(-number for number in row.within), row.code))
