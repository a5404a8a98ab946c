"""Drafting, approving and rejecting changes of schemes, quizzes and checklists.

The row of a record is always the approved state: ``save_draft`` leaves it alone, only :func:`approve` and
:func:`enact` write it, and both write an ``ApprovedVersion`` with it.
"""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from certification.enums import DraftState
from certification.models import ApprovedVersion, Draft, DraftSave, VersionAuthor
from certification.versions.errors import (
    ChangedSince,
    NothingToApprove,
    OwnChange,
    RejectionNeedsReason,
)
from certification.versions.kinds import Versioned, approve_permission, label_of, model_of
from certification.versions.queries import authors_of, latest_save, waiting_draft
from certification.versions.snapshots import check_complete, compare, restore
from portal.access import audit
from portal.access.changes import Snapshot, snapshot
from portal.errors import NotAllowed
from portal.models import Person


@transaction.atomic
def save_draft(
    record: Versioned, *, by: Person, draft: Draft | None = None, at: dt.datetime | None = None
) -> Draft | None:
    """Keep ``record``, as it is in memory, as a draft; nothing takes effect.

    A record has one waiting draft: another save goes on it, whoever made it. A rejected draft waits again.

    Args:
        record: with its rows; unsaved when it is to be a new one.
        draft: the draft that is continued; needed for records that do not exist yet.

    Returns:
        The draft, or None when the record says all this already and no draft waits.

    Raises:
        NothingToApprove: the draft was approved meanwhile.
        ValueError: the draft is one of another record.
    """
    at = at or timezone.now()
    in_effect = _lock(label_of(record), record.pk)
    content = snapshot(record)
    waiting = waiting_draft(record) if record.pk else None
    known = waiting or draft
    if known is not None and (known.record_label, known.record_id) != (label_of(record), record.pk):
        raise ValueError(f"{known} is no draft of {record}")
    if known is None and in_effect == content:
        return None
    if known is None:
        known = Draft.objects.create(
            record_label=label_of(record), record_id=record.pk, title=str(record)[:200], opened_at=at
        )
    known = _reopen(known, str(record))
    number = known.saves.count() + 1
    DraftSave.objects.create(draft=known, number=number, content=content, saved_by=by, saved_at=at)
    _record("certification.draft_saved", known, by, in_effect, content, save=number)
    return known


@transaction.atomic
def approve(draft: Draft, *, by: Person, save: int, at: dt.datetime | None = None) -> ApprovedVersion:
    """Put the draft into effect: write the record with its rows, and the version that is evidence of it.

    Args:
        by: somebody entitled to approve this kind who saved no part of the draft.
        save: number of the save that was looked at.

    Raises:
        NothingToApprove: it was decided already.
        NotAllowed: not entitled.
        OwnChange: ``by`` wrote part of it.
        ChangedSince: it was saved anew since it was looked at.
        NotComplete: it could not stand as a record.
    """
    locked = _waiting(draft, save)
    if not by.has_perm(approve_permission(locked.record_label)):
        raise NotAllowed
    authors = authors_of(locked)
    if by.pk in authors:
        raise OwnChange
    before = _lock(locked.record_label, locked.record_id)
    record = restore(locked.record_label, latest_save(locked).content)
    version = _put_into_effect(record, authors, by, at or timezone.now(), locked)
    locked.record_id = version.record_id
    _decide(locked, DraftState.APPROVED, by, version.approved_at)
    _record("certification.version_approved", locked, by, before, version.content, version=version.number)
    return version


@transaction.atomic
def reject(draft: Draft, *, by: Person, save: int, reason: str, at: dt.datetime | None = None) -> Draft:
    """Refuse the draft with a reason; the record stays as it is. Authors may withdraw their own draft like this.

    Raises:
        NothingToApprove, ChangedSince: as in :func:`approve`.
        NotAllowed: neither entitled to approve nor an author.
        RejectionNeedsReason: none given.
    """
    if not reason.strip():
        raise RejectionNeedsReason
    locked = _waiting(draft, save)
    if not by.has_perm(approve_permission(locked.record_label)) and by.pk not in authors_of(locked):
        raise NotAllowed
    locked.reason = reason.strip()
    _decide(locked, DraftState.REJECTED, by, at or timezone.now())
    # What stands is what was there before; the changes are those that were refused.
    record = model_of(locked.record_label)._default_manager.filter(pk=locked.record_id).first()
    stands, refused = snapshot(record) if record else None, latest_save(locked).content
    _record("certification.draft_rejected", locked, by, stands, refused, reason=locked.reason)
    return locked


@transaction.atomic
def enact(
    record: Versioned, *, drafted_by: Collection[Person], approved_by: Person, at: dt.datetime | None = None
) -> ApprovedVersion:
    """Write a record that was drafted and approved before it came into the portal (imports, demo data).

    Raises:
        OwnChange: the approver is one of the authors.
        NotComplete: it could not stand as a record.
    """
    authors = {person.pk for person in drafted_by}
    if approved_by.pk in authors:
        raise OwnChange
    before = _lock(label_of(record), record.pk)
    version = _put_into_effect(record, authors, approved_by, at or timezone.now(), None)
    changes = [change.as_data() for change in compare(version.record_label, before, version.content)]
    name = f"{version.record_label}:{version.record_id}"
    audit.record("certification.version_enacted", name, actor=approved_by, version=version.number, changes=changes)
    return version


def _put_into_effect(
    record: Versioned, authors: Collection[int], approver: Person, at: dt.datetime, draft: Draft | None
) -> ApprovedVersion:
    check_complete(record)
    record.save()
    label = label_of(record)
    version = ApprovedVersion.objects.create(
        record_label=label,
        record_id=record.pk,
        number=ApprovedVersion.objects.filter(record_label=label, record_id=record.pk).count() + 1,
        content=snapshot(model_of(label).objects.get(pk=record.pk)),
        draft=draft,
        approved_by=approver,
        approved_at=at,
    )
    VersionAuthor.objects.bulk_create(VersionAuthor(version=version, person_id=pk) for pk in sorted(authors))
    return version


def _lock(label: str, pk: int | None) -> Snapshot | None:
    """Lock the record's row until the transaction ends and return what is in effect; None for a new record."""
    if pk is None:
        return None
    records: QuerySet[Model] = model_of(label)._default_manager.select_for_update(of=("self",))
    return snapshot(records.get(pk=pk))


def _reopen(draft: Draft, title: str) -> Draft:
    """Return the draft, locked, waiting again if it had been rejected."""
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.state == DraftState.APPROVED:
        raise NothingToApprove
    locked.state, locked.title = DraftState.WAITING, title[:200]
    locked.decided_at = locked.decided_by = None
    locked.save()
    return locked


def _waiting(draft: Draft, save: int) -> Draft:
    """Return the draft, locked, in the state that was looked at."""
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if locked.state != DraftState.WAITING:
        raise NothingToApprove
    if latest_save(locked).number != save:
        raise ChangedSince
    return locked


def _decide(draft: Draft, state: DraftState, by: Person, at: dt.datetime) -> None:
    draft.state, draft.decided_by, draft.decided_at = state, by, at
    draft.save()


def _name(draft: Draft) -> str:
    return f"{draft.record_label}:{draft.record_id or 'new'}"


def _record(action: str, draft: Draft, by: Person, old: Snapshot | None, new: Snapshot, **facts: object) -> None:
    """Write the act with old and new values, rows included, into the audit log."""
    changes = [change.as_data() for change in compare(draft.record_label, old, new)]
    audit.record(action, draft, actor=by, about=_name(draft), changes=changes, **facts)
