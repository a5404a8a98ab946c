"""Registry of what knowledge lacks: each app finds its own kinds, editors read them in one report."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Gap:
    """One thing that is missing.

    Args:
        subject: the search, article, guide or module it is about.
        detail: what is missing, in words.
        url: where it is looked at or mended.
        times: how often it was met; None where that is not counted.
        last: when it was met last.
    """

    subject: str
    detail: Any
    url: str
    times: int | None = None
    last: dt.datetime | None = None


Finder = Callable[[], Iterable[Gap]]


@dataclass(frozen=True)
class GapKind:
    """A kind of gap; ``find`` returns the worst first, in a fixed number of queries."""

    key: str
    label: Any
    find: Finder


_kinds: list[tuple[int, GapKind]] = []


def register_gaps(order: int, key: str, label: Any, find: Finder) -> None:
    """Register who finds a kind of gap. Orders: portal 10, kb 20, courses 30, certification 40."""
    _kinds.append((order, GapKind(key, label, find)))
    _kinds.sort(key=lambda entry: entry[0])


def gap_kinds() -> list[GapKind]:
    """Return the kinds, in their order."""
    return [kind for _order, kind in _kinds]
