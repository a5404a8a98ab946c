"""Queries on field cases."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from kb.cases.permissions import WORK_ROLES, can_open_case, cases_for
from kb.enums import CaseKind, CaseState
from kb.models import FieldCase
from kb.models.cases import ENDED, WAITING
from portal.people.queries import has_left

#: Views of the list; the first is where one comes in.
TODO, MINE, ALL = "todo", "mine", "all"


def to_do(person: Any) -> QuerySet[FieldCase]:
    """Return what waits for ``person``: cases in their hands, open ones of their place, questions and answers.

    A case in the hands of somebody who has left waits for the whole place again. An accident in nobody's hands waits
    for its readers in a role for such work, wherever they belong: others of the place do not see it.
    """
    places = [place.pk for place in person.places]
    theirs = Q(assignee=person, state__in=WAITING)
    alone = has_left("assignee", timezone.localdate())
    in_no_hands = Q(state=CaseState.OPEN) | (Q(state__in=WAITING) & alone)
    free = Q(held_by__in=places) & in_no_hands
    asked = Q(reporter=person, state__in=[CaseState.ASKED, CaseState.ANSWERED])
    if person.has_role(*WORK_ROLES):
        # The place that holds an accident may have no reader of it; whoever answers for it from above does.
        free |= Q(kind=CaseKind.ACCIDENT) & in_no_hands
        free |= Q(held_by__in=places, state__in=WAITING, due_at__lt=timezone.now())
    return cases_for(person).filter(theirs | free | asked)


@dataclass(frozen=True)
class CaseFilter:
    """What the list is narrowed to; an empty value narrows nothing."""

    view: str = TODO
    severity: str = ""
    state: str = ""
    is_overdue: bool = False

    def apply(self, person: Any) -> QuerySet[FieldCase]:
        """Return the cases of the view, most urgent first in what is to be done, newest first elsewhere."""
        match self.view:
            case "mine":
                cases = cases_for(person).filter(reporter=person)
            case "all":
                cases = cases_for(person)
            case _:
                cases = to_do(person)
        if self.severity:
            cases = cases.filter(severity=self.severity)
        if self.state:
            cases = cases.filter(state=self.state)
        if self.is_overdue:
            cases = cases.exclude(state__in=ENDED).filter(state__in=WAITING, due_at__lt=timezone.now())
        order = ("due_at", "pk") if self.view == TODO else ("-reported_at", "-pk")
        return listed(cases).order_by(*order)


def listed(cases: QuerySet[FieldCase]) -> QuerySet[FieldCase]:
    """Fetch what a list shows of a case."""
    return cases.select_related("equipment", "organisation", "held_by", "assignee")


def case_for(person: Any, pk: int) -> FieldCase | None:
    """Return a case ``person`` may open with all its page shows, or None."""
    cases = cases_for(person).select_related(
        "equipment__category",
        "organisation",
        "held_by",
        "assignee",
        "reporter",
        "article",
        "about",
        "merged_into__article",
        "run",
    )
    return (
        cases.prefetch_related("photos__document", "entries__author", "entries__place", "merged").filter(pk=pk).first()
    )


def answered_in(person: Any, case: FieldCase) -> FieldCase | None:
    """Return the case whose answer holds for ``case``: itself, or the one it was merged into.

    Whose case was merged reads the answer on their own page, where the other one is out of their sight. That of an
    accident is for its own readers: None for others.
    """
    other = case.merged_into
    if other is None:
        return case
    return None if other.kind == CaseKind.ACCIDENT and not can_open_case(person, other) else other
