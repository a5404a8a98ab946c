"""API of the duty question: single questions and batches."""

from itertools import product
from typing import Any

from django.http import HttpRequest
from ninja import Body, Query, Router

from certification.duty.api_schemas import (
    BATCH,
    EQUIPMENT,
    KNOWN_AT,
    ON,
    PERSON,
    POSITION,
    SECOND,
    TASK,
    BatchOut,
    GridIn,
    QuestionIn,
    SingleOut,
)
from certification.duty.batch import Asked, Given, answer_all
from certification.duty.lists.reading import check_number
from certification.duty.pairs import Pair, needs_two
from certification.enums import AskedFrom
from portal.access.api_auth import SIGNED_IN
from portal.errors import DomainError
from portal.registry.duty import DutyAnswer

router = Router(tags=["duty"])


@router.get("", auth=SIGNED_IN, response=SingleOut, url_name="duty", summary="May this person do this?")
def ask_duty(
    request: HttpRequest,
    person: str = Query(..., description=PERSON),
    equipment: str | None = Query(None, description=EQUIPMENT),
    position: str | None = Query(None, description=POSITION),
    task: str = Query("", description=TASK),
    on: str = Query("", description=ON),
    known_at: str = Query("", description=KNOWN_AT),
    second: str = Query("", description=SECOND),
) -> dict:
    """Answer whether a person may do a task on a machine, or hold a post, that day, with the reasons.

    Dispatchers, managers of the branch, auditors and administrators ask about anybody in their sight; everybody else
    about themselves. A colleague out of reach is 403, anybody else 404; a text that may mean several records is
    422 and lists them. With ``second`` both are asked about, as work for two needs it.
    """
    row = Asked(person, equipment, position, task, on, known_at, second)
    (given,) = answer_all(request.user, [row], AskedFrom.API)
    if isinstance(given, DomainError):
        raise given
    return _given(given)


@router.post("/batch", auth=SIGNED_IN, response=BatchOut, url_name="duty_batch", summary="Many duty questions at once")
def ask_batch(request: HttpRequest, questions: Body[list[QuestionIn] | GridIn]) -> dict:
    """Answer up to 1,000 questions, each as the single question is answered and with the same permission.

    Instead of a list of questions ``people``, ``equipment`` and ``days`` may be sent: every person is asked about on
    every machine on every day (today without days), up to 2,000 questions; the rows stand in that order, days fastest.

    For work that takes two a row names its ``second`` person, or the grid one for all its rows: both are asked about,
    as in the single question, and ``together`` says whether the two may do it.

    A question that cannot be answered is a problem in its row; the others are answered. Questions and answers are
    kept for auditors; nothing else is written, so a request may be repeated at will.
    """
    rows = _of_grid(questions) if isinstance(questions, GridIn) else _of_list(questions)
    return {"rows": [_row(given) for given in answer_all(request.user, rows, AskedFrom.API)]}


def _of_list(questions: list[QuestionIn]) -> list[Asked]:
    check_number(len(questions), BATCH)
    return [
        Asked(
            row.person,
            row.equipment,
            row.position,
            row.task or "",
            row.on or "",
            row.known_at or "",
            row.second or "",
        )
        for row in questions
    ]


def _of_grid(grid: GridIn) -> list[Asked]:
    days = grid.days or [""]
    check_number(len(grid.people) * len(grid.equipment) * len(days))
    return [
        Asked(person, machine, None, grid.task or "", day, grid.known_at or "", grid.second or "")
        for person, machine, day in product(grid.people, grid.equipment, days)
    ]


def _row(given: Given | DomainError) -> dict[str, Any]:
    if isinstance(given, DomainError):
        problem = {"status": given.status, "code": given.code, "detail": str(given)}
        return {"problem": problem | given.details()}
    return {"answer": _given(given)}


def _given(given: Given) -> dict[str, Any]:
    together = _together(given.pair) if given.pair else None
    return {**_shown(given.answer), "needs_two": needs_two(given.answer), "together": together}


def _together(pair: Pair) -> dict[str, Any]:
    missing = [
        {
            "person": answer.person.name,
            "staff_number": answer.person.staff_number,
            "reasons": [{"code": reason.code, "message": reason.message} for reason in answer.reasons],
        }
        for answer in pair.missing
    ]
    second = pair.second.person.staff_number
    return {"allowed": pair.allowed, "message": pair.words, "second": second, "missing": missing}


def _shown(answer: DutyAnswer) -> dict[str, Any]:
    return {
        "allowed": answer.allowed,
        "task": answer.task.value if answer.task else None,
        "reasons": [{"code": reason.code, "message": reason.message} for reason in answer.reasons],
        "way_out": list(answer.way_out),
        "certificates": list(answer.certificates),
        "only_under": answer.only_under,
    }
