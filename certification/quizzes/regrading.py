"""Regrade papers after a question turned out to be faulty; the old result is kept, and nobody loses by it."""

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.enums import AttemptState, Remedy
from certification.errors import ActKeyTaken, ReasonNeeded
from certification.models import Attempt, Question, QuestionVersion, RegradedAttempt, Regrading
from certification.quizzes.closing import asked_rows, lock, outcome_of, remedies_of
from certification.quizzes.errors import AlreadyRegraded, NotYourPaper
from certification.results import held_result, regradings_of
from portal.access import audit
from portal.models import Person

PERMISSION = "certification.change_question"


@transaction.atomic
def regrade(
    version: QuestionVersion,
    remedy: Remedy,
    *,
    by: Person,
    reason: str,
    form_key: uuid.UUID,
    at: dt.datetime | None = None,
) -> Regrading:
    """Decide what becomes of a faulty question, and give every paper that asked it its new result. Once a ``form_key``.

    The question is suspended until it is corrected. A result only rises: who had passed stays passed, who passes now is
    awarded what that completes. Papers that are open or wait for marks follow the decision when they get their result.

    Raises:
        NotYourPaper: not a keeper of the bank, or one of the papers that would rise is one's own.
        ReasonNeeded: no reason given.
        AlreadyRegraded: it was decided before.
        ActKeyTaken: the key belongs to another decision.
    """
    if not reason.strip():
        raise ReasonNeeded
    at = at or timezone.now()
    question = Question.objects.select_for_update().get(pk=version.question_id)
    known = Regrading.objects.filter(form_key=form_key).first()
    if known is not None:
        if known.version_id != version.pk:
            raise ActKeyTaken
        return known
    papers = Attempt.objects.filter(questions__version=version)
    if not by.has_perm(PERMISSION) or papers.filter(person=by).exists():
        raise NotYourPaper
    if Regrading.objects.filter(version=version).exists():
        raise AlreadyRegraded
    decision = Regrading.objects.create(
        version=version, remedy=remedy, reason=reason.strip(), decided_by=by, decided_at=at, form_key=form_key
    )
    finished = papers.filter(state__in=[AttemptState.SUBMITTED, AttemptState.EXPIRED]).order_by("pk")
    count = sum(_regrade(decision, attempt, by, at) for attempt in finished)
    if version.is_current and question.suspended_at is None:
        question.suspended_at, question.suspended_because = at, decision.reason[:300]
        question.save(update_fields=["suspended_at", "suspended_because"])
    facts = {"question": question.ref, "version": version.number, "remedy": remedy, "reason": decision.reason}
    audit.record("certification.question_regraded", decision, actor=by, attempts=count, **facts)
    return decision


def _regrade(decision: Regrading, attempt: Attempt, by: Person, at: dt.datetime) -> bool:
    """Give one paper its new result; return whether it changed."""
    locked = lock(attempt)
    rows = asked_rows(locked)
    outcome = outcome_of(rows, remedies_of(rows))
    held = held_result(locked, regradings_of(locked))
    old_score, old_passed = held.score or 0, bool(held.is_passed)
    score = max(outcome.score, old_score)
    is_passed = old_passed or outcome.passes(locked.pass_mark)
    if (score, is_passed) == (old_score, old_passed):
        return False
    RegradedAttempt.objects.create(
        regrading=decision,
        attempt=locked,
        old_score=old_score,
        old_passed=old_passed,
        new_score=score,
        new_passed=is_passed,
    )
    facts = {"was": [old_score, old_passed], "is": [score, is_passed], "regrading": decision.pk}
    audit.record("certification.attempt_regraded", locked, actor=by, **facts)
    if is_passed and not old_passed:
        award_after(locked.person, quiz=locked.quiz, at=at)
    return True
