"""Record, verify and withdraw statutory cards; a second person verifies."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from certification.models import StatutoryCertificate
from certification.permissions import can_keep_file, keepers_of
from certification.statutory.errors import CardWithdrawn, NotTheirsToVerify, StatutoryTwice, UnknownProjectCode
from certification.statutory.scans import keep_scan
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person, StatutoryKind


@transaction.atomic
def record_statutory(
    person: Person,
    kind: StatutoryKind,
    number: str,
    *,
    valid_from: dt.date,
    valid_to: dt.date,
    by: Person | None,
    issuer: str = "",
    project_code: str = "",
    first_issued_on: dt.date | None = None,
    review_due: dt.date | None = None,
    scan: UploadedFile | None = None,
    at: dt.datetime | None = None,
) -> StatutoryCertificate:
    """Record a card. A re-examined card is recorded again with the day of its re-examination.

    Args:
        project_code: as printed (e.g. T); may be left out where the kind has only one.
        first_issued_on, review_due: when it was first issued (初领), when it is to be re-examined if it names a day.
        scan: an image or a PDF of the card, as uploaded.
        at: the moment recorded, now by default; earlier ones are for imports and demo data.

    Raises:
        StatutoryTwice, UnknownProjectCode: it is on record already; the kind has project codes and this is none.
        UnusableScan: the scan is no image and no PDF, or too large.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    if StatutoryCertificate.objects.filter(kind=kind, number=number.strip(), valid_from=valid_from).exists():
        raise StatutoryTwice
    days: dict[str, Any] = {"valid_from": valid_from, "valid_to": valid_to, "review_due": review_due}
    days["first_issued_on"] = first_issued_on
    card = StatutoryCertificate.objects.create(
        person=person,
        kind=kind,
        project_code=project_of(kind, project_code),
        number=number.strip(),
        issuer=issuer.strip() or kind.issuer,
        scan=keep_scan(scan, kind, by) if scan else None,
        recorded_at=at or timezone.now(),
        recorded_by=by,
        **days,
    )
    audit.record("certification.statutory_recorded", card, actor=by, person=person.pk, changes=added(card))
    return card


def project_of(kind: StatutoryKind, code: str) -> str:
    """Return the project code a card of ``kind`` is recorded with.

    Raises:
        UnknownProjectCode: the kind has project codes and ``code`` is none of them.
    """
    wanted = code.strip().upper()
    if not kind.project_codes:
        return wanted
    if not wanted and len(kind.project_codes) == 1:
        return str(kind.project_codes[0])
    for known in kind.project_codes:
        if known.upper() == wanted:
            return str(known)
    raise UnknownProjectCode(codes="、".join(kind.project_codes))


@transaction.atomic
def verify_statutory(card: StatutoryCertificate, *, by: Person, at: dt.datetime | None = None) -> StatutoryCertificate:
    """Record that ``by`` has compared the record with the card; a second call changes nothing.

    Who recorded the card verifies it only where nobody else keeps the holder's file.

    Raises:
        NotTheirsToVerify: the holder, who recorded it, or somebody who does not keep the file.
        CardWithdrawn: the card does not count any more.
    """
    locked = StatutoryCertificate.objects.select_for_update().select_related("person__organisation").get(pk=card.pk)
    if locked.is_verified:
        return locked
    if not can_verify(by, locked):
        raise NotTheirsToVerify
    if locked.withdrawn_on is not None:
        raise CardWithdrawn
    before = snapshot(locked)
    locked.verified_by = by
    locked.verified_at = at or timezone.now()
    locked.save(update_fields=["verified_by", "verified_at"])
    changed = since(before, locked)
    audit.record("certification.statutory_verified", locked, actor=by, person=locked.person_id, changes=changed)
    return locked


def can_verify(person: Person, card: StatutoryCertificate) -> bool:
    """Whether ``person`` may verify the record of ``card``."""
    if not can_keep_file(person, card.person):
        return False
    return card.recorded_by_id != person.pk or not keepers_of(card.person).exclude(pk=person.pk).exists()


@transaction.atomic
def withdraw_statutory(
    card: StatutoryCertificate, *, withdrawn_on: dt.date, by: Person | None, at: dt.datetime | None = None
) -> StatutoryCertificate:
    """Record that a card does not count from a day on; a second call changes nothing."""
    locked = StatutoryCertificate.objects.select_for_update().get(pk=card.pk)
    if locked.withdrawn_on is None:
        before = snapshot(locked)
        locked.withdrawn_on = withdrawn_on
        locked.withdrawn_recorded_at = at or timezone.now()
        locked.save(update_fields=["withdrawn_on", "withdrawn_recorded_at"])
        audit.record("certification.statutory_withdrawn", locked, actor=by, changes=since(before, locked))
    return locked
