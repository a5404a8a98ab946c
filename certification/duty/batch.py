"""Answer many duty questions: people, equipment and positions are resolved together, errors are kept per row."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import timezone

from certification.duty.errors import NotOneSubject, TwoAreOne
from certification.duty.log.domain import keep_inquiries
from certification.duty.pairs import Pair, needs_two, pair_of
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
    # Who will be there too, for work that takes two.
    second: str = ""


@dataclass(frozen=True)
class Given:
    """The answer to one row: about the person, and where a second one was named, about both."""

    answer: DutyAnswer
    pair: Pair | None = None

    @property
    def needs_two(self) -> bool:
        """Whether the work takes two, so that being allowed is not enough alone."""
        return self.pair.needed if self.pair else needs_two(self.answer)


class Finder:
    """Finds what the rows name, for one asker: a fixed number of queries, however many rows.

    As many again for each day on which somebody is asked about who works in sight that day and not today.
    """

    def __init__(self, asker: Person, rows: Sequence[Asked]) -> None:
        named_people = {row.person for row in rows} | {row.second for row in rows if row.second.strip()}
        self.people = find_people_for_duty(asker, named_people)
        self.people_of_days = self._of_days(asker, rows)
        named = {row.equipment for row in rows if row.equipment is not None}
        self.equipment = find_equipments(named, asker) if named else {}
        # One moment for all rows: who is the second person of several of them is asked about once.
        self.now = timezone.now()
        wants_post = any(row.position is not None for row in rows)
        self.positions: list[Position] = positions_in_network(asker) if wants_post else []

    def _of_days(self, asker: Person, rows: Sequence[Asked]) -> dict[tuple[str, str], Person | DomainError]:
        """Return whom rows name who do not work in sight today but on the day asked, by text and day as typed."""
        unseen: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            for text in (row.person, row.second):
                if row.on and isinstance(self.people.get(text), PersonOutOfScope):
                    unseen[row.on].add(text)
        found: dict[tuple[str, str], Person | DomainError] = {}
        for typed, texts in unseen.items():
            try:
                day = parse_day(typed)
            except ImpossibleDate:
                continue
            found |= {(text, typed): who for text, who in find_people_for_duty(asker, texts, day).items()}
        return found

    def questions(self, row: Asked) -> list[DutyQuestion]:
        """Return the question a row asks, and the same about the second person where one is named.

        Raises:
            NotOneSubject: neither a machine nor a post, or both.
            TwoAreOne: the same person is named twice.
            DomainError: a person, machine, post, task, day or moment is not known or cannot be read.
        """
        first = self._question(row)
        if not row.second.strip():
            return [first]
        second = self.people_of_days.get((row.second, row.on), self.people[row.second])
        if isinstance(second, DomainError):
            raise second
        if second.pk == first.person.pk:
            raise TwoAreOne(name=second.name)
        return [first, replace(first, person=second)]

    def _question(self, row: Asked) -> DutyQuestion:
        if (row.equipment is None) == (row.position is None):
            raise NotOneSubject
        person = self.people_of_days.get((row.person, row.on), self.people[row.person])
        if isinstance(person, DomainError):
            raise person
        if row.position is not None:
            position = position_named(self.positions, row.position)
            if isinstance(position, DomainError):
                raise position
            return DutyQuestion(person, *self._when(row), position=position)
        equipment = self.equipment[row.equipment or ""]
        if isinstance(equipment, DomainError):
            raise equipment
        return DutyQuestion(person, *self._when(row), equipment=equipment, task=find_task(row.task))

    def _when(self, row: Asked) -> tuple[dt.date, dt.datetime]:
        return parse_day(row.on), parse_moment(row.known_at) if row.known_at.strip() else self.now


def read(asker: Person, rows: Sequence[Asked]) -> list[list[DutyQuestion] | DomainError]:
    """Return the questions of each row, or why it cannot be asked."""
    finder = Finder(asker, rows)
    return [_questions_or_error(finder, row) for row in rows]


def _questions_or_error(finder: Finder, row: Asked) -> list[DutyQuestion] | DomainError:
    try:
        return finder.questions(row)
    except DomainError as error:
        return error


def answer_all(asker: Person, rows: Sequence[Asked], asked_from: AskedFrom) -> list[Given | DomainError]:
    """Return the answer of each row in the order asked, or why it cannot be answered; what was answered is kept.

    Refusals name what leads out of them, see :func:`with_ways`. Who is the second person of many rows is asked about
    once for the same work.
    """
    asked = read(asker, rows)
    questions: list[DutyQuestion] = []
    # Where the answer about a second person stands, by what was asked.
    seconds: dict[tuple[object, ...], int] = {}
    places: list[list[int] | DomainError] = []
    for found in asked:
        if isinstance(found, DomainError):
            places.append(found)
            continue
        first, *others = found
        at = [len(questions)]
        questions.append(first)
        for other in others:
            key = _key(other)
            if key not in seconds:
                seconds[key] = len(questions)
                questions.append(other)
            at.append(seconds[key])
        places.append(at)
    given = ask_many(questions)
    keep_inquiries(asker, asked_from, given)
    answers = with_ways(asker, given)
    return [each if isinstance(each, DomainError) else _given([answers[at] for at in each]) for each in places]


def _key(question: DutyQuestion) -> tuple[object, ...]:
    equipment, position = question.equipment, question.position
    about = equipment.pk if equipment else None, position.pk if position else None
    return question.person.pk, *about, question.task, question.on, question.known_at


def _given(answers: Sequence[DutyAnswer]) -> Given:
    return Given(answers[0], pair_of(answers) if len(answers) > 1 else None)
