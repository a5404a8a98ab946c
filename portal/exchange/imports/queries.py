"""Imports as pages show them."""

from typing import Any

from django.db.models import Count, QuerySet

from portal.models import ImportLine, ImportRun
from portal.registry.imports import Outcome, import_kinds
from portal.registry.sight import in_sight


def may_import(person: Any) -> bool:
    """Whether ``person`` may import anything."""
    return bool(getattr(person, "is_authenticated", False) and person.is_active and import_kinds(person))


def runs_in_sight(person: Any) -> QuerySet[ImportRun]:
    """Return the imports ``person`` may look at: their own, and those of people in sight, of kinds they may import."""
    kinds = [kind.key for kind in import_kinds(person)]
    runs = in_sight(ImportRun.objects.filter(kind__in=kinds), person).select_related("created_by")
    return runs.defer("content", "made").order_by("-pk")


def counts_of(run: ImportRun) -> dict[str, int]:
    """Return how many rows have each outcome."""
    found = run.lines.order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys(Outcome.values, 0) | dict(found)


def lines_of(run: ImportRun, outcome: str) -> QuerySet[ImportLine]:
    """Return the rows of a run with this outcome, all of them for an empty one."""
    lines = run.lines.order_by("number")
    return lines.filter(outcome=outcome) if outcome in Outcome.values else lines
