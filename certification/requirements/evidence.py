"""What people have shown: hours, passed quizzes, signed practicals, statutory cards, ledger entries.

Loaded for any number of people in a fixed number of queries, then asked in memory for any day and moment.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from certification.enums import PracticalResult
from certification.models import (
    Attempt,
    CounterSignature,
    LedgerEntry,
    PracticalAssessment,
    Scheme,
    StatutoryCertificate,
)
from certification.versions.queries import changed_since, is_newest
from courses.models import HourCredit


@dataclass(frozen=True)
class Shown:
    """One thing shown: the day it counts from, the moment it became known, and how much of it."""

    day: dt.date
    recorded_at: dt.datetime
    value: int = 0

    def counts(self, on: dt.date, known_at: dt.datetime, since: dt.datetime | None) -> bool:
        """Whether it counts for ``on`` as known at ``known_at``, being newer than ``since``."""
        return self.day <= on and self.recorded_at <= known_at and (since is None or self.recorded_at > since)


@dataclass
class Evidence:
    """Everything one person has shown."""

    credits: dict[int, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    attempts: dict[int, list[Attempt]] = field(default_factory=lambda: defaultdict(list))
    practicals: dict[int, list[PracticalAssessment]] = field(default_factory=lambda: defaultdict(list))
    statutory: dict[int, list[StatutoryCertificate]] = field(default_factory=lambda: defaultdict(list))
    entries: dict[int, list[LedgerEntry]] = field(default_factory=lambda: defaultdict(list))
    changed_schemes: dict[int, dt.datetime] = field(default_factory=dict)
    countersignatures: list[CounterSignature] = field(default_factory=list)

    def minutes(self, module_id: int, on: dt.date, known_at: dt.datetime, since: dt.datetime | None) -> int:
        """Minutes credited for the module."""
        return sum(item.value for item in self.credits[module_id] if item.counts(on, known_at, since))

    def passed_quiz(
        self, quiz_id: int, on: dt.date, known_at: dt.datetime, since: dt.datetime | None
    ) -> Attempt | None:
        """Return the first passed attempt that counts."""
        closed = self._closed(quiz_id, on, known_at, since)
        return next((attempt for attempt in closed if attempt.is_passed), None)

    def scores(self, quiz_id: int, on: dt.date, known_at: dt.datetime, since: dt.datetime | None) -> list[int]:
        """Return the scores of the attempts that count, oldest first."""
        return [attempt.score or 0 for attempt in self._closed(quiz_id, on, known_at, since)]

    def closed_attempts(self, quiz_id: int, since: dt.datetime | None) -> list[Attempt]:
        """Return the attempts handed in or run out after ``since``, oldest first."""
        return self._closed(quiz_id, dt.date.max, dt.datetime.max.replace(tzinfo=dt.UTC), since)

    def _closed(self, quiz_id: int, on: dt.date, known_at: dt.datetime, since: dt.datetime | None) -> list[Attempt]:
        found = []
        for attempt in self.attempts[quiz_id]:
            closed = attempt.closed_at
            if closed is not None and Shown(timezone.localdate(closed), closed).counts(on, known_at, since):
                found.append(attempt)
        return found

    def signed_practical(
        self, checklist_id: int, on: dt.date, known_at: dt.datetime, since: dt.datetime | None
    ) -> PracticalAssessment | None:
        """Return the first passed practical that counts."""
        for practical in self.practicals[checklist_id]:
            shown = Shown(practical.assessed_on, practical.signed_at)
            if practical.result == PracticalResult.PASSED and shown.counts(on, known_at, since):
                return practical
        return None

    def cards(self, kind_id: int, known_at: dt.datetime) -> list[StatutoryCertificate]:
        """Return the statutory cards of a kind on record at ``known_at``, the longest valid first."""
        known = [card for card in self.statutory[kind_id] if card.recorded_at <= known_at]
        return sorted(known, key=lambda card: card.valid_to, reverse=True)


def evidence_of(person_ids: Collection[int], scheme_ids: Iterable[int] | None = None) -> dict[int, Evidence]:
    """Load the evidence of these people: eight queries, however many they are.

    Args:
        scheme_ids: restrict the ledger entries to these schemes; None takes all.
    """
    found: dict[int, Evidence] = {pk: Evidence() for pk in person_ids}
    for credit in HourCredit.objects.filter(person__in=person_ids).order_by("recorded_at"):
        found[credit.person_id].credits[credit.module_id].append(
            Shown(credit.earned_on, credit.recorded_at, credit.minutes)
        )
    for attempt in Attempt.objects.filter(person__in=person_ids).order_by("started_at", "pk"):
        found[attempt.person_id].attempts[attempt.quiz_id].append(attempt)
    practicals = PracticalAssessment.objects.filter(person__in=person_ids).select_related("assessor")
    for practical in practicals.order_by("signed_at", "pk"):
        found[practical.person_id].practicals[practical.checklist_id].append(practical)
    for card in StatutoryCertificate.objects.filter(person__in=person_ids):
        found[card.person_id].statutory[card.kind_id].append(card)
    for pk, by_scheme in entries_of(person_ids, scheme_ids).items():
        found[pk].entries.update(by_scheme)
    for pk, changed in changed_since(Scheme, person_ids).items():
        found[pk].changed_schemes.update(changed)
    signatures = CounterSignature.objects.filter(is_newest("scheme_version"), person__in=person_ids)
    for signature in signatures.select_related("signer"):
        found[signature.person_id].countersignatures.append(signature)
    return found


def entries_of(
    person_ids: Collection[int], scheme_ids: Iterable[int] | None = None
) -> dict[int, dict[int, list[LedgerEntry]]]:
    """Return the ledger entries by person and scheme: one query."""
    entries = LedgerEntry.objects.filter(person__in=person_ids)
    # The number of the version is shown; its content is not needed here.
    entries = entries.select_related("scheme_version").defer("scheme_version__content")
    if scheme_ids is not None:
        entries = entries.filter(scheme__in=scheme_ids)
    found: dict[int, dict[int, list[LedgerEntry]]] = {pk: defaultdict(list) for pk in person_ids}
    for entry in entries:
        found[entry.person_id][entry.scheme_id].append(entry)
    return found
