"""Filters of import pages."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from portal.models import ImportLine
from portal.registry.imports import Column, Outcome

register = template.Library()

TONES = {Outcome.REFUSE: "red", Outcome.ASK: "amber", Outcome.ADD: "green", Outcome.CHANGE: "brand"}


@register.filter
def outcome_tone(outcome: str) -> str:
    """Return the colour of an outcome."""
    return TONES.get(Outcome(outcome), "")


@register.filter
def written(line: ImportLine, columns: Sequence[Column]) -> list[tuple[Any, str]]:
    """Return title and text of the cells that are not empty."""
    return [(column.label, line.values[column.key]) for column in columns if line.values.get(column.key)]


@register.filter
def problems(line: ImportLine, titles: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Return the problems of a row, each with the title of its column."""
    return [(titles.get(key, ""), message) for key, message in line.problems]
