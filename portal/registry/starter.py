"""Registry of starter lists: content with which every installation begins, loaded once and never again."""

from collections.abc import Callable

_starters: dict[str, Callable[[], int]] = {}


def register_starter(name: str, load: Callable[[], int]) -> None:
    """Register a list; ``load`` adds its records and returns how many. A later list gets another name."""
    _starters[name] = load


def starters() -> dict[str, Callable[[], int]]:
    """Return the lists by name."""
    return dict(_starters)
