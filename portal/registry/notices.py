"""Registry of the kinds of notice among which people choose channels."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What a group reads of a kind that says nothing of its own.
ANY_NEWS = _("There is something new for you in the portal.")


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice.

    Args:
        name: stable, as it stands in the database.
        shown_to: whether a reader gets notices of this kind at all.
        group_text: what a group chat reads, where others read along: never whose or which matter it is.
    """

    name: str
    label: str | Promise
    shown_to: Callable[[Any], bool] | None = None
    group_text: str | Promise = ANY_NEWS


_kinds: dict[str, NoticeKind] = {}


def register_notice_kind(
    name: str,
    label: str | Promise,
    shown_to: Callable[[Any], bool] | None = None,
    *,
    group_text: str | Promise = ANY_NEWS,
) -> None:
    """Register a kind of notice; the arguments are those of :class:`NoticeKind`."""
    _kinds[name] = NoticeKind(name, label, shown_to, group_text)


def group_text_of(name: str) -> str:
    """Return what a group chat reads of a notice of a kind."""
    kind = _kinds.get(name)
    return str(kind.group_text if kind else ANY_NEWS)


def notice_kinds(person: Any = None) -> list[NoticeKind]:
    """Return the kinds a person gets; all without one."""
    return [kind for kind in _kinds.values() if person is None or kind.shown_to is None or kind.shown_to(person)]
