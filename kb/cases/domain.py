"""Verbs of field cases. Each is atomic, locks the case, and leaves an entry that is never changed."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kb.cases.errors import (
    CaseMoved,
    ComplainsAboutOthers,
    NoPlace,
    NothingAbove,
    NotMergeable,
    NotYourCase,
    WordsMissing,
)
from kb.cases.notices import tell
from kb.cases.permissions import can_open_case, can_work_on
from kb.cases.photos import keep_photo
from kb.cases.readers import admit_holders, first_readers
from kb.cases.terms import due_at
from kb.enums import CaseAct, CaseKind, CaseState
from kb.models import CaseEntry, FieldCase
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.enums import Tier
from portal.models import Organisation, Person

#: What the audit log keeps of an act; the words stand in the entries, which only the readers of the case open.
AUDITED = frozenset({"state", "held_by", "assignee", "due_at", "merged_into"})

#: From which states an act leads where; None leaves the state as it is.
TRANSITIONS: dict[CaseAct, tuple[frozenset[CaseState], CaseState | None]] = {
    CaseAct.TAKEN: (frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.ASKED}), CaseState.TAKEN),
    CaseAct.ASKED: (frozenset({CaseState.TAKEN}), CaseState.ASKED),
    CaseAct.REPLIED: (frozenset({CaseState.ASKED}), CaseState.TAKEN),
    CaseAct.NOTED: (frozenset(set(CaseState) - {CaseState.CLOSED, CaseState.MERGED}), None),
    CaseAct.PASSED_UP: (frozenset({CaseState.OPEN, CaseState.TAKEN}), CaseState.OPEN),
    CaseAct.ANSWERED: (frozenset({CaseState.TAKEN, CaseState.ASKED}), CaseState.ANSWERED),
    CaseAct.REOPENED: (frozenset({CaseState.ANSWERED}), CaseState.OPEN),
    CaseAct.CLOSED: (frozenset({CaseState.ANSWERED}), CaseState.CLOSED),
    CaseAct.MERGED: (frozenset({CaseState.OPEN, CaseState.TAKEN, CaseState.ASKED}), CaseState.MERGED),
}


@transaction.atomic
def report_case(
    reporter: Person,
    *,
    token: uuid.UUID,
    photos: Sequence[bytes] = (),
    complains_about: Sequence[Person] = (),
    written_at: dt.datetime | None = None,
    **facts: Any,
) -> FieldCase:
    """Report a case to the reporter's outlet; sent twice with one token it is one case.

    Args:
        photos: pictures as ``photos.read_photos`` returns them.
        complains_about: people who neither see nor work on the case.
        written_at: when it was written down, if that was before it could be sent.
        facts: fields of the case such as ``title`` and ``symptom``.

    Raises:
        NoPlace: the reporter belongs to no organisation.
        NotYourCase: the token is that of another person's case.
    """
    holder = _first_holder(reporter)
    case, is_new = FieldCase.objects.get_or_create(
        token=token,
        defaults={
            **facts,
            "reporter": reporter,
            "organisation": reporter.places[0],
            "held_by": holder,
            "due_at": due_at(facts.get("severity", "stop"), holder),
            "reported_at": timezone.now(),
        },
    )
    if not is_new:
        if case.reporter_id != reporter.pk:
            raise NotYourCase
        return case
    case.complains_about.set(complains_about)
    if case.kind == CaseKind.ACCIDENT:
        first_readers(case)
    for photo in photos:
        keep_photo(case, photo, by=reporter)
    _enter(case, CaseAct.REPORTED, reporter, _written(written_at), place=holder)
    audit.record("kb.case_reported", case, actor=reporter, held_by=holder.name)
    tell(case, CaseAct.REPORTED)
    return case


def take_over(case: FieldCase, actor: Person) -> FieldCase:
    """Put the case into the actor's hands; one already in the hands of a colleague as well.

    Raises:
        NotYourCase: the actor is not of the place that holds it, nor above.
        CaseMoved: it is answered, closed or merged.
    """
    return _act(case, CaseAct.TAKEN, actor, assignee=actor)


def ask_back(case: FieldCase, actor: Person, text: str) -> FieldCase:
    """Ask the reporter something; the case waits for the reply. Errors as for :func:`take_over`, and WordsMissing."""
    return _act(case, CaseAct.ASKED, actor, text, needs_words=True)


@transaction.atomic
def reply(case: FieldCase, actor: Person, text: str) -> FieldCase:
    """Answer what was asked back; anybody else who sees the case leaves a note.

    Raises:
        NotYourCase: the actor does not see the case.
        CaseMoved: it is closed or merged.
        WordsMissing: nothing was written.
    """
    locked = FieldCase.objects.select_for_update().get(pk=case.pk)
    is_reply = locked.state == CaseState.ASKED and actor.pk == locked.reporter_id
    return _act(case, CaseAct.REPLIED if is_reply else CaseAct.NOTED, actor, text, needs_words=True)


@transaction.atomic
def pass_up(case: FieldCase, actor: Person | None, text: str) -> FieldCase:
    """Pass the case to the tier above; without an actor because it is overdue.

    Raises:
        NothingAbove: it is with headquarters.
        NotYourCase, CaseMoved, WordsMissing: as for :func:`ask_back`.
    """
    above = _above(case.held_by)
    if above is None:
        raise NothingAbove(place=case.held_by.name)
    facts = {"held_by": above, "assignee": None, "due_at": due_at(case.severity, above)}
    return _act(case, CaseAct.PASSED_UP, actor, text, needs_words=actor is not None, place=above, **facts)


def answer(case: FieldCase, actor: Person, text: str, *, cause: str = "") -> FieldCase:
    """Answer the case; the reporter is told and says whether it helped. Errors as for :func:`ask_back`."""
    return _act(case, CaseAct.ANSWERED, actor, text, needs_words=True, answer=text.strip(), cause=cause.strip()[:300])


def reopen(case: FieldCase, actor: Person, text: str) -> FieldCase:
    """Say that the answer did not help: the case is open again at the place that holds it.

    Raises:
        NotYourCase: the actor is neither the reporter nor works on it.
        CaseMoved, WordsMissing: as for :func:`ask_back`.
    """
    due = due_at(case.severity, case.held_by)
    return _act(case, CaseAct.REOPENED, actor, text, needs_words=True, answer="", assignee=None, due_at=due)


def close(case: FieldCase, actor: Person, text: str = "") -> FieldCase:
    """Close an answered case: its reporter because it helped, or who works on it. Errors as for :func:`take_over`."""
    return _act(case, CaseAct.CLOSED, actor, text, closed_at=timezone.now())


@transaction.atomic
def merge(case: FieldCase, into: FieldCase, actor: Person) -> FieldCase:
    """Merge a case into another about the same; its reporter is told when the other is answered.

    Raises:
        NotMergeable: the other is this one, merged itself, out of the actor's sight, or of another kind: an accident
            has readers of its own, and its words would become those of an article for all.
        ComplainsAboutOthers: whom one of them is about works on the other, and could answer both.
        NotYourCase, CaseMoved: as for :func:`take_over`.
    """
    target = FieldCase.objects.select_for_update().filter(pk=into.pk).first()
    fits = target is not None and target.pk != case.pk and target.kind == case.kind
    if target is None or not fits or target.state == CaseState.MERGED or not can_open_case(actor, target):
        raise NotMergeable(number=into.number)
    if set(case.complains_about.all()) != set(target.complains_about.all()):
        raise ComplainsAboutOthers(number=into.number)
    case.merged.update(merged_into=target)
    return _act(case, CaseAct.MERGED, actor, target.number, merged_into=target, closed_at=timezone.now())


def pass_up_overdue() -> int:
    """Pass up the cases whose tier did not act in time (a regular job); return how many."""
    overdue: QuerySet[FieldCase] = FieldCase.objects.filter(
        state__in=[CaseState.OPEN, CaseState.TAKEN], due_at__lt=timezone.now()
    )
    passed = 0
    for case in overdue.exclude(held_by__depth=1).select_related("held_by").order_by("due_at"):
        if _above(case.held_by) is None:
            continue
        try:
            pass_up(case, None, "")
        except CaseMoved:
            continue
        passed += 1
    return passed


@transaction.atomic
def _act(
    case: FieldCase,
    act: CaseAct,
    actor: Person | None,
    text: str = "",
    *,
    needs_words: bool = False,
    place: Organisation | None = None,
    **facts: Any,
) -> FieldCase:
    """Check who acts on what, change the case under a lock, leave an entry, tell whom it concerns."""
    if needs_words and not text.strip():
        raise WordsMissing
    locked = FieldCase.objects.select_for_update().select_related("held_by").get(pk=case.pk)
    if actor is not None and not _may(actor, locked, act):
        raise NotYourCase
    allowed, state = TRANSITIONS[act]
    if locked.state not in allowed or (actor is None and locked.due_at >= timezone.now()):
        raise CaseMoved(number=locked.number, state=locked.get_state_display())
    before = snapshot(locked)
    for name, value in facts.items():
        setattr(locked, name, value)
    locked.state = state or locked.state
    locked.save()
    _enter(locked, act, actor, text, place=place)
    changes = [change for change in since(before, locked) if change["field"] in AUDITED]
    audit.record(f"kb.case_{act.value}", locked, actor=actor, state=locked.state, changes=changes)
    if place is not None:
        # Before the letters, which go to the readers there are.
        admit_holders(locked, place)
    tell(locked, act)
    return locked


def _may(actor: Person, case: FieldCase, act: CaseAct) -> bool:
    if act in (CaseAct.NOTED, CaseAct.REPLIED):
        return can_open_case(actor, case)
    if act in (CaseAct.REOPENED, CaseAct.CLOSED) and actor.pk == case.reporter_id:
        return can_open_case(actor, case)
    return can_work_on(actor, case)


def _written(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    return _("Written without a network: %(moment)s") % {"moment": f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"}


def _enter(
    case: FieldCase, act: CaseAct, author: Person | None, text: str = "", place: Organisation | None = None
) -> CaseEntry:
    return CaseEntry.objects.create(
        case=case, act=act, author=author, text=text.strip(), place=place, at=timezone.now()
    )


def _first_holder(reporter: Person) -> Organisation:
    """Return who gets the case first: the reporter's place of work; for a customer the organisation it belongs to."""
    places = reporter.places
    if not places:
        raise NoPlace
    holder = places[0]
    if holder.tier == Tier.CUSTOMER:
        holder = _above(holder) or holder
    return holder


def _above(place: Organisation) -> Organisation | None:
    """Return the nearest organisation above that is not a customer."""
    return next((above for above in reversed(place.get_ancestors()) if above.tier != Tier.CUSTOMER), None)
