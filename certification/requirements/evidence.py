"""Load people's evidence by kind of requirement, and their ledger entries.

Loaded for any number of people in a fixed number of queries, then asked in memory for any day and moment.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import get_language

from certification.kinds import requirement_kinds
from certification.models import (
    ApprovedVersion,
    CounterSignature,
    LedgerEntry,
    Requirement,
    Scheme,
    VersionAuthor,
    WorkLimit,
)
from certification.requirements.base import Asked, LoadedKind, RowKind
from certification.requirements.guidances import GUIDANCE, Guided, guidance_rows, guided_of
from certification.requirements.overrides import OVERRIDE, Override, override_of, override_rows
from certification.requirements.readings import READING, Reading, reading_of, reading_rows
from certification.requirements.rows import PEOPLE, SCHEMES, Row, fetch, flag, instance, json_text, rows_of
from certification.versions.kinds import label_of
from certification.versions.queries import is_newest
from portal.access.once import is_reading_once, once
from portal.models import Person
from portal.registry.duty import Reason

# As many people are read with everything there is about them while a page is made.
PAGE = 1_000

# Sources of rows beside the kinds of requirement.
ENTRY, CHANGED, SIGNED, LIMIT = "entry", "changed_scheme", "countersignature", "limit"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a standing is worked out of: a ledger entry without all that a record of the database carries with it.

    Args:
        version: number of the version of the scheme a grant rests on.
        taken_over: number of the earlier certificate a grant was taken over from; empty for those granted here.
    """

    pk: int
    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    corrects_id: int | None
    is_void: bool
    recorded_at: dt.datetime
    reason: str
    version: int | None
    taken_over: str = ""


@dataclass
class Evidence:
    """Everything one person has shown.

    Args:
        shown: by key of the kind, whatever the kind loads.
        entries: the ledger by scheme, in the order of recording.
        certificates: numbers of the certificates by key of the entry they print.
        readings: what must be read after revisions, by scheme.
        overrides: for what work somebody answered for the person.
        guidances: under whom the person works, by scheme.
        limits: what is limited in words by scheme, with the moment it was said, the latest last.
    """

    shown: dict[str, Any] = field(default_factory=dict)
    entries: dict[int, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    changed_schemes: dict[int, dt.datetime] = field(default_factory=dict)
    countersignatures: list[CounterSignature] = field(default_factory=list)
    certificates: dict[int, str] = field(default_factory=dict)
    readings: dict[int, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    overrides: list[Override] = field(default_factory=list)
    guidances: list[Guided] = field(default_factory=list)
    limits: dict[int, list[tuple[dt.datetime, str]]] = field(default_factory=lambda: defaultdict(list))

    def limit(self, scheme_id: int, known_at: dt.datetime) -> str:
        """Return what of a scheme the person does not do, by what was on record at that moment."""
        said = [text for moment, text in self.limits.get(scheme_id, ()) if moment <= known_at]
        return said[-1] if said else ""

    def as_it_stood(self, is_moved: Callable[[int, str], bool]) -> "Evidence":
        """Return the evidence without what rests on where machines were moved to.

        Args:
            is_moved: takes the key of a machine and the path of its category.
        """
        shown = {kind.key: kind.as_it_stood(self.shown[kind.key], is_moved) for kind in requirement_kinds}
        return replace(self, shown=shown)

    def is_untouched(self, requirement: Requirement) -> bool:
        """Whether the person has shown nothing of a requirement."""
        return requirement_kinds.get(requirement.kind).is_untouched(requirement, self.shown[requirement.kind])

    def judge(self, requirement: Requirement, asked: Asked) -> Reason:
        """Return a requirement as a reason, met or not.

        Raises:
            UnknownKind: no module defines its kind.
        """
        kind = requirement_kinds.get(requirement.kind)
        shown = self.shown[kind.key]
        if not kind.is_untouched(requirement, shown):
            return kind.judge(requirement, shown, asked)
        # The same sentence for everybody who asks for that day and was first granted it on the same one, or never, as
        # long as this instance of the requirement is in use.
        known = requirement.__dict__.setdefault("_nothing_shown", {})
        key = (get_language(), asked.on, asked.held_since)
        if key not in known:
            known[key] = kind.judge(requirement, shown, asked)
        return known[key]


def evidence_of(
    person_ids: Collection[int], scheme_ids: Iterable[int] | None = None, *, only_deciding: bool = False
) -> dict[int, Evidence]:
    """Load the evidence of these people in one query, however many they are; kinds that read for themselves add theirs.

    Args:
        scheme_ids: restrict ledger entries and evidence to what these schemes ask for; None takes all.
        only_deciding: leave out in-house evidence: it leads to the grant, and by the grant the gate decides. What is
            said to be missing without one is more than is missing.
    """
    if not _is_page(person_ids):
        return _evidence_of(person_ids, scheme_ids, only_deciding=only_deciding)
    # Of a page's people everything is read at once: what was read for all of them does for some.
    known: dict[int, Evidence] = once(("evidence", only_deciding), dict)
    if missing := set(person_ids) - known.keys():
        known.update(_evidence_of(missing, None, only_deciding=only_deciding))
    return {pk: known[pk] for pk in person_ids}


def _is_page(person_ids: Collection[int]) -> bool:
    return is_reading_once() and len(person_ids) <= PAGE


def _evidence_of(
    person_ids: Collection[int], scheme_ids: Iterable[int] | None, *, only_deciding: bool
) -> dict[int, Evidence]:
    schemes = None if scheme_ids is None else list(scheme_ids)
    rows = _rows(person_ids, schemes, only_deciding=only_deciding)
    by_kind = {
        **{kind.key: kind.read(person_ids, _of(kind, rows)) for kind in requirement_kinds if isinstance(kind, RowKind)},
        **{kind.key: kind.load(person_ids) for kind in requirement_kinds if isinstance(kind, LoadedKind)},
    }
    found = {pk: Evidence({key: shown[pk] for key, shown in by_kind.items()}) for pk in person_ids}
    for row in sorted(rows[ENTRY], key=lambda row: (row.moment_1, row.key)):
        found[row.person].entries[row.subject].append(entry_of(row))
        if row.text_3:
            found[row.person].certificates[row.key] = row.text_3
    for row in rows[CHANGED]:
        moments = found[row.person].changed_schemes
        moment = cast("dt.datetime", row.moment_1)
        moments[row.subject] = min(moment, moments.get(row.subject, moment))
    for row in sorted(rows[SIGNED], key=lambda row: (row.moment_1, row.key), reverse=True):
        found[row.person].countersignatures.append(_signature(row))
    for row in sorted(rows[READING], key=lambda row: (row.moment_1, row.key)):
        found[row.person].readings[row.subject].append(reading_of(row))
    for row in sorted(rows[LIMIT], key=lambda row: (row.moment_1, row.key)):
        found[row.person].limits[row.subject].append((cast("dt.datetime", row.moment_1), row.text_1 or ""))
    for row in sorted(rows[GUIDANCE], key=lambda row: row.key):
        found[row.person].guidances.append(guided_of(row))
    for row in sorted(rows[OVERRIDE], key=lambda row: row.key):
        found[row.person].overrides.append(override_of(row))
    return found


def _of(kind: RowKind, rows: Mapping[str, list[Row]]) -> list[Row]:
    return [row for source in (kind.key, *kind.more_sources) for row in rows[source]]


def entries_of(
    person_ids: Collection[int], scheme_ids: Iterable[int] | None = None, *, only_deciding: bool = False
) -> dict[int, dict[int, list[Entry]]]:
    """Return the ledger entries by person and scheme: one query.

    Args:
        only_deciding: whether the page these are of asks for no other evidence, see :func:`evidence_of`.
    """
    if _is_page(person_ids):
        found = evidence_of(person_ids, only_deciding=only_deciding)
        return {pk: evidence.entries for pk, evidence in found.items()}
    schemes = None if scheme_ids is None else list(scheme_ids)
    narrowed = schemes is not None
    rows = fetch((ENTRY, narrowed), lambda: [_entry_rows(of_schemes=narrowed)], person_ids, schemes)[ENTRY]
    listed: dict[int, dict[int, list[Entry]]] = {pk: defaultdict(list) for pk in person_ids}
    for row in sorted(rows, key=lambda row: (row.moment_1, row.key)):
        listed[row.person][row.subject].append(entry_of(row))
    return listed


def _rows(person_ids: Collection[int], schemes: Collection[int] | None, *, only_deciding: bool) -> dict[str, list[Row]]:
    narrowed = schemes is not None
    kinds = [kind for kind in requirement_kinds if isinstance(kind, RowKind)]
    kinds = [kind for kind in kinds if not (only_deciding and kind.is_in_house)]

    def build() -> list[QuerySet[Any]]:
        evidence = [kind.rows(of_schemes=narrowed) for kind in kinds]
        evidence += [rows for kind in kinds for rows in kind.more_rows(of_schemes=narrowed)]
        earning = [] if only_deciding else [*_changer_rows(), _signature_rows()]
        besides = [reading_rows(), override_rows(), guidance_rows(), _limit_rows()]
        return [_entry_rows(of_schemes=narrowed), *earning, *besides, *evidence]

    return fetch(("evidence", narrowed, only_deciding, tuple(type(kind) for kind in kinds)), build, person_ids, schemes)


def _entry_rows(*, of_schemes: bool) -> QuerySet[Any]:
    entries = LedgerEntry.objects.filter(person__in=PEOPLE)
    return rows_of_entries(entries.filter(scheme__in=SCHEMES) if of_schemes else entries, ENTRY)


def rows_of_entries(entries: QuerySet[LedgerEntry], source: str) -> QuerySet[Any]:
    """Return ledger entries as rows of the evidence, to be read by :func:`entry_of`."""
    return rows_of(
        entries,
        source,
        "scheme_id",
        days=["valid_from", "valid_to"],
        moments=["recorded_at"],
        # The number of the version is shown; its content is not needed here.
        numbers=["corrects_id", flag("is_void"), "scheme_version__number"],
        texts=["kind", "reason", "certificate__number", "taken_over__number"],
    )


def entry_of(row: Row) -> Entry:
    """Return a row as what a standing is worked out of."""
    return Entry(
        pk=row.key,
        kind=row.text_1 or "",
        valid_from=cast("dt.date", row.day_1),
        valid_to=row.day_2,
        corrects_id=row.number_1,
        is_void=bool(row.number_2),
        recorded_at=cast("dt.datetime", row.moment_1),
        reason=row.text_2 or "",
        version=row.number_3,
        taken_over=row.text_4 or "",
    )


def _limit_rows() -> QuerySet[Any]:
    said = WorkLimit.objects.filter(person__in=PEOPLE)
    return rows_of(said, LIMIT, "scheme_id", moments=["recorded_at"], texts=["text"])


def _changer_rows() -> list[QuerySet[Any]]:
    """Return who wrote or approved which scheme and since when."""
    label = label_of(Scheme)
    approved = ApprovedVersion.objects.filter(record_label=label, approved_by__in=PEOPLE)
    written = VersionAuthor.objects.filter(version__record_label=label, person__in=PEOPLE)
    return [
        rows_of(approved, CHANGED, "record_id", person="approved_by_id", moments=["approved_at"]),
        rows_of(written, CHANGED, "version__record_id", moments=["version__approved_at"]),
    ]


def _signature_rows() -> QuerySet[Any]:
    return rows_of(
        CounterSignature.objects.filter(is_newest("scheme_version"), person__in=PEOPLE),
        SIGNED,
        "scheme_id",
        moments=["signed_at"],
        numbers=["signer_id"],
        texts=["signer__name", json_text("attempts"), json_text("practicals")],
    )


def _signature(row: Row) -> CounterSignature:
    signature = instance(
        CounterSignature,
        id=row.key,
        person_id=row.person,
        scheme_id=row.subject,
        signer_id=row.number_1,
        signed_at=row.moment_1,
        attempts=json.loads(row.text_2 or "[]"),
        practicals=json.loads(row.text_3 or "[]"),
    )
    signature.signer = instance(Person, id=row.number_1, name=row.text_1)
    return signature
