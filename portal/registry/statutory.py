"""Registry of finders for records that contradict the statutory rules.

The rules and the report are in ``portal``; guides and schemes, which also demand cards, are in the apps above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Contradiction:
    """One record that does not agree with the rules.

    Args:
        what: what is wrong, in words.
        noun: what kind of record it is, in words.
        subject: the record.
        asked: names of the cards the record asks for.
        ruled: names of the cards the rules demand.
        url: where the record is mended.
    """

    what: Any
    noun: Any
    subject: str
    asked: tuple[str, ...]
    ruled: tuple[str, ...]
    url: str


Finder = Callable[[], Iterable[Contradiction]]

_finders: list[tuple[int, Finder]] = []


def register_contradictions(order: int, finder: Finder) -> None:
    """Register who finds contradictions, in a fixed number of queries. Orders: portal 10, kb 20, certification 40."""
    _finders.append((order, finder))
    _finders.sort(key=lambda entry: entry[0])


def contradictions() -> list[Contradiction]:
    """Return what every finder finds, lower layers first."""
    return [found for _order, finder in _finders for found in finder()]
