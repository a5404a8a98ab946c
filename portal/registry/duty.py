"""Protocol of the duty question "may this person do this on this day?"; certification registers the answer.

It is asked for a person, a task on a machine and a day, or for a person, a post and a day; each as known at a moment.
The answer is data: typed reasons that pages, API and PDFs render alike.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.enums import Task
from portal.errors import DomainError
from portal.models import EquipmentModel, Person, Position


@dataclass(frozen=True)
class Reason:
    """One thing that is shown or missing.

    Args:
        code: stable name for programs, e.g. ``hours_missing``.
        message: sentence in the reader's language.
        met: whether it is fulfilled (only unmet reasons refuse).
        params: the facts in the sentence.
    """

    code: str
    message: str
    met: bool = False
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DutyQuestion:
    """One question: a task on a machine, or a post.

    Args:
        on: the day of work, in the organisation's zone.
        known_at: answer with what was on record at this moment.
        equipment: the machine; None when a post is asked about.
        task: what is to be done on the machine; None when a post is asked about.
        position: the post; None when a machine is asked about.
    """

    person: Person
    on: dt.date
    known_at: dt.datetime
    equipment: EquipmentModel | None = None
    task: Task | None = None
    position: Position | None = None

    def __post_init__(self) -> None:
        on_machine = self.equipment is not None and self.task is not None and self.position is None
        in_post = self.position is not None and self.equipment is None and self.task is None
        if not (on_machine or in_post):
            raise ValueError("A duty question names a machine and a task, or a post.")


#: How an answer can be.
STATES = ("allowed", "under", "override", "refused")


# The colours of the states, as lamps and tables show them.
STATE_TONES = {"allowed": "green", "under": "amber", "override": "amber", "refused": "red"}


def state_words(state: str) -> str:
    """Write a state of :class:`DutyAnswer`, for tables."""
    return {
        "allowed": _("Allowed"),
        "under": _("Only under guidance"),
        "override": _("Allowed, overridden"),
        "refused": _("Refused"),
    }[state]


@dataclass(frozen=True)
class DutyAnswer:
    """Allowed or refused.

    Args:
        reasons: what speaks for it when allowed, besides what is missing where somebody answers for it; what is
            missing when refused.
        certificates: what an allowed answer rests on, as ``{number, scheme, name, valid_from, valid_to,
            grace_until}``.
        way_out: what can be done about each unmet reason, as ``{code, message, url}``; the address may be empty.
    """

    question: DutyQuestion
    allowed: bool
    reasons: Sequence[Reason] = ()
    certificates: Sequence[dict[str, Any]] = ()
    way_out: Sequence[dict[str, str]] = ()

    @property
    def is_overridden(self) -> bool:
        """Whether it is allowed although something is missing: somebody answers for it."""
        return self.allowed and not self.only_under and any(not reason.met for reason in self.reasons)

    @property
    def only_under(self) -> str:
        """Name of the person under whom alone it is allowed; empty where it is allowed without one."""
        return str(self.reasons[0].params.get("guide_name", "")) if self.allowed and self.reasons else ""

    @property
    def state(self) -> str:
        """What a lamp shows, one of :data:`STATES`: ``under`` is allowed under somebody only."""
        if not self.allowed:
            return "refused"
        if self.only_under:
            return "under"
        return "override" if self.is_overridden else "allowed"

    @property
    def limits(self) -> list[str]:
        """What the person does not do although the qualification is held, in words."""
        return [str(reason.params["limit"]) for reason in self.reasons if self.allowed and reason.params.get("limit")]

    @property
    def is_limited(self) -> bool:
        """Whether it is allowed, but not simply: under somebody only, overridden, or with a limit."""
        return self.allowed and (self.state != "allowed" or bool(self.limits))

    @property
    def is_free(self) -> bool:
        """Whether it is allowed simply."""
        return self.allowed and not self.is_limited

    @property
    def person(self) -> Person:
        """Who was asked about."""
        return self.question.person

    @property
    def equipment(self) -> EquipmentModel | None:
        """The machine asked about."""
        return self.question.equipment

    @property
    def task(self) -> Task | None:
        """The task asked about."""
        return self.question.task

    @property
    def position(self) -> Position | None:
        """The post asked about."""
        return self.question.position

    @property
    def on(self) -> dt.date:
        """The day asked about."""
        return self.question.on

    @property
    def known_at(self) -> dt.datetime:
        """The moment whose knowledge the answer rests on."""
        return self.question.known_at


class Gate(Protocol):
    """Whoever answers: one answer a question, in the order asked, in a fixed number of queries."""

    def __call__(self, questions: Sequence[DutyQuestion]) -> list[DutyAnswer]: ...


class Finder(Protocol):
    """Whoever finds people near the asker whom the gate allows; nearest first, at most ``limit`` of them."""

    def __call__(
        self, asker: Person, equipment: EquipmentModel, task: Task, on: dt.date, limit: int
    ) -> list[Person]: ...


class NoGate(DomainError):
    """No app has registered an answer; a portal without certification refuses everybody."""

    code = "no_gate"
    status = 503


_gates: list[Gate] = []
_finders: list[Finder] = []


def register_gate(gate: Gate) -> None:
    """Make ``gate`` the one that answers; the last registration holds."""
    _gates[:] = [gate]


def ask(
    person: Person,
    equipment: EquipmentModel,
    task: Task = Task.REPAIR,
    on: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> DutyAnswer:
    """Answer whether ``person`` may do ``task`` on ``equipment`` on day ``on`` (today in the organisation's zone).

    Args:
        known_at: answer with what was on record at this moment (now by default): what an auditor asks.

    Raises:
        NoGate: when no app has registered an answer.
    """
    day, moment = on or timezone.localdate(), known_at or timezone.now()
    return ask_many([DutyQuestion(person, day, moment, equipment=equipment, task=task)])[0]


def ask_post(
    person: Person, position: Position, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> DutyAnswer:
    """Answer whether ``person`` may hold ``position`` on day ``on``; arguments and errors as for :func:`ask`."""
    day, moment = on or timezone.localdate(), known_at or timezone.now()
    return ask_many([DutyQuestion(person, day, moment, position=position)])[0]


def ask_many(questions: Sequence[DutyQuestion]) -> list[DutyAnswer]:
    """Answer many questions, in their order.

    Raises:
        NoGate: when no app has registered an answer.
    """
    if not _gates:
        raise NoGate
    return _gates[0](questions)


def register_finder(finder: Finder) -> None:
    """Make ``finder`` the one that finds allowed people nearby; the last registration holds."""
    _finders[:] = [finder]


def allowed_nearby(
    asker: Person, equipment: EquipmentModel, task: Task, on: dt.date | None = None, *, limit: int = 4
) -> list[Person]:
    """Return people near ``asker`` who may do ``task`` on ``equipment`` that day; nobody without a registered finder.

    Args:
        asker: somebody of the service network; anybody else is told nobody.
        limit: how many at most, nearest first.
    """
    return _finders[0](asker, equipment, task, on or timezone.localdate(), limit) if _finders else []
