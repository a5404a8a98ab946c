"""Correct ledger entries by appending a correction; the corrected entry stays on record."""

import datetime as dt

from django.db import transaction
from django.utils import formats, timezone

from certification.enums import EntryKind
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.ledger.entries import check_may_follow, check_moment, entry_of_act, lock, said
from certification.ledger.errors import (
    ActBeforeGrant,
    AlreadyCorrected,
    IllegalOrder,
    LastDayWrong,
    LaterEntryRests,
    NothingCorrected,
    WiderThanCountersigned,
)
from certification.ledger.standing import GRANTING, Fact, facts_known
from certification.models import LedgerEntry
from portal.access import audit
from portal.models import Person


@transaction.atomic
def correct(
    entry: LedgerEntry,
    *,
    reason: str,
    act_key: str,
    by: Person | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    open_ended: bool = False,
    void: bool = False,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Replace the days of ``entry`` (or, with ``void``, the entry itself) as if it had never been made.

    What was known before ``at`` stays as it was known; from ``at`` on the correction counts for past days too.
    Arguments and refusals are those of :func:`draft_correction`.

    Raises:
        ActKeyTaken: the key belongs to another act.
    """
    lock(entry.person)
    done = entry_of_act(act_key, EntryKind.CORRECTED, entry.person, entry.scheme)
    if done is not None:
        if done.corrects_id != entry.pk:
            raise ActKeyTaken
        return done
    made = draft_correction(
        entry, reason=reason, by=by, valid_from=valid_from, valid_to=valid_to, open_ended=open_ended, void=void, at=at
    )
    made.act_key = act_key
    made.save()
    facts = {"entry": entry.pk, "void": void, "person": entry.person_id, "scheme": entry.scheme.code}
    audit.record("certification.corrected", made, actor=by, **facts, changes=said(made, entry))
    return made


def draft_correction(
    entry: LedgerEntry,
    *,
    reason: str,
    by: Person | None,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
    open_ended: bool = False,
    void: bool = False,
    at: dt.datetime | None = None,
) -> LedgerEntry:
    """Return the correction as it would be written, for a second look; nothing is saved.

    Args:
        valid_from, valid_to: the right days; those of the entry when left out.
        open_ended: there is no last day, whatever the entry says: a suspension until it is reinstated.

    Raises:
        ReasonNeeded, AlreadyCorrected: no reason given; there is a later correction.
        RecordedBackwards: ``at`` lies before the last entry.
        LastDayWrong, NothingCorrected, LaterEntryRests: the days make no correction, or a later entry would not fit.
        WiderThanCountersigned: it would give days that no second assessor has signed for.
    """
    if not reason.strip():
        raise ReasonNeeded
    if LedgerEntry.objects.filter(corrects=entry).exists():
        raise AlreadyCorrected
    at = at or timezone.now()
    check_moment(entry.person, entry.scheme, at)
    draft = LedgerEntry(
        person=entry.person,
        scheme=entry.scheme,
        kind=EntryKind.CORRECTED,
        corrects=entry,
        is_void=void,
        valid_from=valid_from or entry.valid_from,
        valid_to=None if open_ended else valid_to or entry.valid_to,
        reason=reason.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    _check_days(draft, entry)
    _check_countersigned(draft, root_of(entry))
    _check_later(draft)
    return draft


def root_of(entry: LedgerEntry) -> LedgerEntry:
    """Return the entry that a chain of corrections began with; itself when it corrects none."""
    while entry.corrects is not None:
        entry = entry.corrects
    return entry


def _check_days(draft: LedgerEntry, entry: LedgerEntry) -> None:
    if draft.valid_to is None and root_of(entry).kind in GRANTING:
        raise LastDayWrong(LastDayWrong.NEEDED)
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        raise LastDayWrong
    if (draft.valid_from, draft.valid_to, draft.is_void) == (entry.valid_from, entry.valid_to, entry.is_void):
        raise NothingCorrected


def _check_countersigned(draft: LedgerEntry, root: LedgerEntry) -> None:
    """See that a correction gives no more days than the counter-signed entry that the chain began with."""
    shown = root.evidence.get("shown", [])
    if draft.is_void or not any("countersignature" in row for row in shown):
        return
    if draft.valid_from < root.valid_from or (draft.valid_to or dt.date.max) > (root.valid_to or dt.date.max):
        raise WiderThanCountersigned


def _check_later(draft: LedgerEntry) -> None:
    """See that the ledger with the correction in it is one that could have been written."""
    entries = LedgerEntry.objects.filter(person=draft.person, scheme=draft.scheme)
    facts = facts_known([*entries, draft])
    for place, fact in enumerate(facts):
        try:
            check_may_follow(facts[:place], EntryKind(fact.kind), fact.valid_from)
        except (IllegalOrder, ActBeforeGrant) as refusal:
            raise _rests(fact) from refusal
        # What follows a lapse is a new grant: one that still holds could neither be suspended nor lapse again.
        if fact.kind == EntryKind.LAPSED and _is_covered(facts[:place], fact.valid_from):
            raise _rests(fact)


def _is_covered(facts: list[Fact], day: dt.date) -> bool:
    return any(fact.kind in GRANTING and fact.last_day >= day for fact in facts)


def _rests(fact: Fact) -> LaterEntryRests:
    day = formats.date_format(fact.valid_from, "DATE_FORMAT")
    return LaterEntryRests(kind=EntryKind(fact.kind).label, day=day)
