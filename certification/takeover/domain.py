"""Take over what was shown before the portal, with its own days, and withdraw what was wrong."""

import datetime as dt
import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from certification import ledger
from certification.certificates.awards import award_after
from certification.certificates.domain import issue
from certification.enums import TakenOverKind
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.ledger.standing import GRANTING, facts_known
from certification.models import Checklist, LedgerEntry, Quiz, Scheme, TakenOver
from certification.models.takeover import SUBJECTS
from certification.permissions import can_withdraw_taken_over, taken_over_by, vouchers_for
from certification.practicals.assessors import is_appointed, may_assess
from certification.statutory.scans import scan_ending
from certification.takeover.contradictions import Facts, contradictions, known_about
from certification.takeover.errors import Contradicts, NotTheirsToTakeOver, RestsOnTakenOver, ScanKept
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.content.personal import keep_personal_file
from portal.enums import Role
from portal.models import Person


def may_record(by: Person, facts: Facts) -> bool:
    """Whether ``by`` may take it over: for whom, and of a paper or a practical on which equipment."""
    if not taken_over_by(by, facts.kind).filter(pk=facts.person.pk).exists():
        return False
    if by.has_role(Role.ADMINISTRATOR):
        return True
    if isinstance(facts.subject, Quiz):
        return is_appointed(by, facts.subject.bank.category, timezone.localdate())
    return not isinstance(facts.subject, Checklist) or may_assess(by, facts.subject, timezone.localdate())


@transaction.atomic
def take_over(
    by: Person,
    facts: Facts,
    *,
    form_key: uuid.UUID,
    scan: UploadedFile | None = None,
    at: dt.datetime | None = None,
) -> TakenOver:
    """Record it: it counts from its own day and is known from ``at`` (now).

    A certificate writes a grant to the ledger and is issued anew with a number of the portal; anything else is evidence
    and leads to the grant when nothing else is missing.

    Raises:
        NotTheirsToTakeOver, ActKeyTaken: see :func:`may_record`; the key belongs to another record.
        Contradicts: see ``certification.takeover.contradictions``; or an assessor vouches for their own entry.
        AlreadyGranted, NotApprovedYet: the ledger knows the qualification; the scheme has no approved version.
        UnusableScan: the scan is no image and no PDF, or too large.
    """
    at = at or timezone.now()
    Person.objects.select_for_update().only("pk").get(pk=facts.person.pk)
    if not may_record(by, facts):
        raise NotTheirsToTakeOver
    known = _taken_before(facts, form_key)
    if known is not None:
        return known
    if not vouchers_for(by, facts.kind).filter(pk=facts.vouched_by.pk).exists() and not by.has_role(Role.ADMINISTRATOR):
        raise Contradicts("vouched_by", _("Somebody else vouches for what an assessor enters."))
    found = contradictions(facts, known_about([facts.person.pk], [facts.number]), timezone.localdate(at))
    if found:
        raise Contradicts(*found[0])
    record = TakenOver.objects.create(
        kind=facts.kind,
        person=facts.person,
        entry=_grant(by, facts, form_key, at),
        scan=_kept(scan, by) if scan else None,
        recorded_at=at,
        recorded_by=by,
        form_key=form_key,
        **_columns(facts),
    )
    told = {"person": facts.person.pk, "kind": str(facts.kind), "changes": added(record)}
    audit.record("certification.taken_over", record, actor=by, **told)
    _award(record, facts, at)
    return record


def _taken_before(facts: Facts, form_key: uuid.UUID) -> TakenOver | None:
    """Return what an earlier post of the same form took over."""
    known = TakenOver.objects.filter(form_key=form_key).first()
    about = (facts.person.pk, facts.kind, facts.subject.pk)
    if known is not None and (known.person_id, known.kind, known.subject.pk) != about:
        raise ActKeyTaken
    return known


def _award(record: TakenOver, facts: Facts, at: dt.datetime) -> None:
    """Issue the certificate of the portal, and grant what the record was the last missing part of."""
    if record.entry is None:
        award_after(facts.person, at=at, **{SUBJECTS[facts.kind]: facts.subject})
    else:
        issue(record.entry)
        award_after(facts.person, at=at, other_scheme=facts.subject)


def _columns(facts: Facts) -> dict[str, Any]:
    names = ("on", "until", "number", "score", "minutes", "examiner", "vouched_by", "remark")
    return {name: getattr(facts, name) for name in names} | {SUBJECTS[facts.kind]: facts.subject}


def _grant(by: Person, facts: Facts, form_key: uuid.UUID, at: dt.datetime) -> LedgerEntry | None:
    if facts.kind != TakenOverKind.CERTIFICATE or not isinstance(facts.subject, Scheme) or facts.until is None:
        return None
    said = {"number": facts.number, "vouched_by": facts.vouched_by.staff_number}
    return ledger.take_over(
        facts.person,
        facts.subject,
        first=facts.on,
        last=facts.until,
        act_key=f"take_over:{form_key}",
        by=by,
        evidence={"taken_over": said, "shown": [], "versions": []},
        at=at,
    )


def _kept(scan: UploadedFile, by: Person) -> Any:
    ending = scan_ending(scan)
    return keep_personal_file(_("Scan of an earlier record"), scan.read(), stem="earlier", ending=ending, by=by)


@transaction.atomic
def keep_scan(by: Person, record: TakenOver, scan: UploadedFile) -> TakenOver:
    """Keep a scan with a record that came without one, such as by import.

    Raises:
        NotTheirsToTakeOver: the record is not theirs.
        ScanKept: there is one.
        UnusableScan: the scan is no image and no PDF, or too large.
    """
    locked = TakenOver.objects.select_for_update(of=("self",)).select_related("person").get(pk=record.pk)
    if not can_withdraw_taken_over(by, locked.person, locked.recorded_by_id):
        raise NotTheirsToTakeOver
    if locked.scan_id is not None:
        raise ScanKept
    before = snapshot(locked)
    locked.scan = _kept(scan, by)
    locked.save(update_fields=["scan"])
    audit.record("certification.taken_over_scanned", locked, actor=by, changes=since(before, locked))
    return locked


@transaction.atomic
def withdraw(by: Person, record: TakenOver, *, reason: str, at: dt.datetime | None = None) -> TakenOver:
    """Say that a record should not have been taken over; a second call changes nothing.

    The grant of a certificate is corrected as one that never held; what was known before stays answered.

    Raises:
        NotTheirsToTakeOver: neither an administrator nor who recorded it, or one's own.
        ReasonNeeded: no reason given.
        LaterEntryRests: a later entry of the ledger rests on the grant.
        RestsOnTakenOver: a qualification was granted on the evidence.
    """
    person = Person.objects.select_for_update().get(pk=record.person_id)
    locked = TakenOver.objects.select_for_update(of=("self",)).select_related("entry__scheme").get(pk=record.pk)
    if not can_withdraw_taken_over(by, person, locked.recorded_by_id):
        raise NotTheirsToTakeOver
    if not reason.strip():
        raise ReasonNeeded
    if locked.is_withdrawn:
        return locked
    at = at or timezone.now()
    if locked.entry is not None:
        _void(by, locked.entry, reason, at)
    else:
        _check_nothing_rests(locked)
    before = snapshot(locked)
    locked.withdrawn_at, locked.withdrawn_by, locked.withdrawn_reason = at, by, reason.strip()
    locked.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    audit.record("certification.taken_over_withdrawn", locked, actor=by, changes=since(before, locked))
    return locked


def _void(by: Person, entry: LedgerEntry, reason: str, at: dt.datetime) -> None:
    """Correct what stands of the grant away; nothing where that was done by hand."""
    last = entry
    while (later := LedgerEntry.objects.filter(corrects=last).first()) is not None:
        last = later
    if not last.is_void:
        ledger.correct(last, reason=reason, act_key=f"take_back:{last.pk}", by=by, void=True, at=at)


def _check_nothing_rests(record: TakenOver) -> None:
    entries = list(LedgerEntry.objects.filter(person=record.person_id).select_related("scheme"))
    by_key = {entry.pk: entry for entry in entries}
    for fact in facts_known(entries):
        root = by_key[fact.root.pk]
        rows = root.evidence.get("shown", ()) if fact.kind in GRANTING else ()
        if any(record.pk in row.get("taken_over", ()) for row in rows):
            raise RestsOnTakenOver(scheme=root.scheme.name)
