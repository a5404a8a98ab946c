"""The question "may this person do this, today?" as a protocol. Certification answers it; everybody may ask.

The answer is data: typed reasons that pages, API and PDFs render alike.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils import timezone

from portal.errors import DomainError
from portal.models import EquipmentModel, Person


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
class DutyAnswer:
    """Allowed or refused, for one person, one machine, one day, as known at one moment."""

    person: Person
    equipment: EquipmentModel
    on: dt.date
    known_at: dt.datetime
    allowed: bool
    reasons: Sequence[Reason] = ()
    certificates: Sequence[dict[str, Any]] = ()


class Gate(Protocol):
    """Whoever answers the question."""

    def __call__(self, person: Person, equipment: EquipmentModel, on: dt.date, known_at: dt.datetime) -> DutyAnswer: ...


class NoGate(DomainError):
    """No app has registered an answer; a portal without certification refuses everybody."""

    code = "no_gate"
    status = 503


_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Make ``gate`` the one that answers; the last registration holds."""
    _gates[:] = [gate]


def ask(
    person: Person, equipment: EquipmentModel, on: dt.date | None = None, known_at: dt.datetime | None = None
) -> DutyAnswer:
    """Answer whether ``person`` may work on ``equipment`` on day ``on`` (today in the organisation's zone by default).

    Args:
        known_at: answer with what was on record at this moment (now by default): what an auditor asks.

    Raises:
        NoGate: when no app has registered an answer.
    """
    if not _gates:
        raise NoGate
    return _gates[0](person, equipment, on or timezone.localdate(), known_at or timezone.now())
