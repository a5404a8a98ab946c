"""Ask the gate about a list, and lay the answers out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from certification.duty.batch import Asked, answer_all
from certification.duty.lists.reading import Line
from certification.enums import AskedFrom
from portal.enums import Task
from portal.errors import Candidate, DomainError
from portal.models import EquipmentModel, Person
from portal.registry.duty import STATES, DutyAnswer
from portal.ui.typed import FIELD_OF

# More columns than these no screen shows: the answers stand one below the other.
WIDEST = 31


class Heading(NamedTuple):
    """A column of the answer: a task on a machine on a day."""

    equipment: EquipmentModel
    task: Task
    on: object


@dataclass
class Problem:
    """What of a list could not be asked: said once, with every line that has it.

    Args:
        text: the text that may mean several records; empty where it means none.
    """

    error: DomainError
    text: str = ""
    lines: list[int] = field(default_factory=list)

    @property
    def candidates(self) -> Sequence[Candidate]:
        """The records the text may mean."""
        return getattr(self.error, "candidates", ())


@dataclass
class Row:
    """One person's answers by column; None where the list does not ask."""

    person: Person
    cells: list[DutyAnswer | None]


@dataclass(frozen=True)
class Answered:
    """The answers to a list in the order asked, and what could not be asked."""

    answers: Sequence[DutyAnswer]
    problems: Sequence[Problem]

    @cached_property
    def headings(self) -> list[Heading]:
        """The columns in the order in which the list names them."""
        return list(dict.fromkeys(_heading(answer) for answer in self.answers))

    @property
    def is_grid(self) -> bool:
        """Whether people × columns fit on a screen."""
        return len(self.headings) <= WIDEST

    @cached_property
    def rows(self) -> list[Row]:
        """A row a person with a cell a column."""
        places = {heading: at for at, heading in enumerate(self.headings)}
        found: dict[int, Row] = {}
        for answer in self.answers:
            row = found.setdefault(answer.person.pk, Row(answer.person, [None] * len(places)))
            row.cells[places[_heading(answer)]] = answer
        return list(found.values())

    @property
    def several_tasks(self) -> bool:
        """Whether the columns must name their task."""
        return len({heading.task for heading in self.headings}) > 1

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many answers there are of each state of ``DutyAnswer``."""
        found = Counter(answer.state for answer in self.answers)
        return {state: found[state] for state in STATES}


def _heading(answer: DutyAnswer) -> Heading:
    if answer.equipment is None or answer.task is None:
        raise ValueError("A list asks about machines.")
    return Heading(answer.equipment, answer.task, answer.on)


def ask_list(asker: Person, lines: Sequence[Line], asked_from: AskedFrom) -> Answered:
    """Ask every line in a fixed number of queries; the same question is asked once."""
    once: dict[Asked, list[int]] = {}
    for line in lines:
        once.setdefault(line.asked, []).append(line.number)
    given = answer_all(asker, list(once), asked_from)
    problems: dict[tuple[str, str], Problem] = {}
    answers: dict[tuple[int, Heading], DutyAnswer] = {}
    for (asked, numbers), answer in zip(once.items(), given, strict=True):
        if isinstance(answer, DutyAnswer):
            answers.setdefault((answer.person.pk, _heading(answer)), answer)
            continue
        named = FIELD_OF.get(answer.code, "")
        text = str(getattr(asked, named, "") or "") if named else ""
        problem = problems.setdefault((answer.code, str(answer)), Problem(answer, text))
        problem.lines += [number for number in numbers if number not in problem.lines]
    return Answered(list(answers.values()), list(problems.values()))
