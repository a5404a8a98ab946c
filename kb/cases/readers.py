"""Verbs on the readers of an accident's file: named people, who alone see it anywhere."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.cases.errors import IsAboutThem, LastKeeper, NotAKeeper, NotAReaderYet, ReadsAlready, ReasonMissing
from kb.cases.permissions import WORK_ROLES, can_work_on, keeps_readers
from kb.enums import CaseKind
from kb.models import CaseReader, FieldCase
from portal.access import audit
from portal.audiences import is_staff_member
from portal.enums import Role
from portal.models import Organisation, Person

ADDED, REMOVED, OPENED = "kb.accident_reader_added", "kb.accident_reader_removed", "kb.accident_opened"
#: Who reads an accident from its report on: the reporter, and these roles at the place that holds it and above.
FIRST_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)


def first_readers(case: FieldCase) -> None:
    """Name the first readers of an accident that was just reported."""
    _admit(case, case.reporter, _("Reported it"))
    admit_holders(case, case.held_by)


def admit_holders(case: FieldCase, place: Organisation) -> None:
    """Name who answers for a place that holds an accident, and for those above it; who reads it already stays so.

    Where a place and those above it have nobody in such a role, whoever works on cases at the place reads it. Whom a
    keeper took off the list comes back by a keeper only.
    """
    if case.kind != CaseKind.ACCIDENT:
        return
    places = [place, *place.get_ancestors()]
    here = Person.objects.belonging_to(
        Organisation.objects.filter(pk__in=[one.pk for one in places]), timezone.localdate()
    )
    removed = case.readers.filter(removed_at__isnull=False).values("person")
    here = here.filter(is_active=True).exclude(pk__in=removed)
    answering = here.filter(groups__name__in=FIRST_ROLES).distinct()
    working = here.filter(groups__name__in=WORK_ROLES).distinct()
    for person in list(answering) or list(working):
        _admit(case, person, _("Answers for %(place)s, which holds it") % {"place": place.name})


def _admit(case: FieldCase, person: Person, reason: str, by: Person | None = None) -> CaseReader | None:
    """Name a reader, unless they are one or the accident is about them."""
    if case.complains_about.filter(pk=person.pk).exists():
        return None
    now = timezone.now()
    row, is_new = CaseReader.objects.get_or_create(
        case=case, person=person, removed_at=None, defaults={"reason": reason[:300], "added_by": by, "added_at": now}
    )
    if not is_new:
        return None
    audit.record(ADDED, case, actor=by, person=person.pk, reason=row.reason)
    return row


@transaction.atomic
def add_reader(case: FieldCase, person: Person, *, reason: str, by: Person) -> CaseReader:
    """Let somebody read the file of an accident.

    Raises:
        NotAKeeper: ``by`` does not keep its list of readers.
        ReasonMissing: no reason is given.
        IsAboutThem: the accident is about the person, who never reads it.
        NotAReaderYet: the person is not of the service network, or has left.
        ReadsAlready: the person is a reader.
    """
    locked = _locked(case, by, reason)
    if locked.complains_about.filter(pk=person.pk).exists():
        raise IsAboutThem
    if not person.is_active or not is_staff_member(person):
        raise NotAReaderYet
    row = _admit(locked, person, reason.strip(), by)
    if row is None:
        raise ReadsAlready
    return row


@transaction.atomic
def add_readers(case: FieldCase, people: Iterable[Person], *, reason: str, by: Person) -> list[CaseReader]:
    """Let several people read the file of an accident, all or none of them. Errors as for :func:`add_reader`."""
    return [add_reader(case, person, reason=reason, by=by) for person in people]


@transaction.atomic
def remove_reader(row: CaseReader, *, reason: str, by: Person) -> CaseReader:
    """Take the file from a reader; that they read it stays on record.

    Raises:
        NotAKeeper, ReasonMissing: as for :func:`add_reader`.
        LastKeeper: nobody would be left who keeps the list.
        ReadsAlready: they were taken off the list meanwhile.
    """
    locked = _locked(row.case, by, reason)
    stored = CaseReader.objects.select_for_update(of=("self",)).select_related("person").get(pk=row.pk)
    if stored.removed_at is not None:
        raise ReadsAlready(_("This person was taken off the list already; nothing was changed."))
    others = CaseReader.objects.filter(case=locked, removed_at=None).exclude(pk=row.pk).select_related("person")
    if not any(keeps_readers(other.person, locked) for other in others):
        raise LastKeeper
    stored.removed_at, stored.removed_by, stored.removal_reason = timezone.now(), by, reason.strip()[:300]
    stored.save()
    if locked.assignee_id == stored.person_id:
        FieldCase.objects.filter(pk=locked.pk).update(assignee=None)
    audit.record(REMOVED, locked, actor=by, person=stored.person_id, reason=stored.removal_reason)
    return stored


def _locked(case: FieldCase, by: Person, reason: str) -> FieldCase:
    locked = FieldCase.objects.select_for_update(of=("self",)).select_related("held_by").get(pk=case.pk)
    if locked.kind != CaseKind.ACCIDENT or not can_work_on(by, locked) or not keeps_readers(by, locked):
        raise NotAKeeper
    if not reason.strip():
        raise ReasonMissing
    return locked


def log_opening(case: FieldCase, reader: Any, what: str = "page") -> None:
    """Write down that somebody opened the file of an accident, or a photo of it."""
    if case.kind == CaseKind.ACCIDENT:
        audit.record(OPENED, case, actor=reader, what=what)
