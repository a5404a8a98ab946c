"""Registry of whom a revision touches, and of what there is to ask about a new edition; certification answers."""

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


@dataclass(frozen=True)
class Asking:
    """Questions that cite what differs between two editions.

    Args:
        available: how many there are in the question bank that has most of them.
        most: how many a short quiz may ask.
        bank: the name of that bank; empty without any.
        url: where they are looked at.
    """

    available: int
    most: int
    bank: str
    url: str


Counter = Callable[[Model], list[Touched]]

Finder = Callable[[Model, Model], Asking]

_counters: list[Counter] = []
_finders: list[Finder] = []


def register_touched(counter: Counter) -> None:
    """Make ``counter(subject)`` the one that answers; the last registration holds."""
    _counters[:] = [counter]


def touched_by(subject: Model) -> list[Touched]:
    """Return whom a revision of ``subject`` touches, by qualification; nobody without an app."""
    return _counters[0](subject) if _counters else []


def register_asking(finder: Finder) -> None:
    """Make ``finder(old, new)`` the one that answers; the last registration holds."""
    _finders[:] = [finder]


def asking_about(old: Model, new: Model) -> Asking | None:
    """Return what there is to ask about the differences of two editions; None without an app."""
    return _finders[0](old, new) if _finders else None
