"""What the API of the duty question takes and answers."""

import datetime as dt

from ninja import Field, Schema

from portal.enums import Task
from portal.web.problems import CandidateOut

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
