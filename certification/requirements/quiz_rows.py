"""Rows of evidence about quizzes: attempts with the results they had from when on, marks, regradings, exemptions."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.db.models import CharField, QuerySet, Value

from certification.enums import AttemptState, ExcuseKind
from certification.models import Attempt, ExcuseDecision, Mark, RegradedAttempt
from certification.requirements.rows import PEOPLE, Row, flag, instance, rows_of

# What marks a row of an exemption among those of attempts.
EXEMPT_ROW = "exempted"
# The same for what marks and regradings made of results later.
MARKED_ROW, REGRADED_ROW = "marked", "regraded"
# Why a grant resting on the attempt asks for a counter-signature.
FLAGS = ("could_read_answers", "wrote_questions", "changed_quiz")


class Result(NamedTuple):
    """A result of an attempt, and from when on it was known."""

    known_at: dt.datetime
    score: int | None
    is_passed: bool


def later_rows(source: str, named: Mapping[str, Any]) -> list[QuerySet[Any]]:
    """Return the queries of the approved exemptions, the regradings and the marks."""
    asked = {f"excuse__{name}": quizzes for name, quizzes in named.items()}
    approved = ExcuseDecision.objects.filter(
        is_approved=True, excuse__kind=ExcuseKind.EXEMPTED, excuse__person__in=PEOPLE, **asked
    )
    of_papers = {f"attempt__{name}": quizzes for name, quizzes in named.items()}
    of_answers = {f"answer__shown__attempt__{name}": quizzes for name, quizzes in named.items()}
    return [
        rows_of(
            approved,
            source,
            "excuse__quiz_id",
            person="excuse__person_id",
            moments=["decided_at"],
            texts=[Value(EXEMPT_ROW, output_field=CharField()), "decided_by__name", "excuse__reason"],
        ),
        rows_of(
            RegradedAttempt.objects.filter(attempt__person__in=PEOPLE, **of_papers),
            source,
            "attempt__quiz_id",
            person="attempt__person_id",
            moments=["regrading__decided_at"],
            numbers=["new_score", flag("new_passed"), "attempt_id"],
            texts=[Value(REGRADED_ROW, output_field=CharField())],
        ),
        rows_of(
            Mark.objects.filter(answer__shown__attempt__person__in=PEOPLE, **of_answers),
            source,
            "answer__shown__attempt__quiz_id",
            person="answer__shown__attempt__person_id",
            moments=["marked_at"],
            numbers=["answer__shown__attempt_id"],
            texts=[Value(MARKED_ROW, output_field=CharField())],
        ),
    ]


@dataclass(frozen=True)
class Later:
    """What became of attempts after they were closed, by key of the attempt."""

    regraded: dict[int, list[Row]]
    marked: dict[int, dt.datetime]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Later":
        """Read the rows, the first one first."""
        found = cls(defaultdict(list), {})
        for row in rows:
            if row.text_1 == REGRADED_ROW and row.number_3 is not None:
                found.regraded[row.number_3].append(row)
            elif row.text_1 == MARKED_ROW and row.number_1 is not None:
                found.marked[row.number_1] = cast("dt.datetime", row.moment_1)
        return found

    def results(self, row: Row) -> list[Result]:
        """Return the results of an attempt in their order; none before it has one."""
        if row.number_2 is None or row.moment_2 is None:
            return []
        first = Result(self.marked.get(row.key, row.moment_2), row.number_1, bool(row.number_2))
        later = (
            Result(cast("dt.datetime", each.moment_1), each.number_1, bool(each.number_2))
            for each in self.regraded.get(row.key, ())
        )
        return [first, *later]


def attempt_of(row: Row, results: list[Result]) -> Attempt:
    """Return the attempt of a row with the result that holds; the earlier ones go with it, see :func:`as_known`."""
    last = results[-1] if results else None
    attempt = instance(
        Attempt,
        id=row.key,
        quiz_id=row.subject,
        person_id=row.person,
        state=row.text_1,
        started_at=row.moment_1,
        closed_at=row.moment_2,
        score=last.score if last else None,
        is_passed=last.is_passed if last else None,
        **dict(zip(FLAGS, map(bool, (row.number_3, row.number_4, row.number_5)), strict=True)),
    )
    attempt.__dict__["_results"] = results
    return attempt


def as_known(attempt: Attempt, known_at: dt.datetime) -> Attempt:
    """Return an attempt with the result it had at a moment: a later mark or regrading does not change what was said."""
    results: list[Result] = attempt.__dict__.get("_results", [])
    if not results or results[-1].known_at <= known_at:
        return attempt
    then = copy(attempt)
    known = [result for result in results if result.known_at <= known_at]
    then.score = known[-1].score if known else None
    then.is_passed = known[-1].is_passed if known else None
    if not known:
        then.state = AttemptState.MARKING
    return then
