"""Verbs: invite, evaluate, settle a complaint, ask for reviews of the effect, review."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import SessionState
from courses.evaluations.errors import (
    EvaluatedAlready,
    EvaluationClosed,
    NothingSaid,
    NotYourComplaint,
    NotYourReview,
    ReviewedAlready,
    WasNotThere,
)
from courses.evaluations.permissions import complaints_for, reviews_for
from courses.models import (
    Attendance,
    Complaint,
    EffectReview,
    Evaluation,
    EvaluationInvite,
    Nominee,
    Session,
)
from courses.models.evaluations import ASPECTS
from courses.sessions.states import locked
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.enums import Tier
from portal.models import Organisation, Person

#: Days after the end in which a session is evaluated.
OPEN_DAYS = 30
#: After how many days a superior is asked what the training brought.
TERMS = (30, 90)
#: How long after it fell due a review is still asked for; what lies further back is not asked about at all.
ASKED_WITHIN = dt.timedelta(days=60)


def is_open(session: Session) -> bool:
    """Whether ``session`` can be evaluated now."""
    now = timezone.now()
    is_held = session.state in (SessionState.OPEN, SessionState.CLOSED)
    return is_held and session.ends_at <= now <= session.ends_at + dt.timedelta(days=OPEN_DAYS)


@transaction.atomic
def invite(session: Session) -> int:
    """Invite all who were there; those who are invited already stay. Return how many are new."""
    session = locked(session)
    came = Attendance.objects.filter(enrolment__session=session).select_related("enrolment")
    people = [found.enrolment.person_id for found in came.prefetch_related("corrections") if not found.is_void]
    named = [one.pk for one in Nominee.objects.of_session(session) if one.presence and one.matched_to is None]
    known = set(EvaluationInvite.objects.filter(session=session).values_list("person", "nominee"))
    wanted = {(pk, None) for pk in people} | {(None, pk) for pk in named}
    new = sorted(wanted - known, key=lambda keys: (keys[0] or 0, keys[1] or 0))
    EvaluationInvite.objects.bulk_create(
        EvaluationInvite(session=session, person_id=person, nominee_id=nominee) for person, nominee in new
    )
    return len(new)


@transaction.atomic
def evaluate(
    session: Session,
    *,
    person: Person | None = None,
    nominee: Nominee | None = None,
    scores: dict[str, int | None],
    remark: str = "",
    complaint: str = "",
) -> None:
    """Keep what somebody who was there thinks; that they answered is noted apart from what they said.

    The audit log says nothing of it: an entry with a time would tell who wrote what.

    Args:
        person, nominee: who answers, one of them.
        scores: 1 to 5 by aspect; an aspect may be left out.
        complaint: goes to who manages the branch, not to the trainer.

    Raises:
        EvaluationClosed: too early or too late.
        WasNotThere: they did not attend.
        EvaluatedAlready: they have answered before.
        NothingSaid: nothing was filled in.
    """
    if not is_open(session):
        raise EvaluationClosed(days=OPEN_DAYS)
    invite(session)
    mine = EvaluationInvite.objects.filter(session=session, person=person, nominee=nominee)
    if not mine.exists():
        raise WasNotThere
    given = {aspect: scores.get(aspect) for aspect in ASPECTS}
    if not any(given.values()) and not remark.strip() and not complaint.strip():
        raise NothingSaid
    # Counted in the database: of two forms sent at one moment only one finds the invite unused.
    if not mine.filter(is_used=False).update(is_used=True):
        raise EvaluatedAlready
    if any(given.values()) or remark.strip():
        Evaluation.objects.create(session=session, remark=remark.strip(), **given)
    if complaint.strip():
        Complaint.objects.create(session=session, text=complaint.strip())


@transaction.atomic
def settle_complaint(complaint: Complaint, *, by: Person, outcome: str) -> Complaint:
    """Say what was done about a complaint. Settled twice, the first outcome stays.

    Raises:
        NotYourComplaint: ``by`` does not manage the branch, or teaches the session.
    """
    complaint = Complaint.objects.select_for_update(of=("self",)).select_related("session").get(pk=complaint.pk)
    if not complaints_for(by).filter(pk=complaint.pk).exists():
        raise NotYourComplaint
    if complaint.settled_at is None:
        complaint.settled_at, complaint.settled_by, complaint.outcome = timezone.now(), by, outcome.strip()
        complaint.save(update_fields=["settled_at", "settled_by", "outcome"])
        audit.record("courses.complaint_settled", complaint.session, actor=by, outcome=complaint.outcome)
    return complaint


def ask_for_reviews(today: dt.date | None = None) -> int:
    """Make the reviews that fall due, one for each person, session and term, of staff only; return how many are new.

    A review stands beside the first meeting somebody came to.
    """
    today = today or timezone.localdate()
    of_customers = Person.objects.belonging_to(Organisation.objects.filter(tier=Tier.CUSTOMER), today)
    made = 0
    for days in TERMS:
        latest = today - dt.timedelta(days=days)
        ended = Attendance.objects.filter(
            enrolment__session__state=SessionState.CLOSED,
            enrolment__session__ends_at__date__lte=latest,
            enrolment__session__ends_at__date__gte=latest - ASKED_WITHIN,
            enrolment__person__is_active=True,
        ).exclude(enrolment__in=EffectReview.objects.filter(after_days=days).values("attendance__enrolment"))
        ended = ended.exclude(enrolment__person__in=of_customers.order_by().values("pk"))
        found = ended.select_related("enrolment__session").prefetch_related("corrections")
        first: dict[int, Attendance] = {}
        for came in found.order_by("meeting__starts_at", "pk"):
            if not came.is_void:
                first.setdefault(came.enrolment_id, came)
        due = [
            EffectReview(
                attendance=came,
                after_days=days,
                due_on=timezone.localdate(came.enrolment.session.ends_at) + dt.timedelta(days=days),
            )
            for came in first.values()
        ]
        # Two workers may find the same at one moment; the constraint keeps one.
        EffectReview.objects.bulk_create(due, ignore_conflicts=True)
        made += len(due)
    return made


@transaction.atomic
def review_effect(review: EffectReview, *, by: Person, **facts: Any) -> EffectReview:
    """Say what a training brought somebody.

    Args:
        facts: ``applies`` and ``alone`` from 1 to 5, ``remark``.

    Raises:
        NotYourReview: ``by`` is not responsible for the person, or is the person.
        ReviewedAlready: somebody has answered.
    """
    review = EffectReview.objects.select_for_update(of=("self",)).get(pk=review.pk)
    if not reviews_for(by).filter(pk=review.pk).exists():
        raise NotYourReview
    if review.reviewed_by is not None:
        raise ReviewedAlready(person=review.reviewed_by.name)
    before = snapshot(review)
    review.applies, review.alone, review.remark = facts["applies"], facts["alone"], facts.get("remark", "").strip()
    review.reviewed_at, review.reviewed_by = timezone.now(), by
    review.save()
    session = review.attendance.enrolment.session
    audit.record("courses.effect_reviewed", session, actor=by, changes=since(before, review))
    return review
