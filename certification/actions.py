"""A link to the next step, as hints, ways out and reading lists give it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Action:
    """A link to the next step."""

    label: str
    url: str
