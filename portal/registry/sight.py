"""Whose rows of a model a person sees: registered by its app, asked by the admin and the audit log."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model, QuerySet

Narrow = Callable[[QuerySet, Any], QuerySet]

narrowed: dict[type[Model], Narrow] = {}


def register_sight(model: type[Model], narrow: Narrow) -> None:
    """Register that ``narrow(queryset, person)`` leaves the rows of ``model`` in the person's sight."""
    narrowed[model] = narrow
