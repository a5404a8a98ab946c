"""Read the same thing once while one page is made: what several parts of it ask for is asked of the database once.

Only what does not change while a page is read belongs here, and only inside :func:`reading_once`; everywhere else each
question reads anew.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

Found = TypeVar("Found")
_known: ContextVar[dict[Hashable, object] | None] = ContextVar("known", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Remember what :func:`once` reads until the block ends; a block inside another one shares its memory."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def is_reading_once() -> bool:
    """Whether what is read is remembered."""
    return _known.get() is not None


def once(key: Hashable, read: Callable[[], Found]) -> Found:
    """Return what ``read`` returns; inside :func:`reading_once` what it returned the first time under this key."""
    known = _known.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    return known[key]  # type: ignore[return-value]
