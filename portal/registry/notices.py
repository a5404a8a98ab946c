"""Registry of the kinds of notice among which people choose channels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice.

    Args:
        name: stable, as it stands in the database.
        shown_to: whether a reader gets notices of this kind at all.
    """

    name: str
    label: str | Promise
    shown_to: Callable[[Any], bool] | None = None


_kinds: dict[str, NoticeKind] = {}


def register_notice_kind(name: str, label: str | Promise, shown_to: Callable[[Any], bool] | None = None) -> None:
    """Register a kind of notice."""
    _kinds[name] = NoticeKind(name, label, shown_to)


def notice_kinds(person: Any = None) -> list[NoticeKind]:
    """Return the kinds a person gets; all without one."""
    return [kind for kind in _kinds.values() if person is None or kind.shown_to is None or kind.shown_to(person)]
