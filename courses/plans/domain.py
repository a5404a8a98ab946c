"""Add projects, their rows and service periods."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max, ProtectedError

from courses.models import PlanPeriod, PlanRow, Project
from courses.plans.errors import NotYourProject, RowHasSession
from courses.plans.permissions import places_to_serve, require_editor
from courses.plans.visits import checked_rule
from portal.access import audit
from portal.access.changes import added, since, snapshot
from portal.models import Person


@transaction.atomic
def add_project(*, by: Person, **facts: Any) -> Project:
    """Open a customer's project; ``facts`` are its fields.

    Raises:
        NotYourProject: ``by`` arranges nothing for this customer and this branch.
    """
    project = Project(**facts)
    wanted = {project.customer_id, project.organisation_id}
    if places_to_serve(by).filter(pk__in=wanted).count() != len(wanted):
        raise NotYourProject
    project.full_clean()
    project.save()
    audit.record("courses.project_added", project, actor=by, changes=added(project))
    return project


def next_number(project: Project) -> int:
    """Return the number a new row gets."""
    return (project.rows.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def put_row(project: Project, *, by: Person, row: PlanRow | None = None, **facts: Any) -> PlanRow:
    """Add a row to a plan, or change ``row``.

    Raises:
        NotYourProject: ``by`` may not change it.
    """
    require_editor(by, project)
    Project.objects.select_for_update().get(pk=project.pk)
    if row is None:
        row = PlanRow(project=project, number=facts.pop("number", None) or next_number(project))
        before = None
    else:
        row = PlanRow.objects.select_for_update().get(pk=row.pk)
        before = snapshot(row)
    for name, value in facts.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    if before is None:
        audit.record("courses.plan_row_added", row, actor=by, changes=added(row))
    elif changed := since(before, row):
        audit.record("courses.plan_row_changed", row, actor=by, changes=changed)
    return row


@transaction.atomic
def drop_row(row: PlanRow, *, by: Person) -> None:
    """Take a row out of the plan.

    Raises:
        NotYourProject: ``by`` may not change it.
        RowHasSession: sessions were planned from it.
    """
    require_editor(by, row.project)
    subject, said = f"courses.planrow:{row.pk}", str(row)
    try:
        row.delete()
    except ProtectedError as error:
        raise RowHasSession(row=row.number) from error
    audit.record("courses.plan_row_dropped", subject, actor=by, row=said)


@transaction.atomic
def set_periods(project: Project, periods: Sequence[dict[str, Any]], *, by: Person) -> list[PlanPeriod]:
    """Give a project exactly these service periods, in this order.

    Raises:
        NotYourProject: ``by`` may not change it.
        ImpossibleRule: a recurrence no calendar understands.
    """
    require_editor(by, project)
    made = []
    for order, facts in enumerate(periods, start=1):
        period = PlanPeriod(**{"project": project, "order": order} | facts)
        checked_rule(period.rule)
        made.append(period)
    project.periods.all().delete()
    for period in made:
        period.full_clean()
        period.save()
    audit.record("courses.schedule_set", project, actor=by, periods=[period.name for period in made])
    return made
