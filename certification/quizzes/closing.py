"""Close attempts and score them: when handed in, when time ran out, when the last written answer was marked.

An attempt nobody hands in is closed at its deadline with what was saved: by the next look at it, or by
``manage.py expire_qualifications``. With answers that a person marks, a closed attempt waits without a result.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from certification.certificates.awards import award_after
from certification.enums import AttemptState, Remedy
from certification.kinds import question_kinds
from certification.models import Answer, Attempt, AttemptQuestion, Regrading
from certification.quizzes.independence import could_read_answers
from portal.access import audit
from portal.access.changes import since, snapshot
from portal.models import Person

# Answers are accepted so long after the deadline: requests that were on their way when time ran out.
GRACE = dt.timedelta(seconds=15)


@dataclass(frozen=True)
class Outcome:
    """What the answers of a paper are worth.

    Args:
        is_knocked_out: a question that fails the paper was not answered fully.
    """

    earned: Fraction
    asked: int
    is_knocked_out: bool

    @property
    def score(self) -> int:
        """Points of 100, rounded down, so that 79.9 does not pass at 80."""
        return int(self.earned * 100 // self.asked) if self.asked else 100

    def passes(self, pass_mark: int) -> bool:
        """Whether the paper is passed."""
        return self.score >= pass_mark and not self.is_knocked_out


def is_overdue(attempt: Attempt, at: dt.datetime) -> bool:
    """Whether the time is over, grace included."""
    return attempt.state == AttemptState.OPEN and at > attempt.deadline + GRACE


def close_if_overdue(attempt: Attempt, *, at: dt.datetime | None = None) -> Attempt | None:
    """Close an attempt whose time ran out, with what was saved; return it if it is closed now, else None."""
    fresh = Attempt.objects.select_related("quiz", "person").get(pk=attempt.pk)
    if fresh.state != AttemptState.OPEN:
        return fresh
    if not is_overdue(fresh, at or timezone.now()):
        return None
    return close(fresh, AttemptState.EXPIRED, fresh.deadline)


def overdue_attempts(at: dt.datetime) -> QuerySet[Attempt]:
    """Return the open attempts whose time is over, grace included."""
    return Attempt.objects.filter(state=AttemptState.OPEN, deadline__lt=at - GRACE)


@transaction.atomic
def close(attempt: Attempt, state: AttemptState, at: dt.datetime) -> Attempt:
    """Score and close under the attempt's lock; whoever comes second finds it closed."""
    locked = lock(attempt)
    if locked.state != AttemptState.OPEN:
        return locked
    before = snapshot(locked)
    rows = asked_rows(locked)
    waits = _mark_by_kind(rows)
    locked.closed_at = at
    # Somebody may have become a keeper of the bank while the paper was open.
    shown = [row.version for row in rows]
    locked.could_read_answers |= could_read_answers(locked.person, locked.quiz.bank, shown)
    if waits:
        locked.state = AttemptState.MARKING
        locked.save(update_fields=["state", "closed_at", "could_read_answers"])
        _record(locked, before, state)
        return locked
    return finish(locked, state, rows, before=before, award_at=at)


def finish(
    locked: Attempt, state: AttemptState, rows: list[AttemptQuestion], *, before: Any, award_at: dt.datetime
) -> Attempt:
    """Write the result of a locked attempt of which every answer is marked, and award what it completes.

    Args:
        award_at: when the result came to be known; the certificate begins no earlier.
    """
    outcome = outcome_of(rows, remedies_of(rows))
    locked.state, locked.score = state, outcome.score
    locked.is_passed = outcome.passes(locked.pass_mark)
    locked.save(update_fields=["state", "closed_at", "score", "is_passed", "could_read_answers"])
    _record(locked, before, state)
    if locked.is_passed:
        award_after(locked.person, quiz=locked.quiz, at=award_at)
    return locked


def lock(attempt: Attempt) -> Attempt:
    """Return the attempt anew, its person and itself locked in the order in which attempts are started."""
    Person.objects.select_for_update().only("pk").get(pk=attempt.person_id)
    return Attempt.objects.select_for_update(of=("self",)).select_related("quiz__bank", "person").get(pk=attempt.pk)


def asked_rows(attempt: Attempt) -> list[AttemptQuestion]:
    """Return the questions of a paper with their answers and choices."""
    return list(attempt.questions.select_related("answer", "version").prefetch_related("version__choices"))


def remedies_of(rows: Iterable[AttemptQuestion]) -> dict[int, str]:
    """Return what was decided about faulty questions of a paper, by key of the version."""
    faulty = Regrading.objects.filter(version__in=[row.version_id for row in rows])
    return dict(faulty.values_list("version", "remedy"))


def outcome_of(rows: Iterable[AttemptQuestion], remedies: Mapping[int, str]) -> Outcome:
    """Return what a paper is worth, its answers marked, with what was decided about faulty questions."""
    earned, asked, is_knocked_out = Fraction(0), 0, False
    for row in rows:
        remedy = remedies.get(row.version_id)
        if remedy == Remedy.LEAVE_OUT:
            continue
        asked += 1
        credit = Fraction(1) if remedy == Remedy.CREDIT_ALL else _credit(row)
        earned += credit
        is_knocked_out = is_knocked_out or (row.version.is_knockout and credit < 1)
    return Outcome(earned, asked, is_knocked_out)


def _credit(row: AttemptQuestion) -> Fraction:
    """Return what an answer earns: by its kind anew, since thirds are rounded in the database, or as it was marked."""
    answer: Answer | None = getattr(row, "answer", None)
    kind = question_kinds.get(row.version.kind)
    if answer is None:
        return Fraction(0)
    if kind.is_marked_by_person:
        return Fraction(answer.credit or 0)
    credit: Fraction = kind.grade(row.version, answer.response)
    return credit


def _mark_by_kind(rows: Iterable[AttemptQuestion]) -> bool:
    """Mark each answer by its kind; return whether there are some that a person marks."""
    answers, waits = [], False
    for row in rows:
        answer, kind = getattr(row, "answer", None), question_kinds.get(row.version.kind)
        if answer is None:
            continue
        if kind.is_marked_by_person and kind.is_answered(answer.response):
            waits = True
            continue
        credit = kind.grade(row.version, answer.response)
        answer.credit = Decimal(credit.numerator) / Decimal(credit.denominator)
        answer.is_right = credit == 1
        answers.append(answer)
    Answer.objects.bulk_update(answers, ["credit", "is_right"])
    return waits


def _record(locked: Attempt, before: Any, state: AttemptState) -> None:
    audit.record(
        "certification.attempt_closed",
        locked,
        actor=locked.person if state == AttemptState.SUBMITTED else None,
        quiz=locked.quiz.code,
        state=locked.state,
        score=locked.score,
        passed=locked.is_passed,
        changes=since(before, locked),
    )
