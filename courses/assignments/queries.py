"""Who owes which assigned training, by when, and how much of it is credited."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from courses.models import CourseModule, TrainingDue, TrainingModule
from courses.sessions.hours import minutes_credited_to
from courses.sessions.permissions import branches_over
from portal.access.sight import people_in_sight
from portal.enums import Tier
from portal.models import Organisation, Person


@dataclass(frozen=True)
class Owed:
    """One assigned training of one person.

    Args:
        due_on: the last day for this person.
        credited, needed: minutes; of each module no more than it takes.
    """

    due: TrainingDue
    person: Person
    due_on: dt.date
    credited: int
    needed: int

    @property
    def is_done(self) -> bool:
        """Whether every module is credited in full."""
        return self.credited >= self.needed

    @property
    def is_overdue(self) -> bool:
        """Whether the last day has passed and something is missing."""
        return not self.is_done and self.due_on < timezone.localdate()

    @property
    def lamp(self) -> str:
        """Colour of the state."""
        return "green" if self.is_done else "red" if self.is_overdue else "amber"


def open_dues() -> QuerySet[TrainingDue]:
    """Return what is assigned and was not withdrawn, with the modules of courses."""
    parts = CourseModule.objects.select_related("module").order_by("sort_order", "pk")
    return (
        TrainingDue.objects.filter(withdrawn_at__isnull=True)
        .select_related("module", "course", "organisation", "person")
        .prefetch_related(Prefetch("course__parts", queryset=parts))
    )


def modules_of(due: TrainingDue) -> list[TrainingModule]:
    """Return the modules to be credited; ``course__parts__module`` should be prefetched."""
    if due.module is not None:
        return [due.module]
    return [part.module for part in due.course.parts.all()] if due.course else []


def people_of(due: TrainingDue) -> QuerySet[Person]:
    """Return whom assigned training may concern today, with their posts; who joined before a rule is left to `owed`."""
    day = timezone.localdate()
    branch = Organisation.objects.filter(path__startswith=due.organisation.path)
    if not due.organisation.is_customer:
        branch = branch.exclude(tier=Tier.CUSTOMER)
    people = Person.objects.filter(is_active=True).belonging_to(branch, day)
    if due.person_id is not None:
        people = people.filter(pk=due.person_id)
    return people.with_posts(day).order_by("staff_number")


def _last_day(due: TrainingDue, person: Person) -> dt.date | None:
    """Return the last day of a person; None where it does not concern them. ``posts`` should be fetched."""
    inside = [post for post in person.posts if post.organisation.path.startswith(due.organisation.path)]
    if due.post_title:
        inside = [post for post in inside if post.position.title == due.post_title]
        if not inside:
            return None
    if due.within_days is None:
        return due.due_on
    joined = min((post.start for post in inside), default=None)
    if joined is None or joined < due.since:
        return None
    return joined + dt.timedelta(days=due.within_days)


def owed(pairs: Iterable[tuple[TrainingDue, Person]]) -> list[Owed]:
    """Return what these people owe, the most urgent first; the credited minutes in one query."""
    concerned = [(due, person, day) for due, person in pairs if (day := _last_day(due, person)) is not None]
    modules = {module.pk: module for due, _person, _day in concerned for module in modules_of(due)}
    people = {person.pk: person for _due, person, _day in concerned}
    credited = minutes_credited_to(list(people.values()), list(modules.values())) if modules else {}
    rows = []
    for due, person, day in concerned:
        taught = modules_of(due)
        done = sum(min(credited.get((person.pk, one.pk), 0), one.minutes) for one in taught)
        rows.append(Owed(due, person, day, done, sum(one.minutes for one in taught)))
    return sorted(rows, key=lambda row: (row.is_done, row.due_on, row.person.staff_number))


def owed_of_due(due: TrainingDue, reader: Any) -> list[Owed]:
    """Return what the people in the reader's sight owe of one assigned training."""
    people = people_of(due).filter(pk__in=people_in_sight(reader).order_by().values("pk"))
    return owed((due, person) for person in people)


def owed_by(person: Person) -> list[Owed]:
    """Return what one person owes or has done; nothing for who has left."""
    if not person.is_active:
        return []
    mine = Q(person=person) | Q(person__isnull=True)
    dues = open_dues().filter(mine, organisation__path__in=branches_over(person.places))
    if any(place.is_customer for place in person.places):
        dues = dues.filter(organisation__tier=Tier.CUSTOMER)
    return owed((due, person) for due in dues)


def owed_in_sight(dues: Sequence[TrainingDue], reader: Any) -> list[Owed]:
    """Return what the people in the reader's sight owe of several, in a fixed number of queries."""
    day = timezone.localdate()
    seen = people_in_sight(reader).order_by().values("pk")
    people = list(Person.objects.filter(is_active=True, pk__in=seen).with_posts(day).order_by("staff_number"))
    return owed((due, person) for due in dues for person in people if concerns(due, person))


def concerns(due: TrainingDue, person: Person) -> bool:
    """Whether the person works where it is assigned; ``posts`` should be fetched."""
    if due.person_id is not None and due.person_id != person.pk:
        return False
    places = [place for place in person.places if due.organisation.is_customer or not place.is_customer]
    return any(place.path.startswith(due.organisation.path) for place in places)
