"""Queries on certificates."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import GRANTING, facts_known, standing_under
from certification.models import Certificate, LedgerEntry, Scheme
from certification.permissions import may_list_certificates
from courses.models import HourCredit
from portal.access.sight import people_in_sight
from portal.models import Organisation, Person
from portal.models.people import posts_on


def certificates_of_entries(entry_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return the certificates by the ledger entry they print."""
    found = Certificate.objects.filter(entry__in=list(entry_ids))
    return {certificate.entry_id: certificate for certificate in found}


def certificates_in_sight(asker: Any) -> QuerySet[Certificate]:
    """Return the certificates ``asker`` may download of the people in sight, newest first; none without the role."""
    if not may_list_certificates(asker):
        return Certificate.objects.none()
    found = Certificate.objects.filter(person__in=people_in_sight(asker).values("pk"))
    related = found.select_related("person__organisation", "scheme", "entry")
    return related.prefetch_related(posts_on(timezone.localdate(), "person__")).order_by("-issued_on", "-pk")


def narrow_certificates(
    certificates: QuerySet[Certificate],
    *,
    branch: Organisation | None = None,
    scheme: Scheme | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
) -> QuerySet[Certificate]:
    """Narrow to who works in a branch today, a scheme, and days of issue from ``start`` to ``end``, both included."""
    if branch is not None:
        places = Organisation.objects.filter(path__startswith=branch.path)
        people = Person.objects.belonging_to(places, timezone.localdate())
        certificates = certificates.filter(person__in=people.order_by().values("pk"))
    if scheme is not None:
        certificates = certificates.filter(scheme=scheme)
    if start is not None:
        certificates = certificates.filter(issued_on__gte=start)
    if end is not None:
        certificates = certificates.filter(issued_on__lte=end)
    return certificates


# A certificate of one of these may be relied on, now or as soon as a suspension ends.
_IN_FORCE = (Standing.VALID, Standing.EXPIRING, Standing.GRACE, Standing.SUSPENDED, Standing.NOT_YET)


def certificates_resting_on(person: Person, credits: Sequence[HourCredit]) -> list[str]:
    """Return what of ``person`` is in force and rests on these hours: the certificate, else the scheme by name.

    A grant or renewal rests on the hours of a module it names that were on record when it was made. One that has ended,
    was revoked or was taken out by a correction is not in force.
    """
    first_at = {credit.module.code: credit.recorded_at for credit in credits}
    by_scheme: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in LedgerEntry.objects.filter(person=person).select_related("scheme", "certificate").order_by("pk"):
        by_scheme[entry.scheme_id].append(entry)
    today, names = timezone.localdate(), []
    for entries in by_scheme.values():
        where = standing_under(entries[0].scheme, entries, today)
        if where.standing not in _IN_FORCE:
            continue
        # One in its days of grace has ended and is relied on all the same.
        last = where.valid_to if where.standing == Standing.GRACE and where.valid_to else today
        for fact in facts_known(entries):
            root = next(entry for entry in entries if entry.pk == fact.root.pk)
            if fact.kind in GRANTING and fact.last_day >= last and _rests(root, first_at):
                certificate = getattr(root, "certificate", None)
                names.append(f"{root.scheme.name} {certificate.number}" if certificate else root.scheme.name)
    return names


def _rests(entry: LedgerEntry, first_at: dict[str, dt.datetime]) -> bool:
    shown = {row["module"] for row in entry.evidence.get("shown", []) if "module" in row}
    return any(code in shown and moment <= entry.recorded_at for code, moment in first_at.items())
