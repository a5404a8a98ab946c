"""The result of an attempt that holds: that of its last regrading, else the one it was closed with.

A closed attempt never changes; what a regrading made of it stands in rows of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from certification.models import Attempt, RegradedAttempt


@dataclass(frozen=True)
class HeldResult:
    """Points of 100 and whether that passed; both None while there is no result."""

    score: int | None
    is_passed: bool | None


def with_results(attempts: QuerySet[Attempt]) -> QuerySet[Any]:
    """Annotate attempts with the result that holds: ``held_score`` and ``held_passed``."""
    last = RegradedAttempt.objects.filter(attempt=OuterRef("pk")).order_by("-pk")
    return attempts.annotate(
        held_score=Coalesce(Subquery(last.values("new_score")[:1]), F("score")),
        held_passed=Coalesce(Subquery(last.values("new_passed")[:1]), F("is_passed")),
    )


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
