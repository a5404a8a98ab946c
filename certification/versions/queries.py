"""Queries on drafts and approved versions."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from certification.enums import DraftState
from certification.models import ApprovedVersion, Draft, DraftSave, VersionAuthor
from certification.versions.errors import NotApprovedYet
from certification.versions.kinds import Versioned, approve_permission, change_permission, label_of, labels
from portal.models import Person


def versions_of(record: Versioned) -> QuerySet[ApprovedVersion]:
    """Return the approved versions of a record, the newest first."""
    found = ApprovedVersion.objects.filter(record_label=label_of(record), record_id=record.pk)
    return found.order_by("-number")


def version_in_effect(record: Versioned) -> ApprovedVersion:
    """Return the version the record's row shows.

    Raises:
        NotApprovedYet: it was never approved.
    """
    version = versions_of(record).first()
    if version is None:
        raise NotApprovedYet(record=str(record))
    return version


def has_changed(person: Person, version: ApprovedVersion) -> bool:
    """Whether the person wrote or approved this version or an earlier one of the same record.

    A later version keeps what an earlier one said, so who set the pass mark in version 2 has set that of version 3.
    """
    return person.pk in changers_of(version)


def changers_of(version: ApprovedVersion) -> set[int]:
    """Return who wrote or approved this version or an earlier one of the same record."""
    upto = ApprovedVersion.objects.filter(
        record_label=version.record_label, record_id=version.record_id, number__lte=version.number
    )
    writers = VersionAuthor.objects.filter(version__in=upto).values_list("person", flat=True)
    return {*upto.values_list("approved_by", flat=True), *writers}


def changed_since(model: type[Versioned], person_ids: Collection[int]) -> dict[int, dict[int, dt.datetime]]:
    """Return, by person, the records of a kind the person wrote or approved and since when: two queries."""
    label = label_of(model)
    approved = ApprovedVersion.objects.filter(record_label=label, approved_by__in=person_ids)
    written = VersionAuthor.objects.filter(version__record_label=label, person__in=person_ids)
    facts = [
        *approved.values_list("approved_by", "record_id", "approved_at"),
        *written.values_list("person", "version__record_id", "version__approved_at"),
    ]
    found: dict[int, dict[int, dt.datetime]] = {pk: {} for pk in person_ids}
    for person, record, moment in facts:
        found[person][record] = min(moment, found[person].get(record, moment))
    return found


def is_newest(version: str) -> Q:
    """Return a condition: the version in the foreign key ``version`` is the one in effect."""
    newer = ApprovedVersion.objects.filter(
        record_label=OuterRef(f"{version}__record_label"),
        record_id=OuterRef(f"{version}__record_id"),
        number__gt=OuterRef(f"{version}__number"),
    )
    return Q(~Exists(newer))


def waiting_draft(record: Versioned) -> Draft | None:
    """Return the draft of this record that waits for approval."""
    return Draft.objects.filter(record_label=label_of(record), record_id=record.pk, state=DraftState.WAITING).first()


def latest_save(draft: Draft) -> DraftSave:
    """Return the state of the draft that is to be decided."""
    return draft.saves.order_by("-number")[0]


def authors_of(draft: Draft) -> set[int]:
    """Return everybody who saved the draft."""
    return {save.saved_by_id for save in draft.saves.all()}


def drafts_for(reader: Any) -> QuerySet[Draft]:
    """Return the drafts of the kinds the reader may draft or approve, with their saves, the oldest first."""
    seen = [label for label in labels() if _may_see(reader, label)]
    saves = DraftSave.objects.select_related("saved_by").order_by("number")
    return (
        Draft.objects.filter(record_label__in=seen)
        .select_related("decided_by")
        .prefetch_related(Prefetch("saves", saves))
        .order_by("opened_at", "pk")
    )


def may_see_drafts(reader: Any) -> bool:
    """Whether the list of drafts is open to the reader."""
    return any(_may_see(reader, label) for label in labels())


def _may_see(reader: Any, label: str) -> bool:
    return reader.has_perm(approve_permission(label)) or reader.has_perm(change_permission(label))
