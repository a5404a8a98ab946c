"""Standing of a qualification as a pure function of its ledger entries, a day and a moment of knowledge.

Two times are kept apart. *Valid time* is the days a fact holds for (``valid_from``–``valid_to``); *recorded time* is
the moment it was written. ``standing(entries, on, known_at)`` answers for the day ``on`` with what stood in the ledger
at ``known_at``, so an answer once given can always be given again.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from certification.enums import EntryKind, Standing

GRANTING = frozenset({EntryKind.GRANTED, EntryKind.RENEWED})


class EntryLike(Protocol):
    """What the function needs to know of an entry; ``LedgerEntry`` is one."""

    @property
    def pk(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...
    @property
    def corrects_id(self) -> int | None: ...
    @property
    def is_void(self) -> bool: ...
    @property
    def recorded_at(self) -> dt.datetime: ...
    @property
    def reason(self) -> str: ...


@dataclass(frozen=True)
class Fact:
    """An entry as it counts after corrections: the kind of the first entry, the days of the last correction."""

    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    entry: EntryLike
    root: EntryLike

    @property
    def last_day(self) -> dt.date:
        """The last day; of an open end the last there is. Grants always have one."""
        return self.valid_to or dt.date.max

    def holds_on(self, day: dt.date) -> bool:
        """Whether the fact holds on ``day``; an open end lasts."""
        return self.valid_from <= day <= self.last_day


@dataclass(frozen=True)
class StandingOn:
    """The answer for one day.

    Args:
        standing: see ``certification.enums.Standing``.
        entry: the entry that decides it; None when nothing was ever granted.
        grant: the grant or renewal the person holds or last held, after corrections; None when there is none.
        since: the day the standing began; None when nothing was ever granted.
        valid_to: last day of the grant; None when there is none.
        grace_until: the last day on which the ended grant is still relied on; None where it is not.
    """

    standing: Standing
    entry: EntryLike | None = None
    grant: Fact | None = None
    since: dt.date | None = None
    valid_to: dt.date | None = None
    grace_until: dt.date | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the qualification stands that day."""
        return self.standing in (Standing.VALID, Standing.EXPIRING)

    @property
    def counts(self) -> bool:
        """Whether the gate relies on it that day: it stands, or its days of grace run."""
        return self.is_valid or self.standing == Standing.GRACE

    @property
    def until(self) -> dt.date | None:
        """The last day on which it may be relied on, days of grace that run included; None where it may not."""
        return (self.grace_until or self.valid_to) if self.counts else None


def facts_known(entries: Iterable[EntryLike], known_at: dt.datetime | None = None) -> list[Fact]:
    """Return what counts of ``entries`` at ``known_at`` (everything when None), in the order it was first recorded.

    A correction replaces its entry as if that had never been made; a void correction takes it away; a correction of
    a correction replaces the correction.
    """
    seen = sorted(
        (entry for entry in entries if known_at is None or entry.recorded_at <= known_at),
        # One not written yet (a correction being looked at) has no key and comes last.
        key=lambda entry: (entry.recorded_at, entry.pk or math.inf),
    )
    correction_of = {entry.corrects_id: entry for entry in seen if entry.corrects_id is not None}
    facts = []
    for root in seen:
        if root.kind == EntryKind.CORRECTED:
            continue
        last = root
        while last.pk in correction_of:
            last = correction_of[last.pk]
        if not last.is_void:
            facts.append(Fact(root.kind, last.valid_from, last.valid_to, last, root))
    return facts


class Terms(Protocol):
    """What a scheme says about its days; ``Scheme`` is one."""

    @property
    def grace_days(self) -> int: ...
    def renewed_from(self, expiring_days: int) -> int: ...


def standing_under(
    scheme: Terms,
    entries: Iterable[EntryLike],
    on: dt.date,
    known_at: dt.datetime | None = None,
    *,
    expiring_days: int = 60,
) -> StandingOn:
    """Return where a qualification stands by the days its scheme gives: the one reading of the gate and of all pages.

    Args:
        scheme: whose days of grace and of renewal count.
        expiring_days: what the settings say for schemes that say nothing about renewal.
    """
    renewed_from = scheme.renewed_from(expiring_days)
    return standing(entries, on, known_at, expiring_days=renewed_from, grace_days=scheme.grace_days)


def standing(
    entries: Iterable[EntryLike],
    on: dt.date,
    known_at: dt.datetime | None = None,
    *,
    expiring_days: int = 60,
    grace_days: int = 0,
) -> StandingOn:
    """Return where the qualification stands on day ``on``, as known at ``known_at``.

    Args:
        entries: the entries of one person and one scheme, in any order.
        on: the day asked about, in the organisation's zone.
        known_at: entries recorded later are not seen; None sees all.
        expiring_days: how many days before its last day a grant is shown as expiring.
        grace_days: how many days after its last day an ended grant is still relied on.
    """
    facts = facts_known(entries, known_at)
    begun = [fact for fact in facts if fact.valid_from <= on]
    answer = _taken_away(begun, on) or _granted(begun, on, expiring_days)
    if answer is not None:
        return _with_grace(answer, begun, on, grace_days)
    coming = [fact for fact in facts if fact.kind in GRANTING and fact.valid_from > on]
    if coming:
        first = min(coming, key=lambda fact: fact.valid_from)
        return StandingOn(Standing.NOT_YET, first.entry, first, first.valid_from, first.valid_to)
    return StandingOn(Standing.NONE)


def _with_grace(answer: StandingOn, begun: Sequence[Fact], on: dt.date, grace_days: int) -> StandingOn:
    """Say until when an ended grant is still relied on; not one that was suspended when it ended."""
    if answer.standing != Standing.EXPIRED or answer.valid_to is None or not grace_days:
        return answer
    until = answer.valid_to + dt.timedelta(days=grace_days)
    _revoked, suspended = _last_acts(begun)
    is_suspended = suspended is not None and suspended.holds_on(on)
    return answer if on > until or is_suspended else replace(answer, standing=Standing.GRACE, grace_until=until)


def is_taken_away(entries: Iterable[EntryLike], on: dt.date, known_at: dt.datetime) -> bool:
    """Whether a revocation or a suspension is in force that day, though the grant may have ended meanwhile."""
    begun = [fact for fact in facts_known(entries, known_at) if fact.valid_from <= on]
    revoked, suspended = _last_acts(begun)
    return revoked is not None or (suspended is not None and suspended.holds_on(on))


def _last_grant(begun: Sequence[Fact]) -> Fact | None:
    grants = [fact for fact in begun if fact.kind in GRANTING]
    return grants[-1] if grants else None


def _taken_away(begun: Sequence[Fact], on: dt.date) -> StandingOn | None:
    """Return the revocation or suspension in force that day, if there is one."""
    revoked, suspended = _last_acts(begun)
    grant = _last_grant(begun)
    if grant is None:
        return None
    about = StandingOn(Standing.REVOKED, grant=grant, valid_to=grant.valid_to)
    if revoked is not None:
        return replace(about, entry=revoked.entry, since=revoked.valid_from)
    if suspended is not None and suspended.holds_on(on) and _covers(begun, on):
        return replace(about, standing=Standing.SUSPENDED, entry=suspended.entry, since=suspended.valid_from)
    return None


def _last_acts(begun: Sequence[Fact]) -> tuple[Fact | None, Fact | None]:
    """Return the revocation and the suspension that nothing recorded later has ended."""
    revoked: Fact | None = None
    suspended: Fact | None = None
    for fact in begun:
        if fact.kind == EntryKind.REVOKED:
            revoked, suspended = fact, None
        elif fact.kind == EntryKind.SUSPENDED:
            suspended = fact
        elif fact.kind == EntryKind.REINSTATED:
            suspended = None
        elif fact.kind == EntryKind.GRANTED:
            revoked = suspended = None
    return revoked, suspended


def _covers(begun: Sequence[Fact], on: dt.date) -> bool:
    return any(fact.kind in GRANTING and fact.holds_on(on) for fact in begun)


def _granted(begun: Sequence[Fact], on: dt.date, expiring_days: int) -> StandingOn | None:
    """Return the standing on the day from the grants that have begun."""
    grants = [fact for fact in begun if fact.kind in GRANTING]
    if not grants:
        return None
    covering = [fact for fact in grants if fact.holds_on(on)]
    if not covering:
        last = max(grants, key=lambda fact: fact.last_day)
        ended = last.valid_to + dt.timedelta(days=1) if last.valid_to else None
        return StandingOn(Standing.EXPIRED, last.entry, last, ended, last.valid_to)
    held = max(covering, key=lambda fact: fact.last_day)
    expires_soon = (held.last_day - on).days < expiring_days
    state = Standing.EXPIRING if expires_soon else Standing.VALID
    return StandingOn(state, held.entry, held, held.valid_from, held.valid_to)
