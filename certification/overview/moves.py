"""What a move to another post would leave open: what the person lacks for it, and the seat that falls free."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils import timezone

from certification.duty.ways import with_ways
from portal.models import Assignment, Person, Position
from portal.registry.duty import DutyAnswer, DutyQuestion, ask_many


@dataclass(frozen=True)
class Move:
    """A post somebody might take, and the gate's answer today."""

    position: Position
    answer: DutyAnswer

    @property
    def gaps(self) -> int:
        """How many things are missing."""
        return 0 if self.answer.allowed else sum(not reason.met for reason in self.answer.reasons)


@dataclass(frozen=True)
class Left:
    """A post the person holds, as it would be without them.

    Args:
        planned: planned headcount; None where none is on record.
        others: how many others hold it today.
    """

    position: Position
    planned: int | None
    others: int

    @property
    def open_seats(self) -> int | None:
        """How many seats would be open; None where nothing is planned."""
        return None if self.planned is None else max(self.planned - self.others, 0)


def moves_to(asker: Person, person: Person, positions: Sequence[Position]) -> list[Move]:
    """Return each post with the gate's answer for ``person`` and the ways out; a fixed number of queries."""
    if not positions:
        return []
    day, now = timezone.localdate(), timezone.now()
    answers = with_ways(asker, ask_many([DutyQuestion(person, day, now, position=each) for each in positions]))
    return [Move(position, answer) for position, answer in zip(positions, answers, strict=True)]


def left_behind(person: Person, day: dt.date) -> list[Left]:
    """Return the posts ``person`` holds on ``day``, as they would be after a move."""
    held = {post.position_id for post in Assignment.objects.valid_on(day).filter(person=person)}
    in_force = Assignment.objects.valid_on(day).filter(person__is_active=True).exclude(person=person)
    others = Count("assignments__person", filter=Q(assignments__in=in_force), distinct=True)
    posts = Position.objects.filter(pk__in=held).select_related("organisation").annotate(others=others)
    return [Left(post, post.headcount, int(vars(post)["others"])) for post in posts.order_by("title", "pk")]
