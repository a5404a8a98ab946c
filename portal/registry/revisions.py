"""Registry of whom a new edition of a manual touches; certification registers the answer."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model


@dataclass(frozen=True)
class Touched:
    """Holders of one qualification.

    Args:
        name: what the qualification is called.
        holders: how many people hold it.
    """

    name: str
    holders: int


Counter = Callable[[Model], list[Touched]]

_counters: list[Counter] = []


def register_touched(counter: Counter) -> None:
    """Make ``counter(manual)`` the one that answers; the last registration holds."""
    _counters[:] = [counter]


def touched_by(manual: Model) -> list[Touched]:
    """Return whom an edition of ``manual`` touches, by qualification; nobody without an app."""
    return _counters[0](manual) if _counters else []
