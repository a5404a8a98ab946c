"""What the places of a branch need, and what became of a plan: planned, held, attended."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractQuarter

from courses.enums import SessionState
from courses.models import (
    HourCredit,
    NomineeTimes,
    OwnNeed,
    Session,
    SessionModule,
    TrainingModule,
    TrainingNeed,
    YearlyPlan,
    YearlyPlanRow,
)


@dataclass(frozen=True)
class Needed:
    """How many people of all places of a branch need a module in a quarter."""

    module: TrainingModule
    quarter: int
    heads: int


@dataclass(frozen=True)
class Happened:
    """A row of a plan beside what was held.

    Args:
        sessions: closed ones that taught the module.
        people: who was credited, or stands on the sheet as named by a customer.
        minutes: credited to all of them.
    """

    row: YearlyPlanRow
    sessions: int
    people: int
    minutes: int

    @property
    def lamp(self) -> str:
        """Colour: as many as planned, some, none."""
        return "green" if self.people >= self.row.heads else "amber" if self.people else "grey"


def needs_of(plan: YearlyPlan) -> list[Needed]:
    """Return what the branch and the places below it need in the year, summed up, published modules only.

    What people said for themselves counts where their place has said no number for the module and quarter.
    """
    needs = TrainingNeed.objects.filter(
        year=plan.year, organisation__path__startswith=plan.organisation.path, module__live=True
    )
    heads: defaultdict[tuple[int, int], int] = defaultdict(int)
    for row in needs.order_by().values("module", "quarter").annotate(total=Sum("heads")):
        heads[row["module"], row["quarter"]] += row["total"]
    for row in _own_needs(plan).values("module", "quarter").annotate(total=Count("pk")):
        heads[row["module"], row["quarter"]] += row["total"]
    modules = TrainingModule.objects.in_bulk([module for module, _quarter in heads])
    found = [Needed(modules[module], quarter, total) for (module, quarter), total in heads.items()]
    return sorted(found, key=lambda need: (need.quarter, need.module.code))


def _own_needs(plan: YearlyPlan) -> QuerySet[OwnNeed]:
    """Return what people of the branch said for themselves and their places have not said for them."""
    same = {name: OuterRef(name) for name in ("organisation", "module", "year", "quarter")}
    own = OwnNeed.objects.filter(
        year=plan.year,
        organisation__path__startswith=plan.organisation.path,
        module__live=True,
        person__is_active=True,
    )
    return own.filter(~Exists(TrainingNeed.objects.filter(**same))).order_by()


def happened(plan: YearlyPlan, rows: list[YearlyPlanRow] | None = None) -> list[Happened]:
    """Return the rows of a plan with what was held and attended, in a fixed number of queries."""
    rows = list(plan.rows.select_related("module")) if rows is None else rows
    held, people, minutes = _held(plan), *_credited(plan)
    return [
        Happened(
            row,
            held[row.module_id, row.quarter],
            people[row.module_id, row.quarter],
            minutes[row.module_id, row.quarter],
        )
        for row in rows
    ]


def _held(plan: YearlyPlan) -> defaultdict[tuple[int, int], int]:
    parts = SessionModule.objects.filter(session__in=_sessions(plan).values("pk")).order_by()
    counted = parts.annotate(in_quarter=ExtractQuarter("session__starts_at")).values("module", "in_quarter")
    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    for row in counted.annotate(number=Count("session", distinct=True)):
        found[row["module"], row["in_quarter"]] = row["number"]
    return found


def _sessions(plan: YearlyPlan) -> QuerySet[Session]:
    return Session.objects.filter(
        state=SessionState.CLOSED, starts_at__year=plan.year, organisation__path__startswith=plan.organisation.path
    ).order_by()


def _credited(
    plan: YearlyPlan,
) -> tuple[defaultdict[tuple[int, int], int], defaultdict[tuple[int, int], int]]:
    """Return people and minutes by module and quarter."""
    people: defaultdict[tuple[int, int], int] = defaultdict(int)
    minutes: defaultdict[tuple[int, int], int] = defaultdict(int)
    where = Q(attendance__enrolment__session__in=_sessions(plan).values("pk"))
    credits = (
        HourCredit.objects.filter(where)
        .order_by()
        .annotate(in_quarter=ExtractQuarter("attendance__enrolment__session__starts_at"))
    )
    for row in credits.values("module", "in_quarter", "person").annotate(total=Sum("minutes")):
        if row["total"] > 0:
            people[row["module"], row["in_quarter"]] += 1
            minutes[row["module"], row["in_quarter"]] += row["total"]
    named = NomineeTimes.objects.holding().filter(
        nominee__match=None, nominee__request__session__in=_sessions(plan).values("pk"), credits__isnull=False
    )
    named = named.order_by().annotate(in_quarter=ExtractQuarter("nominee__request__session__starts_at"))
    for row in named.values("credits__module", "in_quarter").annotate(
        number=Count("nominee", distinct=True), total=Sum("credits__minutes")
    ):
        people[row["credits__module"], row["in_quarter"]] += row["number"]
        minutes[row["credits__module"], row["in_quarter"]] += row["total"]
    return people, minutes
