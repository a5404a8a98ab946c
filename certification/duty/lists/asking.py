"""Ask the gate about a list, and lay the answers out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from certification.duty.batch import Asked, Given, answer_all
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
    cells: list[Given | None]


@dataclass(frozen=True)
class Answered:
    """The answers to a list in the order asked, and what could not be asked."""

    given: Sequence[Given]
    problems: Sequence[Problem]

    @property
    def answers(self) -> list[DutyAnswer]:
        """The answers about who was asked for."""
        return [each.answer for each in self.given]

    @cached_property
    def headings(self) -> list[Heading]:
        """The columns in the order in which the list names them."""
        return list(dict.fromkeys(_heading(each.answer) for each in self.given))

    @property
    def is_grid(self) -> bool:
        """Whether people × columns fit on a screen, and nobody is asked about twice for one of them."""
        asked = {(each.answer.person.pk, _heading(each.answer)) for each in self.given}
        return len(self.headings) <= WIDEST and len(asked) == len(self.given)

    @cached_property
    def rows(self) -> list[Row]:
        """A row a person with a cell a column."""
        places = {heading: at for at, heading in enumerate(self.headings)}
        found: dict[int, Row] = {}
        for each in self.given:
            person = each.answer.person
            row = found.setdefault(person.pk, Row(person, [None] * len(places)))
            row.cells[places[_heading(each.answer)]] = each
        return list(found.values())

    @property
    def several_tasks(self) -> bool:
        """Whether the columns must name their task."""
        return len({heading.task for heading in self.headings}) > 1

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many answers there are of each state of ``DutyAnswer``."""
        found = Counter(each.answer.state for each in self.given)
        return {state: found[state] for state in STATES}

    @property
    def names_seconds(self) -> bool:
        """Whether a second person was named somewhere."""
        return any(each.pair for each in self.given)

    @cached_property
    def not_together(self) -> int:
        """How many of the twos asked about may not do the work together."""
        return sum(each.pair is not None and not each.pair.allowed for each in self.given)


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
    answers: dict[tuple[int, Heading, int | None], Given] = {}
    for (asked, numbers), each in zip(once.items(), given, strict=True):
        if isinstance(each, Given):
            second = each.pair.second.person.pk if each.pair else None
            answers.setdefault((each.answer.person.pk, _heading(each.answer), second), each)
            continue
        problem = problems.setdefault((each.code, str(each)), Problem(each, _meant(asked, each)))
        problem.lines += [number for number in numbers if number not in problem.lines]
    return Answered(list(answers.values()), list(problems.values()))


def _meant(asked: Asked, error: DomainError) -> str:
    """Return the text of a line that may mean several records; empty where the problem is another one."""
    named = FIELD_OF.get(error.code, "")
    if named == "person":
        typed = error.params.get("person", "")
        return next((text for text in (asked.person, asked.second) if text.strip()[: len(typed)] == typed), "")
    return str(getattr(asked, named, "") or "") if named else ""
