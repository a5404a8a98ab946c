"""Queries on certificates."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.utils import timezone

from certification.enums import Standing
from certification.ledger.standing import GRANTING, facts_known, standing
from certification.models import Certificate, LedgerEntry
from courses.models import HourCredit
from portal.models import Person


def certificates_of_entries(entry_ids: Iterable[int]) -> dict[int, Certificate]:
    """Return the certificates by the ledger entry they print."""
    found = Certificate.objects.filter(entry__in=list(entry_ids))
    return {certificate.entry_id: certificate for certificate in found}


# A certificate of one of these may be relied on, now or as soon as a suspension ends.
_IN_FORCE = (Standing.VALID, Standing.EXPIRING, Standing.SUSPENDED, Standing.NOT_YET)


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
        if standing(entries, today).standing not in _IN_FORCE:
            continue
        for fact in facts_known(entries):
            root = next(entry for entry in entries if entry.pk == fact.root.pk)
            if fact.kind in GRANTING and fact.last_day >= today and _rests(root, first_at):
                certificate = getattr(root, "certificate", None)
                names.append(f"{root.scheme.name} {certificate.number}" if certificate else root.scheme.name)
    return names


def _rests(entry: LedgerEntry, first_at: dict[str, dt.datetime]) -> bool:
    shown = {row["module"] for row in entry.evidence.get("shown", []) if "module" in row}
    return any(code in shown and moment <= entry.recorded_at for code, moment in first_at.items())
