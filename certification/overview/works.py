"""Skills matrix of people × equipment × task: the answer of the gate today, for work that schemes open."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from certification.duty.work import Work, opened_work
from certification.models import Scheme
from certification.schemes.queries import schemes_in_force
from portal.enums import Task
from portal.models import Assignment, EquipmentModel, Person
from portal.registry.duty import DutyAnswer, ask_many


@dataclass(frozen=True)
class WorkCell:
    """One person and work the gate judges alike.

    Args:
        should: whether a post the person holds requires a scheme that opens it.
    """

    work: Work
    answer: DutyAnswer
    should: bool

    @property
    def state(self) -> str:
        """What the colour says: as the answer's, but nothing for work that nobody expects of the person."""
        return self.answer.state if self.answer.allowed or self.should else "none"


@dataclass(frozen=True)
class WorkRow:
    """One person of the matrix."""

    person: Person
    cells: list[WorkCell]


def works_shown(equipment: EquipmentModel | None = None, task: Task | None = None) -> list[Work]:
    """Return the columns: work on machines that schemes open, narrowed; machines the gate judges alike are one."""
    found = opened_work([equipment] if equipment else None, with_posts=False)
    works = [work for work in found if work.task is not None and task in (None, work.task)]
    return sorted(
        works, key=lambda work: (work.models[0].category.path, work.models[0].code, list(Task).index(work.task))
    )


def openers_of(works: Iterable[Work]) -> set[int]:
    """Return the keys of the schemes that open some of the work."""
    return {key for work in works for key in work.openers}


def who_should(people: QuerySet[Person], works: Sequence[Work], day: dt.date) -> QuerySet[Person]:
    """Narrow to those who hold a post on ``day`` that requires a scheme which opens some of the work."""
    posts = Scheme.positions.through.objects.filter(scheme__in=openers_of(works)).values("position")
    held = Assignment.objects.valid_on(day).filter(position__in=posts)
    return people.filter(pk__in=held.order_by().values("person"))


def work_rows(people: Sequence[Person], works: Sequence[Work]) -> list[WorkRow]:
    """Return a row a person with the gate's answer for each work; a fixed number of queries.

    Args:
        people: with their posts loaded.
    """
    today, now = timezone.localdate(), timezone.now()
    if not people or not works:
        return [WorkRow(person, []) for person in people]
    answers = iter(ask_many([work.question(person, today, now) for person in people for work in works]))
    required = _required(people)
    return [
        WorkRow(
            person,
            [
                WorkCell(work, next(answers), bool(work.openers & required.get(person.pk, frozenset())))
                for work in works
            ],
        )
        for person in people
    ]


def _required(people: Sequence[Person]) -> dict[int, frozenset[int]]:
    """Return the schemes in force the posts of each person require."""
    posts = {person.pk: {post.position_id for post in person.posts} for person in people}
    required = schemes_in_force().positions
    return {
        key: frozenset(scheme for scheme, positions in required.items() if not positions.isdisjoint(held))
        for key, held in posts.items()
    }
