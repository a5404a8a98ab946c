"""The result of an attempt that holds: that of its last regrading, else the one it was closed with.

A closed attempt never changes; what a regrading made of it stands in rows of its own.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, DateTimeField, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from certification.models import Attempt, Mark, RegradedAttempt


@dataclass(frozen=True)
class HeldResult:
    """Points of 100 and whether that passed; both None while there is no result."""

    score: int | None
    is_passed: bool | None


def with_results(attempts: QuerySet[Attempt], known_at: dt.datetime | None = None) -> QuerySet[Any]:
    """Annotate attempts with the result that holds: ``held_score`` and ``held_passed``.

    Args:
        known_at: by what had been marked and regraded at that moment; None for all of it.
    """
    last = RegradedAttempt.objects.filter(attempt=OuterRef("pk")).order_by("-pk")
    if known_at is not None:
        last = last.filter(regrading__decided_at__lte=known_at)
        settled = Case(When(settled_at__lte=known_at, then=F("score")))
        passed = Case(When(settled_at__lte=known_at, then=F("is_passed")), output_field=BooleanField(null=True))
        return attempts.annotate(settled_at=settled_at()).annotate(
            held_score=Coalesce(Subquery(last.values("new_score")[:1]), settled),
            held_passed=Coalesce(Subquery(last.values("new_passed")[:1]), passed),
        )
    return attempts.annotate(
        held_score=Coalesce(Subquery(last.values("new_score")[:1]), F("score")),
        held_passed=Coalesce(Subquery(last.values("new_passed")[:1]), F("is_passed")),
    )


def settled_at() -> Coalesce:
    """Return the moment from which the first result of an attempt was known: closed, or the last answer marked."""
    marks = Mark.objects.filter(answer__shown__attempt=OuterRef("pk")).order_by("-marked_at")
    return Coalesce(Subquery(marks.values("marked_at")[:1]), F("closed_at"), output_field=DateTimeField(null=True))


def with_passing(attempts: QuerySet[Attempt]) -> QuerySet[Any]:
    """Leave the attempts that are passed, with the moment from which that was known as ``passed_at``, in its order."""
    raised = RegradedAttempt.objects.filter(attempt=OuterRef("pk"), new_passed=True).order_by("pk")
    moment = Case(
        When(is_passed=True, then=settled_at()),
        default=Subquery(raised.values("regrading__decided_at")[:1]),
        output_field=DateTimeField(null=True),
    )
    return attempts.annotate(passed_at=moment).filter(passed_at__isnull=False).order_by("passed_at")


def regradings_of(attempt: Attempt) -> list[RegradedAttempt]:
    """Return what regradings made of an attempt, the first one first."""
    return list(RegradedAttempt.objects.filter(attempt=attempt).select_related("regrading").order_by("pk"))


def held_result(attempt: Attempt, regradings: Sequence[RegradedAttempt]) -> HeldResult:
    """Return the result that holds.

    Args:
        regradings: all of the attempt's, see :func:`regradings_of`.
    """
    if regradings:
        return HeldResult(regradings[-1].new_score, regradings[-1].new_passed)
    return HeldResult(attempt.score, attempt.is_passed)
