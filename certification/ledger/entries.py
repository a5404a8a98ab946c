"""Append entries to the ledger: legal transitions only, under the person's lock, idempotent, in order of recording."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import formats, timezone

from certification.enums import EntryKind
from certification.errors import ActKeyTaken
from certification.ledger.errors import ActBeforeGrant, IllegalOrder, RecordedBackwards
from certification.ledger.standing import GRANTING, Fact, facts_known
from certification.models import LedgerEntry, Scheme
from certification.versions.queries import version_in_effect
from portal.access import audit
from portal.models import Person

# What an entry says beside whom and what it is about.
SAID = ("valid_from", "valid_to", "is_void", "reason")
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


@transaction.atomic
def append(
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
    """Write one entry after checking, under the person's lock, that it may follow what stands.

    Raises:
        NotApprovedYet: it would grant by a scheme that has no approved version.
    """
    lock(person)
    done = entry_of_act(act_key, kind, person, scheme)
    if done is not None:
        return done
    facts = facts_of(person, scheme)
    check_may_follow(facts, kind, first)
    check_moment(person, scheme, at)
    entry = LedgerEntry.objects.create(
        person=person,
        scheme=scheme,
        kind=kind,
        valid_from=first,
        valid_to=last,
        reason=reason,
        scheme_version=version_in_effect(scheme) if kind in GRANTING else None,
        evidence=evidence or {},
        recorded_at=at,
        recorded_by=by,
        act_key=act_key,
    )
    told = {"person": person.pk, "scheme": scheme.code, "changes": said(entry)}
    audit.record(f"certification.{kind}", entry, actor=by, **told)
    return entry


def said(entry: LedgerEntry, corrected: LedgerEntry | None = None) -> list[dict[str, Any]]:
    """Return what an entry says, against the one it corrects where it corrects one, for the audit log."""
    values = [(name, getattr(corrected, name, None), getattr(entry, name)) for name in SAID]
    return [
        {"field": name, "old": _written(old), "new": _written(new)}
        for name, old, new in values
        if old != new and (corrected is not None or new)
    ]


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def check_may_follow(facts: list[Fact], kind: EntryKind, first: dt.date) -> None:
    """See that an act holding from ``first`` may follow what stands.

    Raises:
        IllegalOrder: not after the last act.
        ActBeforeGrant: the day lies before the grant.
    """
    previous = previous_kind(facts, first)
    if kind not in FOLLOWS[previous]:
        raise IllegalOrder(kind=kind.label, last=previous.label if previous else "—")
    grants = [fact for fact in facts if fact.kind in GRANTING]
    if grants and kind != EntryKind.GRANTED and first < grants[-1].valid_from:
        raise ActBeforeGrant(day=formats.date_format(grants[-1].valid_from, "DATE_FORMAT"))


def lock(person: Person) -> None:
    """Hold the person's row until the transaction ends: one act at a time on one file."""
    Person.objects.select_for_update().only("pk").get(pk=person.pk)


def facts_of(person: Person, scheme: Scheme) -> list[Fact]:
    """Return what counts of the person's entries of one scheme, corrections applied."""
    return facts_known(LedgerEntry.objects.filter(person=person, scheme=scheme))


def previous_kind(facts: list[Fact], day: dt.date) -> EntryKind | None:
    """Return the entry kind in force before an act of ``day``; a suspension that has ended counts as reinstated."""
    if not facts:
        return None
    last = facts[-1]
    if last.kind == EntryKind.SUSPENDED and last.valid_to is not None and last.valid_to < day:
        return EntryKind.REINSTATED
    return EntryKind(last.kind)


def entry_of_act(act_key: str, kind: EntryKind, person: Person, scheme: Scheme) -> LedgerEntry | None:
    """Return the entry this act made before.

    Raises:
        ActKeyTaken: the key belongs to another act.
    """
    entry = LedgerEntry.objects.filter(act_key=act_key).first()
    if entry is not None and (entry.kind, entry.person_id, entry.scheme_id) != (kind, person.pk, scheme.pk):
        raise ActKeyTaken
    return entry


def check_moment(person: Person, scheme: Scheme, at: dt.datetime) -> None:
    """See that ``at`` does not lie before the last entry of the person and scheme.

    Raises:
        RecordedBackwards: it does.
    """
    last = LedgerEntry.objects.filter(person=person, scheme=scheme).order_by("-recorded_at").first()
    if last is not None and at < last.recorded_at:
        raise RecordedBackwards(at=formats.date_format(timezone.localtime(last.recorded_at), "DATETIME_FORMAT"))
