"""Suspend, reinstate and revoke qualifications."""

import datetime as dt

from django.utils import timezone

from certification.enums import EntryKind, PublicReason
from certification.errors import ReasonNeeded
from certification.ledger.entries import append
from certification.models import LedgerEntry, Scheme
from portal.models import Person


def suspend(
    person: Person,
    scheme: Scheme,
    *,
    reason: str,
    act_key: str,
    by: Person | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Suspend from a day (the day recorded), until ``valid_to`` or until it is reinstated.

    Raises:
        ReasonNeeded: no reason given.
        IllegalOrder: nothing that could be suspended.
        ActBeforeGrant: the day lies before the grant.
    """
    return _take(EntryKind.SUSPENDED, person, scheme, reason, act_key, by, valid_from, valid_to, at)


def reinstate(
    person: Person,
    scheme: Scheme,
    *,
    act_key: str,
    by: Person | None,
    reason: str = "",
    valid_from: dt.date | None = None,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """End a suspension from a day on.

    Raises:
        IllegalOrder: it is not suspended.
    """
    at = at or timezone.now()
    first = valid_from or timezone.localdate(at)
    return append(EntryKind.REINSTATED, person, scheme, first, None, act_key=act_key, by=by, reason=reason, at=at)


def revoke(
    person: Person,
    scheme: Scheme,
    *,
    reason: str,
    act_key: str,
    by: Person | None,
    valid_from: dt.date | None = None,
    at: dt.datetime | None = None,
    public: PublicReason | str = "",
) -> LedgerEntry:
    """Take the qualification away for good; it can only be earned anew.

    Args:
        public: why, as the page of verification says it; nothing is said there without it.

    Raises:
        ReasonNeeded: no reason given.
        IllegalOrder: nothing that could be revoked.
        ActBeforeGrant: the day lies before the grant.
    """
    said = {"public_reason": PublicReason(public).value} if public else None
    return _take(EntryKind.REVOKED, person, scheme, reason, act_key, by, valid_from, None, at, said)


def _take(
    kind: EntryKind,
    person: Person,
    scheme: Scheme,
    reason: str,
    act_key: str,
    by: Person | None,
    valid_from: dt.date | None,
    valid_to: dt.date | None,
    at: dt.datetime | None,
    said: dict[str, str] | None = None,
) -> LedgerEntry:
    if not reason.strip():
        raise ReasonNeeded
    at = at or timezone.now()
    first = valid_from or timezone.localdate(at)
    return append(
        kind, person, scheme, first, valid_to, act_key=act_key, by=by, reason=reason.strip(), at=at, evidence=said
    )
