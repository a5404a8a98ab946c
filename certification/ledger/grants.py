"""Grant, renew and lapse qualifications."""

import datetime as dt
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone

from certification.enums import EntryKind
from certification.ledger.entries import FOLLOWS, append, facts_of, lock, previous_kind
from certification.ledger.errors import AlreadyGranted
from certification.ledger.standing import GRANTING
from certification.models import LedgerEntry, Scheme
from portal.models import Person


def grant(
    person: Person,
    scheme: Scheme,
    *,
    act_key: str,
    valid_from: dt.date | None = None,
    by: Person | None = None,
    evidence: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Grant the qualification from ``valid_from`` (the day recorded) for the scheme's months.

    It ends on the day before the same day that many months later; a shorter month has its last day instead.

    Raises:
        IllegalOrder: it is held already.
    """
    at = at or timezone.now()
    first = valid_from or timezone.localdate(at)
    last = first + relativedelta(months=scheme.valid_months) - dt.timedelta(days=1)
    return append(EntryKind.GRANTED, person, scheme, first, last, act_key=act_key, by=by, evidence=evidence, at=at)


@transaction.atomic
def take_over(
    person: Person,
    scheme: Scheme,
    *,
    first: dt.date,
    last: dt.date,
    act_key: str,
    by: Person,
    evidence: dict[str, Any],
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Grant what an earlier certificate says: for its own days, known from ``at`` (now) on.

    Raises:
        AlreadyGranted: the ledger knows a grant of the scheme, also one that has ended.
        NotApprovedYet: the scheme has no approved version.
    """
    lock(person)
    if facts_of(person, scheme) and not LedgerEntry.objects.filter(act_key=act_key).exists():
        raise AlreadyGranted(scheme=scheme.name)
    at = at or timezone.now()
    return append(EntryKind.GRANTED, person, scheme, first, last, act_key=act_key, by=by, evidence=evidence, at=at)


@transaction.atomic
def renew(
    person: Person,
    scheme: Scheme,
    *,
    act_key: str,
    by: Person | None = None,
    evidence: dict[str, Any] | None = None,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Renew from the day recorded; days left of the current grant are not lost.

    Raises:
        IllegalOrder: nothing to renew, or it is suspended, lapsed or revoked.
    """
    at = at or timezone.now()
    first = timezone.localdate(at)
    lock(person)
    last_grant = next((fact for fact in reversed(facts_of(person, scheme)) if fact.kind in GRANTING), None)
    held_to = last_grant.valid_to if last_grant else None
    base = held_to if held_to and held_to >= first else first - dt.timedelta(days=1)
    last = base + relativedelta(months=scheme.valid_months)
    return append(EntryKind.RENEWED, person, scheme, first, last, act_key=act_key, by=by, evidence=evidence, at=at)


@transaction.atomic
def lapse(
    person: Person, scheme: Scheme, *, at: dt.datetime | None = None, even_in_grace: bool = False
) -> LedgerEntry | None:
    """Record that the last day has passed; None when it has not, or there is nothing to record.

    The standing does not depend on it; the entry makes the end visible in the file and asks for a new grant. While days
    of grace run the qualification is relied on and may still be suspended or revoked, so nothing is recorded yet.

    Args:
        even_in_grace: what follows is a new grant.
    """
    at = at or timezone.now()
    lock(person)
    facts = facts_of(person, scheme)
    grants = [fact for fact in facts if fact.kind in GRANTING]
    if not grants or EntryKind.LAPSED not in FOLLOWS[previous_kind(facts, timezone.localdate(at))]:
        return None
    ended = max(grants, key=lambda fact: fact.last_day)
    relied_on = dt.timedelta(days=0 if even_in_grace else scheme.grace_days)
    if timezone.localdate(at) - relied_on <= ended.last_day:
        return None
    # The key is the entry that says the last day: once that is corrected, it may lapse again.
    first, key = ended.last_day + dt.timedelta(days=1), f"lapse:{ended.entry.pk}"
    return append(EntryKind.LAPSED, person, scheme, first, None, act_key=key, by=None, at=at)
