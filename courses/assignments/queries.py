"""Who owes which assigned training, by when, and how much of it is credited."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from courses.models import CourseModule, TrainingDue, TrainingModule
from courses.sessions.attendance.hours import minutes_credited_to
from courses.sessions.permissions import branches_over
from portal.access.sight import people_in_sight
from portal.enums import Tier
from portal.models import Assignment, Organisation, Person


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
    """Return the published modules to be credited; ``course__parts__module`` should be prefetched."""
    if due.module is not None:
        return [due.module] if due.module.live else []
    return [part.module for part in due.course.parts.all() if part.module.live] if due.course else []


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


def _counted(due: TrainingDue, posts: Iterable[Assignment]) -> list[Assignment]:
    """Return the posts assigned training is about: of its branch, and of its title where it names one."""
    inside = [post for post in posts if post.organisation.path.startswith(due.organisation.path)]
    return [post for post in inside if post.position.title == due.post_title] if due.post_title else inside


def _last_day(due: TrainingDue, person: Person, past: Sequence[Assignment]) -> dt.date | None:
    """Return the last day of a person; None where it does not concern them. ``posts`` should be fetched.

    Args:
        past: all posts the person has held so far.
    """
    now = _counted(due, person.posts)
    if due.post_title and not now:
        return None
    if due.within_days is None:
        return due.due_on
    joined = _joined(now, _counted(due, past))
    if joined is None or joined < due.since:
        return None
    return joined + dt.timedelta(days=due.within_days)


def _joined(now: Sequence[Assignment], past: Sequence[Assignment]) -> dt.date | None:
    """Return since when somebody is there without a break: who is transferred inside the branch has not joined it."""
    joined = min((post.start for post in now), default=None)
    if joined is None:
        return None
    for post in sorted(past, key=lambda post: post.start, reverse=True):
        if post.start < joined and (post.end is None or post.end >= joined - dt.timedelta(days=1)):
            joined = post.start
    return joined


def _posts_so_far(people: Iterable[Person]) -> dict[int, list[Assignment]]:
    """Return every post these people have held up to today, in one query."""
    held = Assignment.objects.of(people).filter(start__lte=timezone.localdate())
    found: dict[int, list[Assignment]] = defaultdict(list)
    for post in held.select_related("organisation", "position"):
        found[post.person_id].append(post)
    return found


def owed(pairs: Iterable[tuple[TrainingDue, Person]]) -> list[Owed]:
    """Return what these people owe, the most urgent first; the credited minutes in one query.

    What is not published any more, nobody owes.
    """
    asked = [(due, person) for due, person in pairs if modules_of(due)]
    joiners = {person.pk: person for due, person in asked if due.within_days is not None}
    past = _posts_so_far(joiners.values()) if joiners else {}
    concerned = [
        (due, person, day)
        for due, person in asked
        if (day := _last_day(due, person, past.get(person.pk, []))) is not None
    ]
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
