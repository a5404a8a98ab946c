"""Posts on a day: planned headcount, who holds them, whom the gate allows for them, open seats."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils import timezone

from certification.enums import PostState
from portal.access.sight import organisations_in_sight
from portal.enums import Tier
from portal.models import Assignment, Organisation, Person, Position
from portal.registry.duty import DutyAnswer, DutyQuestion, ask_many


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a post on the day, and whether the gate allows it."""

    assignment: Assignment
    answer: DutyAnswer

    @property
    def person(self) -> Person:
        """Who holds the post."""
        return self.assignment.person


@dataclass
class Post:
    """A post with those who hold it at the places looked at.

    Args:
        planned: planned headcount; None where none is on record, or where the post is planned for more places than
            those looked at, so that people elsewhere fill it too.
        by_person: holders by the person's key: two assignments to one post are one person.
    """

    position: Position
    planned: int | None = None
    by_person: dict[int, Holder] = field(default_factory=dict)

    @property
    def assigned(self) -> int:
        """How many people hold the post."""
        return len(self.by_person)

    @property
    def allowed(self) -> int:
        """How many of them the gate allows for the post."""
        return self.assigned - len(self.refused)

    @property
    def refused(self) -> list[Holder]:
        """Those the gate does not allow for the post."""
        return [holder for holder in self.by_person.values() if not holder.answer.allowed]

    @property
    def unqualified(self) -> list[Holder]:
        """Those the gate does not allow, in a post only certified people may hold."""
        return self.refused if self.position.is_duty_gated else []

    @property
    def open_seats(self) -> int | None:
        """How many more people are planned; None where nothing is."""
        return None if self.planned is None else max(self.planned - self.assigned, 0)

    @property
    def state(self) -> PostState:
        """What is most urgent about the post."""
        if self.unqualified:
            return PostState.UNQUALIFIED
        if self.open_seats:
            return PostState.OPEN
        if self.refused:
            return PostState.IN_TRAINING
        if self.planned is None:
            return PostState.NO_PLAN
        return PostState.ABOVE_PLAN if self.assigned > self.planned else PostState.FILLED


@dataclass(frozen=True)
class Totals:
    """Sums over posts; somebody in two posts counts in both, as seats do. No post planned: None, not zero."""

    planned: int | None
    assigned: int
    allowed: int
    open_seats: int | None


def staffed_places(asker: Person, branch: Organisation | None = None) -> QuerySet[Organisation]:
    """Return the places of the network in sight of ``asker``, of one branch only where it is given."""
    places = organisations_in_sight(asker).exclude(tier=Tier.CUSTOMER)
    return places.filter(path__startswith=branch.path) if branch is not None else places


def posts_on(places: QuerySet[Organisation], day: dt.date, *, only_gated: bool = False) -> list[Post]:
    """Return the posts of ``places``, and those of other places that somebody holds there on ``day``.

    A post of headquarters may be held at an outlet. Who counts is who works at one of ``places`` that day, so that a
    transfer shows its gaps from its first day on; people who have left count on past days only. The number of queries
    is fixed.

    Args:
        only_gated: leave out posts that anybody may hold.
    """
    keys = places.order_by().values("pk")
    held = held_on(places, day)
    positions = Position.objects.filter(Q(organisation__in=keys) | Q(pk__in=held.order_by().values("position")))
    if only_gated:
        positions, held = positions.filter(is_duty_gated=True), held.filter(position__is_duty_gated=True)
    own = set(positions.filter(organisation__in=keys).order_by().values_list("pk", flat=True))
    posts = {
        position.pk: Post(position, position.headcount if position.pk in own else None)
        for position in positions.select_related("organisation").order_by("organisation__path", "title")
    }
    for holder in judged(held.select_related("person", "position", "organisation"), day):
        posts[holder.assignment.position_id].by_person.setdefault(holder.person.pk, holder)
    return list(posts.values())


def held_on(places: QuerySet[Organisation], day: dt.date) -> QuerySet[Assignment]:
    """Return the assignments at ``places`` on ``day``; people who have left count on past days only."""
    held = Assignment.objects.valid_on(day).filter(organisation__in=places.order_by().values("pk"))
    return held.filter(person__is_active=True) if day >= timezone.localdate() else held


def judged(held: QuerySet[Assignment], day: dt.date) -> list[Holder]:
    """Ask the gate about every assignment at once."""
    rows = list(held.order_by("person__staff_number", "start"))
    if not rows:
        return []
    now = timezone.now()
    answers = ask_many([DutyQuestion(row.person, day, now, position=row.position) for row in rows])
    return [Holder(row, answer) for row, answer in zip(rows, answers, strict=True)]


def totals(posts: Iterable[Post]) -> Totals:
    """Return the sums over ``posts``."""
    listed = list(posts)
    planned = [post.planned for post in listed if post.planned is not None]
    open_seats = [post.open_seats for post in listed if post.open_seats is not None]
    return Totals(
        planned=sum(planned) if planned else None,
        assigned=sum(post.assigned for post in listed),
        allowed=sum(post.allowed for post in listed),
        open_seats=sum(open_seats) if open_seats else None,
    )
