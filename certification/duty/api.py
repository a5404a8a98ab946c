"""API of the duty question: single questions and batches."""

import datetime as dt
from itertools import product
from typing import Any

from django.http import HttpRequest
from ninja import Body, Field, Query, Router, Schema

from certification.duty.batch import Asked, Given, answer_all
from certification.duty.lists.reading import check_number
from certification.duty.pairs import Pair, needs_two
from certification.enums import AskedFrom
from portal.access.api_auth import SIGNED_IN
from portal.enums import Task
from portal.errors import DomainError
from portal.registry.duty import DutyAnswer
from portal.web.problems import CandidateOut

router = Router(tags=["duty"])
# Questions in one request.
BATCH = 1000
PERSON = "Staff number, name, pinyin or scanned card, e.g. T001"
EQUIPMENT = "Code, name, alias, serial number or scanned label of the machine, e.g. AB-100 or its name"
POSITION = "Instead of equipment: title of a post, or organisation code and title, e.g. HQ/technician"
TASK = f"What is to be done on the equipment: {', '.join(Task.values)}; repair when left out"
ON = "Day as YYYY-MM-DD; today when left out"
SECOND = "Who will be there too, named like person; for work that takes two"
KNOWN_AT = "Answer as it was known at this moment (ISO 8601); now when left out"


class ReasonOut(Schema):
    """One reason: a stable name and a sentence; after ``overridden`` follows what is missing."""

    code: str
    message: str


class MeetingOut(Schema):
    """One meeting of a session."""

    number: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str


class SeatOut(Schema):
    """The next session with a free seat that the person may book."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    free_seats: int
    url: str
    meetings: list[MeetingOut]


class QuizWayOut(Schema):
    """The quiz to take."""

    code: str
    url: str


class ReadingWayOut(Schema):
    """The edition to read and confirm."""

    title: str
    url: str


class AssessorOut(Schema):
    """Somebody near who may sign the practical, and how to reach them; people of the service network are told."""

    name: str
    staff_number: str
    phone: str
    organisation: str


class CardWayOut(Schema):
    """The statutory card to record; the address is the form, for who keeps the person's file."""

    kind: str
    name: str
    url: str


class WayOutOut(Schema):
    """What can be done about an unmet reason, one for each in their order; the address may be empty.

    Of ``session``, ``quiz``, ``reading``, ``assessors`` and ``card`` the one that leads out is filled.
    """

    code: str
    message: str
    url: str
    session: SeatOut | None = None
    quiz: QuizWayOut | None = None
    reading: ReadingWayOut | None = None
    assessors: list[AssessorOut] = []
    card: CardWayOut | None = None


class CertificateOut(Schema):
    """One certificate the answer rests on; ``taken_over`` is the number it had before the portal.

    ``grace_until`` is the last day of grace of one that has ended; empty where it stands.
    """

    number: str
    scheme: str
    name: str
    valid_from: dt.date
    valid_to: dt.date
    grace_until: str = ""
    taken_over: str = ""


class DutyOut(Schema):
    """Allowed or refused, with the reasons; the task is null where a post was asked about.

    ``only_under`` names the person without whom an allowed learner does not work.
    """

    allowed: bool
    task: str | None
    reasons: list[ReasonOut]
    way_out: list[WayOutOut]
    certificates: list[CertificateOut]
    only_under: str = ""


class MissingOut(Schema):
    """One of two who does not make it two, and why."""

    person: str
    staff_number: str
    reasons: list[ReasonOut]


class TogetherOut(Schema):
    """Whether two people may do the work together, and who of them is missing for it."""

    allowed: bool
    message: str
    second: str
    missing: list[MissingOut] = []


class SingleOut(DutyOut):
    """The answer about one person, and where a second one was named, about both.

    ``needs_two`` says that the work takes two, so that being allowed is not enough alone.
    """

    needs_two: bool = False
    together: TogetherOut | None = None


class QuestionIn(Schema):
    """One question of a batch; left out or null is not asked."""

    person: str = ""
    equipment: str | None = None
    position: str | None = None
    task: str | None = None
    on: str | None = None
    known_at: str | None = None
    second: str | None = Field(None, description=SECOND)


class GridIn(Schema):
    """Every person on every machine on every day, with the same second person; the rows come in that order."""

    people: list[str]
    equipment: list[str]
    days: list[str] = []
    task: str | None = None
    known_at: str | None = None
    second: str | None = Field(None, description=SECOND)


class ProblemOut(Schema):
    """Why one question of a batch has no answer; candidates stand where the text may mean several records."""

    status: int
    code: str
    detail: str
    candidates: list[CandidateOut] = []


class RowOut(Schema):
    """The answer to one question of a batch, or the problem with it."""

    answer: SingleOut | None = None
    problem: ProblemOut | None = None


class BatchOut(Schema):
    """One row a question, in the order asked."""

    rows: list[RowOut]


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
