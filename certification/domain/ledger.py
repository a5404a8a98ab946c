"""Verbs of the qualification ledger. Nothing is ever changed: each verb appends one entry, once.

Every verb takes an ``act_key``; a second call with the same key returns the first call's entry, so a repeated form or a
command run twice writes nothing. ``at`` is the moment recorded, now by default; imports and demo data may give an
earlier one, but never one before the last entry, because what was known at a past moment must not change.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from certification.enums import EntryKind
from certification.errors import (
    ActBeforeGrant,
    ActKeyTaken,
    AlreadyCorrected,
    IllegalOrder,
    ReasonNeeded,
    RecordedBackwards,
)
from certification.models import LedgerEntry, Scheme
from certification.months import add_months
from certification.standing import GRANTING, Fact, facts_known
from portal import audit
from portal.models import Person

_HELD = frozenset({EntryKind.RENEWED, EntryKind.SUSPENDED, EntryKind.REVOKED, EntryKind.LAPSED})

# What may follow what. Corrections stand outside: any entry may be corrected once, and so may a correction.
FOLLOWS: dict[EntryKind | None, frozenset[EntryKind]] = {
    None: frozenset({EntryKind.GRANTED}),
    EntryKind.GRANTED: _HELD,
    EntryKind.RENEWED: _HELD,
    EntryKind.REINSTATED: _HELD,
    EntryKind.SUSPENDED: frozenset({EntryKind.REINSTATED, EntryKind.REVOKED, EntryKind.LAPSED}),
    EntryKind.LAPSED: frozenset({EntryKind.GRANTED}),
    EntryKind.REVOKED: frozenset({EntryKind.GRANTED}),
}


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

    Raises:
        IllegalOrder: it is held already.
    """
    at = at or timezone.now()
    first = valid_from or timezone.localdate(at)
    last = add_months(first, scheme.valid_months) - dt.timedelta(days=1)
    return _append(EntryKind.GRANTED, person, scheme, first, last, act_key=act_key, by=by, evidence=evidence, at=at)


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
    _lock(person)
    last_grant = next((fact for fact in reversed(_facts(person, scheme)) if fact.kind in GRANTING), None)
    held_to = last_grant.valid_to if last_grant else None
    base = held_to if held_to and held_to >= first else first - dt.timedelta(days=1)
    last = add_months(base, scheme.valid_months)
    return _append(EntryKind.RENEWED, person, scheme, first, last, act_key=act_key, by=by, evidence=evidence, at=at)


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
    return _append(EntryKind.REINSTATED, person, scheme, first, None, act_key=act_key, by=by, reason=reason, at=at)


def revoke(
    person: Person,
    scheme: Scheme,
    *,
    reason: str,
    act_key: str,
    by: Person | None,
    valid_from: dt.date | None = None,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Take the qualification away for good; it can only be earned anew.

    Raises:
        ReasonNeeded: no reason given.
        IllegalOrder: nothing that could be revoked.
        ActBeforeGrant: the day lies before the grant.
    """
    return _take(EntryKind.REVOKED, person, scheme, reason, act_key, by, valid_from, None, at)


@transaction.atomic
def lapse(person: Person, scheme: Scheme, *, at: dt.datetime | None = None) -> LedgerEntry | None:
    """Record that the last day has passed; None when it has not, or there is nothing to record.

    The standing does not depend on it; the entry makes the end visible in the file and asks for a new grant.
    """
    at = at or timezone.now()
    _lock(person)
    facts = _facts(person, scheme)
    grants = [fact for fact in facts if fact.kind in GRANTING]
    if not grants or EntryKind.LAPSED not in FOLLOWS[_previous(facts, timezone.localdate(at))]:
        return None
    ended = max(fact.valid_to for fact in grants if fact.valid_to)
    if ended >= timezone.localdate(at):
        return None
    key = f"lapse:{grants[-1].entry.pk}"
    return _append(EntryKind.LAPSED, person, scheme, ended + dt.timedelta(days=1), None, act_key=key, by=None, at=at)


@transaction.atomic
def correct(
    entry: LedgerEntry,
    *,
    reason: str,
    act_key: str,
    by: Person | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    void: bool = False,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Replace the days of ``entry`` (or, with ``void``, the entry itself) as if it had never been made.

    What was known before ``at`` stays as it was known; from ``at`` on the correction counts for past days too.

    Args:
        valid_from, valid_to: the right days; those of the entry when left out.

    Raises:
        ReasonNeeded: no reason given.
        AlreadyCorrected: there is a later correction.
    """
    at = at or timezone.now()
    _lock(entry.person)
    done = _done(act_key, EntryKind.CORRECTED, entry.person, entry.scheme)
    if done is not None:
        return done
    if not reason.strip():
        raise ReasonNeeded
    if LedgerEntry.objects.filter(corrects=entry).exists():
        raise AlreadyCorrected
    _check_moment(entry.person, entry.scheme, at)
    made = LedgerEntry.objects.create(
        person=entry.person,
        scheme=entry.scheme,
        kind=EntryKind.CORRECTED,
        corrects=entry,
        is_void=void,
        valid_from=valid_from or entry.valid_from,
        valid_to=valid_to or entry.valid_to,
        reason=reason.strip(),
        recorded_at=at,
        recorded_by=by,
        act_key=act_key,
    )
    audit.record("certification.corrected", made, actor=by, entry=entry.pk, void=void)
    return made


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
) -> LedgerEntry:
    if not reason.strip():
        raise ReasonNeeded
    at = at or timezone.now()
    first = valid_from or timezone.localdate(at)
    return _append(kind, person, scheme, first, valid_to, act_key=act_key, by=by, reason=reason.strip(), at=at)


@transaction.atomic
def _append(
    kind: EntryKind,
    person: Person,
    scheme: Scheme,
    first: dt.date,
    last: dt.date | None,
    *,
    act_key: str,
    by: Person | None,
    at: dt.datetime,
    reason: str = "",
    evidence: dict[str, Any] | None = None,
) -> LedgerEntry:
    """Write one entry after checking, under the person's lock, that it may follow what stands."""
    _lock(person)
    done = _done(act_key, kind, person, scheme)
    if done is not None:
        return done
    facts = _facts(person, scheme)
    previous = _previous(facts, first)
    if kind not in FOLLOWS[previous]:
        raise IllegalOrder(kind=kind.label, last=previous.label if previous else "—")
    grants = [fact for fact in facts if fact.kind in GRANTING]
    if grants and kind != EntryKind.GRANTED and first < grants[-1].valid_from:
        raise ActBeforeGrant(day=formats.date_format(grants[-1].valid_from, "DATE_FORMAT"))
    _check_moment(person, scheme, at)
    entry = LedgerEntry.objects.create(
        person=person,
        scheme=scheme,
        kind=kind,
        valid_from=first,
        valid_to=last,
        reason=reason,
        evidence=evidence or {},
        recorded_at=at,
        recorded_by=by,
        act_key=act_key,
    )
    audit.record(f"certification.{kind}", entry, actor=by, person=person.pk, scheme=scheme.code)
    return entry


def _lock(person: Person) -> None:
    """Hold the person's row until the transaction ends: one act at a time on one file."""
    Person.objects.select_for_update().only("pk").get(pk=person.pk)


def _facts(person: Person, scheme: Scheme) -> list[Fact]:
    return facts_known(LedgerEntry.objects.filter(person=person, scheme=scheme))


def _previous(facts: list[Fact], day: dt.date) -> EntryKind | None:
    """Return the kind that stands before an act of ``day``; a suspension that has run out reinstates itself."""
    if not facts:
        return None
    last = facts[-1]
    if last.kind == EntryKind.SUSPENDED and last.valid_to is not None and last.valid_to < day:
        return EntryKind.REINSTATED
    return EntryKind(last.kind)


def _done(act_key: str, kind: EntryKind, person: Person, scheme: Scheme) -> LedgerEntry | None:
    """Return the entry this act made before.

    Raises:
        ActKeyTaken: the key belongs to another act.
    """
    entry = LedgerEntry.objects.filter(act_key=act_key).first()
    if entry is not None and (entry.kind, entry.person_id, entry.scheme_id) != (kind, person.pk, scheme.pk):
        raise ActKeyTaken
    return entry


def _check_moment(person: Person, scheme: Scheme, at: dt.datetime) -> None:
    last = LedgerEntry.objects.filter(person=person, scheme=scheme).order_by("-recorded_at").first()
    if last is not None and at < last.recorded_at:
        raise RecordedBackwards(at=formats.date_format(timezone.localtime(last.recorded_at), "DATETIME_FORMAT"))
