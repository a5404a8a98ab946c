"""Whom a revision touches, and what somebody still has to read."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import standing
from certification.models import LedgerEntry, ReadingConfirmation, Scheme
from certification.requirements.evidence import entries_of
from certification.schemes.reach import is_in_scope, reaches_equipment
from kb.models import EditionVerdict, Manual
from portal.models import Person
from portal.registry.revisions import Touched

# Who holds, will hold or gets back a qualification works by the manual once more.
TOUCHED = frozenset({Standing.VALID, Standing.EXPIRING, Standing.SUSPENDED, Standing.NOT_YET})


def touched_schemes(manual: Manual) -> list[Scheme]:
    """Return the schemes in force that open work on the manual's machines, or on its category where it names none."""
    models = list(manual.equipment.select_related("category"))
    schemes = Scheme.objects.in_force().openers().filter(scopes__isnull=False).distinct().with_reach()
    return [
        scheme
        for scheme in schemes.order_by("code")
        if any(reaches_equipment(scheme, model) for model in models)
        or (not models and is_in_scope(scheme, manual.category))
    ]


def holders_of(schemes: Iterable[Scheme]) -> dict[int, list[int]]:
    """Return the people who hold each scheme today or will, by the key of the scheme: two queries."""
    today, keys = timezone.localdate(), [scheme.pk for scheme in schemes]
    lasting = LedgerEntry.objects.filter(scheme__in=keys, valid_to__gte=today).values("person")
    people = list(Person.objects.filter(pk__in=lasting, is_active=True).order_by("pk").values_list("pk", flat=True))
    entries = entries_of(people, keys)
    return {
        key: [pk for pk in people if key in entries[pk] and standing(entries[pk][key], today).standing in TOUCHED]
        for key in keys
    }


def count_touched(manual: Any) -> list[Touched]:
    """Count the holders a new edition of ``manual`` touches, by scheme (for ``portal.registry.revisions``)."""
    schemes = touched_schemes(manual)
    holders = holders_of(schemes)
    return [Touched(scheme.name, len(holders[scheme.pk])) for scheme in schemes]


def readings_of(person: Person) -> QuerySet[EditionVerdict]:
    """Return the verdicts that ask ``person`` to read, ``is_confirmed`` said of each, the most urgent first."""
    said = ReadingConfirmation.objects.filter(person=person, verdict=OuterRef("pk"))
    asked = EditionVerdict.objects.filter(Q(pk__in=person.readings_due.order_by().values("verdict")))
    return asked.select_related("edition__manual").annotate(is_confirmed=Exists(said)).order_by("grace_until", "pk")
