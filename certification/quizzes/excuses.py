"""Sit a quiz later (缓考) or not at all (免考): one person asks, a second one decides, nobody for themselves."""

import datetime as dt
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.enums import ExcuseKind
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.models import Excuse, ExcuseDecision, Quiz, Scheme
from certification.permissions import can_keep_file, can_release_attempts, files_kept_by
from certification.quizzes.errors import AlreadyDecided, DayIsPast, NobodyAsksForIt, RevisionIsNotExcused
from portal.access import audit
from portal.errors import NotAllowed
from portal.models import Person


@transaction.atomic
def ask_for_excuse(
    person: Person,
    quiz: Quiz,
    kind: ExcuseKind,
    *,
    by: Person,
    reason: str,
    form_key: uuid.UUID,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Excuse:
    """Ask that somebody may sit a quiz later or need not sit it; nothing changes until it is approved.

    Args:
        until: of a postponed quiz, the last day on which it may be begun.

    Raises:
        NotAllowed: for oneself, or for nobody in sight.
        ReasonNeeded: no reason given.
        DayIsPast: a postponed quiz without a day from today on.
        RevisionIsNotExcused, NobodyAsksForIt: an exemption that would count for nothing.
        ActKeyTaken: the key belongs to another request.
    """
    if not can_release_attempts(by, person):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    at = at or timezone.now()
    day = until if kind == ExcuseKind.POSTPONED else None
    if kind == ExcuseKind.POSTPONED and (day is None or day < timezone.localdate(at)):
        raise DayIsPast
    known = Excuse.objects.filter(form_key=form_key).first()
    if known is not None:
        if (known.person_id, known.quiz_id, known.kind) != (person.pk, quiz.pk, kind):
            raise ActKeyTaken
        return known
    _check_counts(quiz, kind)
    facts = {"person": person, "quiz": quiz, "kind": kind, "until": day, "reason": reason.strip()}
    excuse, made = Excuse.objects.get_or_create(
        form_key=form_key, defaults={**facts, "requested_by": by, "requested_at": at}
    )
    if made:
        told = {"person": person.pk, "quiz": quiz.code, "kind": kind, "reason": excuse.reason}
        audit.record("certification.excuse_asked", excuse, actor=by, **told)
    return excuse


def _check_counts(quiz: Quiz, kind: str) -> None:
    """See that an exemption counts for something: schemes ask for the quiz, a revision lets nobody off."""
    if kind != ExcuseKind.EXEMPTED:
        return
    if quiz.verdict_id is not None:
        raise RevisionIsNotExcused
    if not Scheme.objects.in_force().filter(requirements__quiz=quiz).exists():
        raise NobodyAsksForIt


@transaction.atomic
def decide_excuse(
    excuse: Excuse, *, by: Person, approve: bool, remark: str = "", at: dt.datetime | None = None
) -> ExcuseDecision:
    """Approve or refuse; an approved exemption counts for the schemes that ask for the quiz, in the round that runs.

    Raises:
        NotAllowed: one's own, what one asked for oneself, or of somebody whose file one does not keep.
        ReasonNeeded: refused without a remark.
        AlreadyDecided: it was decided before.
        NobodyAsksForIt: no scheme in force asks for the quiz any more.
    """
    Person.objects.select_for_update().only("pk").get(pk=excuse.person_id)
    locked = Excuse.objects.select_related("quiz", "person", "requested_by").get(pk=excuse.pk)
    if not may_decide(by, locked):
        raise NotAllowed
    if not approve and not remark.strip():
        raise ReasonNeeded
    if ExcuseDecision.objects.filter(excuse=locked).exists():
        raise AlreadyDecided
    if approve:
        _check_counts(locked.quiz, locked.kind)
    at = at or timezone.now()
    decision = ExcuseDecision.objects.create(
        excuse=locked, is_approved=approve, remark=remark.strip(), decided_by=by, decided_at=at
    )
    facts = {"person": locked.person_id, "quiz": locked.quiz.code, "kind": locked.kind, "approved": approve}
    audit.record("certification.excuse_decided", decision, actor=by, **facts)
    if approve and locked.kind == ExcuseKind.EXEMPTED:
        award_after(locked.person, quiz=locked.quiz, at=at)
    return decision


def may_decide(person: Person, excuse: Excuse) -> bool:
    """Whether the person keeps the file, and neither asked for it nor is meant."""
    return person.pk != excuse.requested_by_id and can_keep_file(person, excuse.person)


def excuses_for(reader: Any) -> QuerySet[Excuse]:
    """Return the excuses of the people whose files the reader keeps, undecided ones first."""
    found = Excuse.objects.filter(person__in=files_kept_by(reader).order_by().values("pk"))
    related = found.select_related("quiz", "person__organisation", "requested_by", "decision__decided_by")
    return related.order_by(F("decision__decided_at").desc(nulls_first=True), "-requested_at", "-pk")


def waiting_excuses(reader: Any) -> QuerySet[Excuse]:
    """Return those the reader may decide."""
    return excuses_for(reader).filter(decision__isnull=True).exclude(requested_by=reader.pk)


def postponed_until(person: Person, quiz: Quiz) -> dt.date | None:
    """Return the last day on which the person may begin the quiz though its time is over; None without leave."""
    granted = Excuse.objects.filter(
        person=person, quiz=quiz, kind=ExcuseKind.POSTPONED, decision__is_approved=True
    ).order_by("-until")
    return granted.values_list("until", flat=True).first()
