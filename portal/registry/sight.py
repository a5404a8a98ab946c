"""Registry of row conditions that limit a model to a person's sight; used by the admin and the audit log."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q, QuerySet

Seen = Callable[[Any], Q]

seen_rows: dict[type[Model], Seen] = {}


def register_sight(model: type[Model], seen: Seen) -> None:
    """Register that ``seen(person)`` is the condition of the rows of ``model`` in the person's sight."""
    seen_rows[model] = seen


def in_sight(rows: QuerySet, person: Any) -> QuerySet:
    """Leave the rows in the sight of ``person``; all of a model without registered sight."""
    seen = seen_rows.get(rows.model)
    return rows if seen is None else rows.filter(seen(person))


def out_of_sight(model: type[Model], person: Any) -> QuerySet:
    """Return the rows of ``model`` outside the sight of ``person``."""
    return model._base_manager.exclude(seen_rows[model](person)).order_by()
