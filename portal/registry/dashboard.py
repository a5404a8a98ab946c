"""Registry of lists on the first page of the editing area: what an editor should look at next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class DashboardRow:
    """One thing to look at.

    Args:
        url: where it is dealt with.
        note: when, how often, by whom.
    """

    label: Any
    url: str
    note: Any = ""


@dataclass(frozen=True)
class DashboardList:
    """A list of the dashboard.

    Args:
        rows: the most urgent ones.
        more_url: where all of them are.
        is_alarm: whether something is broken rather than waiting.
    """

    title: Any
    rows: Sequence[DashboardRow]
    icon: str = "list-ul"
    more_url: str = ""
    is_alarm: bool = False


ListMaker = Callable[[HttpRequest], DashboardList | None]

_makers: list[tuple[int, ListMaker]] = []


def register_dashboard(order: int, maker: ListMaker) -> None:
    """Register ``maker(request)``: the list for this reader, or None when there is nothing or it is not for them.

    Orders: what is broken 0–9, kb 10–19, courses 20–29, certification 30–39, search 40–49.
    """
    _makers.append((order, maker))
    _makers.sort(key=lambda entry: entry[0])


def dashboard_lists(request: HttpRequest) -> list[DashboardList]:
    """Return the lists for this reader in their order, without empty ones."""
    made = (maker(request) for _order, maker in _makers)
    return [found for found in made if found is not None and found.rows]
