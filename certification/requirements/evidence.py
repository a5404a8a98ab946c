"""Load people's evidence by kind of requirement, and their ledger entries.

Loaded for any number of people in a fixed number of queries, then asked in memory for any day and moment.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from certification.kinds import requirement_kinds
from certification.models import CounterSignature, LedgerEntry, Requirement, Scheme
from certification.requirements.base import Asked
from certification.versions.queries import changed_since, is_newest
from portal.registry.duty import Reason


@dataclass
class Evidence:
    """Everything one person has shown.

    Args:
        shown: by key of the kind, whatever the kind loads.
        entries: the ledger by scheme.
    """

    shown: dict[str, Any] = field(default_factory=dict)
    entries: dict[int, list[LedgerEntry]] = field(default_factory=lambda: defaultdict(list))
    changed_schemes: dict[int, dt.datetime] = field(default_factory=dict)
    countersignatures: list[CounterSignature] = field(default_factory=list)

    def judge(self, requirement: Requirement, asked: Asked) -> Reason:
        """Return a requirement as a reason, met or not.

        Raises:
            UnknownKind: no module defines its kind.
        """
        kind = requirement_kinds.get(requirement.kind)
        return kind.judge(requirement, self.shown[kind.key], asked)


def evidence_of(person_ids: Collection[int], scheme_ids: Iterable[int] | None = None) -> dict[int, Evidence]:
    """Load the evidence of these people: a query or so a kind, and four more, however many they are.

    Args:
        scheme_ids: restrict the ledger entries to these schemes; None takes all.
    """
    by_kind = {kind.key: kind.load(person_ids) for kind in requirement_kinds}
    entries = entries_of(person_ids, scheme_ids)
    changed = changed_since(Scheme, person_ids)
    signed: dict[int, list[CounterSignature]] = {pk: [] for pk in person_ids}
    signatures = CounterSignature.objects.filter(is_newest("scheme_version"), person__in=person_ids)
    for signature in signatures.select_related("signer"):
        signed[signature.person_id].append(signature)
    return {
        pk: Evidence({key: shown[pk] for key, shown in by_kind.items()}, entries[pk], changed[pk], signed[pk])
        for pk in person_ids
    }


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
