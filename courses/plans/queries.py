"""Plans as pages and annexes show them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet, Sum

from courses.enums import SessionState
from courses.models import PlannedSession, PlanPeriod, PlanRow, Project
from courses.plans.visits import span_of, visits_of


@dataclass(frozen=True)
class ShownPeriod:
    """A row of the schedule with the days it comes to.

    Args:
        span: first and last day; None while the project's dates are not known.
    """

    period: PlanPeriod
    span: tuple[dt.date, dt.date] | None
    visits: list[dt.date]


def rows_of(project: Project) -> QuerySet[PlanRow]:
    """Return the rows with trainer, module and the sessions that were not called off."""
    standing = PlannedSession.objects.exclude(session__state=SessionState.CANCELLED).select_related("session")
    rows = project.rows.select_related("trainer", "module").order_by("number")
    return rows.prefetch_related(Prefetch("planned", standing, to_attr="standing"))


def total_minutes(project: Project) -> int:
    """Return the minutes of the whole table."""
    return project.rows.aggregate(total=Sum("minutes"))["total"] or 0


def schedule_of(project: Project) -> list[ShownPeriod]:
    """Return the schedule with its days."""
    found = []
    for period in project.periods.all():
        period.project = project
        found.append(ShownPeriod(period, span_of(period), visits_of(period)))
    return found


def with_sizes(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Annotate ``row_count`` and ``total`` (minutes)."""
    return projects.annotate(row_count=Count("rows"), total=Sum("rows__minutes"))


def hours_text(minutes: int) -> str:
    """Return minutes as the table writes hours: 76, 1.5."""
    return format(round(minutes / 60, 2), "g")
