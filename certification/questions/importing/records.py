"""What every format makes of a file: questions as written, problems and notes with their place."""

from dataclasses import dataclass, field
from typing import Any

from certification.questions.kinds.base import Option


@dataclass(frozen=True)
class Finding:
    """Something wrong with a file, or not carried over.

    Args:
        place: line and column, or sheet and cell, for people.
        text: what it is, for people.
    """

    place: str
    text: str


@dataclass
class Written:
    """A question as a file writes it.

    Args:
        place: where it begins, for people.
        ref: its reference; empty where the file gives none.
        fields: of ``QuestionVersion``, only those the file speaks of.
    """

    place: str
    kind: str
    stem: str
    options: list[Option] = field(default_factory=list)
    parameters: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    ref: str = ""


@dataclass
class Parsed:
    """What was read: problems refuse the whole file, notes say what the bank does not carry."""

    questions: list[Written] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
