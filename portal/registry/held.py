"""Registry of what somebody holds already of what a training leads to; certification registers the answer."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Model

from portal.models import Person


@dataclass(frozen=True)
class Held:
    """A qualification somebody holds today.

    Args:
        name: what it is called.
        until: the last day on which it is relied on, days of grace that run included.
        is_expiring: whether a renewal counts from now on.
        ended_on: its last day, where it is over and its days of grace run; None where it stands.
    """

    name: str
    until: dt.date
    is_expiring: bool
    ended_on: dt.date | None = None


Holder = Callable[[Person, Collection[Model]], list[Held]]

_holders: list[Holder] = []


def register_held(holder: Holder) -> None:
    """Make ``holder(person, modules)`` the one that answers; the last registration holds."""
    _holders[:] = [holder]


def held_by(person: Person, modules: Collection[Model]) -> list[Held]:
    """Return the qualifications ``person`` holds today to which training in ``modules`` leads; none without an app."""
    return _holders[0](person, modules) if _holders else []
