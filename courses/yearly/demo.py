"""Load the demo's yearly plans, what the places need, and who wants a module without a date (idempotent)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.enums import YearlyState
from courses.models import ModuleInterest, TrainingModule, TrainingNeed, YearlyPlan
from courses.sessions.seats.interests import say_interest
from courses.yearly.domain import add_row, approve_plan, say_need, start_plan, submit_plan, take_needs
from portal.models import Organisation, Person
from portal.registry.demo import data


@transaction.atomic
def load_yearly() -> dict[str, int]:
    """Needs first, for the plan of next year takes them in; this year's plan is approved. Return what was added."""
    source, before = data("yearly"), _counts()
    for row in source["needs"]:
        _need(row)
    for row in source["plans"]:
        _plan(row)
    for row in source["interests"]:
        say_interest(_module(row), Person.objects.get(staff_number=row["person"]))
    return {name: count - before[name] for name, count in _counts().items()}


def _counts() -> dict[str, int]:
    return {
        "needs": TrainingNeed.objects.count(),
        "yearly plans": YearlyPlan.objects.count(),
        "interests": ModuleInterest.objects.count(),
    }


def _need(row: dict[str, Any]) -> None:
    organisation, year = Organisation.objects.get(code=row["organisation"]), _year(row)
    if TrainingNeed.objects.filter(organisation=organisation, module=_module(row), year=year).exists():
        return
    by = Person.objects.get(staff_number=row["by"])
    facts = {"quarter": row["quarter"], "heads": row["heads"], "note": row["note"]}
    say_need(organisation, _module(row), year=year, by=by, **facts)


def _plan(row: dict[str, Any]) -> None:
    organisation, by = Organisation.objects.get(code=row["organisation"]), Person.objects.get(staff_number=row["by"])
    plan = start_plan(organisation, _year(row), by=by)
    if plan.state != YearlyState.DRAFT or plan.rows.exists():
        return
    for each in row["rows"]:
        add_row(plan, _module(each), quarter=each["quarter"], heads=each["heads"], by=by)
    take_needs(plan, by=by)
    if row["approved_by"]:
        submit_plan(plan, by=by)
        approve_plan(plan, by=Person.objects.get(staff_number=row["approved_by"]))


def _module(row: dict[str, Any]) -> TrainingModule:
    return TrainingModule.objects.get(code=row["module"])


def _year(row: dict[str, Any]) -> int:
    return timezone.localdate().year + int(row["in_years"])
