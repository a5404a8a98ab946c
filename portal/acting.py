"""Who acts: known to what keeps a trail of changes, without every caller having to say it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_who: ContextVar[Any] = ContextVar("who acts", default=None)


@contextmanager
def acting(person: Any) -> Iterator[None]:
    """Say who acts until the block ends; None leaves it to who said so before.

    Args:
        person: a person, or something lazy that becomes one when it is asked.
    """
    if person is None:
        yield
        return
    token = _who.set(person)
    try:
        yield
    finally:
        _who.reset(token)


def who_acts() -> Any:
    """Return the person who acts; None for commands, migrations and visitors who have not signed in."""
    person = _who.get()
    return person if getattr(person, "is_authenticated", False) else None
