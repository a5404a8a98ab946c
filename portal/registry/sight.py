"""Registry of row conditions that limit a model to a person's sight; used by the admin and the audit log.

Beside it what secret links lead to, so that their list is limited by the same sight.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, Q, QuerySet

Seen = Callable[[Any], Q]

seen_rows: dict[type[Model], Seen] = {}
#: Rows that are closed to all but a few, by the condition of those open to a person.
closed_rows: dict[type[Model], Seen] = {}
#: What a secret link leads to, by the first word of its subject.
linked: dict[str, type[Model]] = {}


def register_sight(model: type[Model], seen: Seen) -> None:
    """Register that ``seen(person)`` is the condition of the rows of ``model`` in the person's sight."""
    seen_rows[model] = seen


def register_linked(word: str, model: type[Model]) -> None:
    """Register that subjects of secret links beginning with ``word`` name rows of ``model``, which has a sight."""
    linked[word] = model


def register_closed(model: type[Model], opened: Seen) -> None:
    """Register that ``opened(person)`` is the condition of rows of ``model`` that are no secret to the person.

    Unlike sight it holds for those who see everything too.
    """
    closed_rows[model] = opened


def closed_to(model: type[Model], person: Any) -> QuerySet:
    """Return the rows of ``model`` that are closed to ``person`` whatever their role."""
    return model._base_manager.exclude(closed_rows[model](person)).order_by()


def in_sight(rows: QuerySet, person: Any) -> QuerySet:
    """Leave the rows in the sight of ``person``; all of a model without registered sight."""
    seen = seen_rows.get(rows.model)
    return rows if seen is None else rows.filter(seen(person))


def out_of_sight(model: type[Model], person: Any) -> QuerySet:
    """Return the rows of ``model`` outside the sight of ``person``."""
    return model._base_manager.exclude(seen_rows[model](person)).order_by()
