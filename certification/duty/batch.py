"""Answer many duty questions: people, equipment and positions are resolved together, errors are kept per row."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from certification.duty.errors import NotOneSubject
from certification.duty.log.domain import keep_inquiries
from certification.duty.ways import with_ways
from certification.enums import AskedFrom
from portal.access.dates import parse_day, parse_moment
from portal.access.lookup import (
    find_equipments,
    find_people_for_duty,
    find_task,
    position_named,
    positions_in_network,
)
from portal.errors import DomainError, ImpossibleDate, PersonOutOfScope
from portal.models import Person, Position
from portal.registry.duty import DutyAnswer, DutyQuestion, ask_many


@dataclass(frozen=True)
class Asked:
    """A duty question as it was typed; None where nothing was."""

    person: str
    equipment: str | None = None
    position: str | None = None
    task: str = ""
    on: str = ""
    known_at: str = ""


class Finder:
    """Finds what the rows name, for one asker: a fixed number of queries, however many rows.

    As many again for each day on which somebody is asked about who works in sight that day and not today.
    """

    def __init__(self, asker: Person, rows: Sequence[Asked]) -> None:
        self.people = find_people_for_duty(asker, {row.person for row in rows})
        self.people_of_days = self._of_days(asker, rows)
        named = {row.equipment for row in rows if row.equipment is not None}
        self.equipment = find_equipments(named, asker) if named else {}
        wants_post = any(row.position is not None for row in rows)
        self.positions: list[Position] = positions_in_network(asker) if wants_post else []

    def _of_days(self, asker: Person, rows: Sequence[Asked]) -> dict[tuple[str, str], Person | DomainError]:
        """Return whom rows name who do not work in sight today but on the day asked, by text and day as typed."""
        unseen: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.on and isinstance(self.people[row.person], PersonOutOfScope):
                unseen[row.on].add(row.person)
        found: dict[tuple[str, str], Person | DomainError] = {}
        for typed, texts in unseen.items():
            try:
                day = parse_day(typed)
            except ImpossibleDate:
                continue
            found |= {(text, typed): who for text, who in find_people_for_duty(asker, texts, day).items()}
        return found

    def question(self, row: Asked) -> DutyQuestion:
        """Return the question a row asks.

        Raises:
            NotOneSubject: neither a machine nor a post, or both.
            DomainError: the person, machine, post, task, day or moment is not known or cannot be read.
        """
        if (row.equipment is None) == (row.position is None):
            raise NotOneSubject
        person = self.people_of_days.get((row.person, row.on), self.people[row.person])
        if isinstance(person, DomainError):
            raise person
        if row.position is not None:
            position = position_named(self.positions, row.position)
            if isinstance(position, DomainError):
                raise position
            return DutyQuestion(person, *_when(row), position=position)
        equipment = self.equipment[row.equipment or ""]
        if isinstance(equipment, DomainError):
            raise equipment
        return DutyQuestion(person, *_when(row), equipment=equipment, task=find_task(row.task))


def _when(row: Asked) -> tuple[dt.date, dt.datetime]:
    return parse_day(row.on), parse_moment(row.known_at)


def read(asker: Person, rows: Sequence[Asked]) -> list[DutyQuestion | DomainError]:
    """Return the question of each row, or why it cannot be asked."""
    finder = Finder(asker, rows)
    return [_question_or_error(finder, row) for row in rows]


def _question_or_error(finder: Finder, row: Asked) -> DutyQuestion | DomainError:
    try:
        return finder.question(row)
    except DomainError as error:
        return error


def answer_all(asker: Person, rows: Sequence[Asked], asked_from: AskedFrom) -> list[DutyAnswer | DomainError]:
    """Return the answer of each row in the order asked, or why it cannot be answered; what was answered is kept.

    Refusals name what leads out of them, see :func:`with_ways`.
    """
    asked = read(asker, rows)
    given = ask_many([question for question in asked if isinstance(question, DutyQuestion)])
    keep_inquiries(asker, asked_from, given)
    answers = iter(with_ways(asker, given))
    return [next(answers) if isinstance(question, DutyQuestion) else question for question in asked]
