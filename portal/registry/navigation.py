"""Registry of menu entries; templates get those the reader may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class NavItem:
    """One menu entry.

    Args:
        label: lazy translation.
        url_name: name to reverse.
        icon: symbol in static/img/icons.svg.
        order: smaller stands first; those below 50 also stand in the bottom bar of a phone.
        shown_to: predicate on the reader; None shows it to everybody.
    """

    label: Any
    url_name: str
    icon: str
    order: int
    shown_to: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class ShownItem:
    """A menu entry as the template needs it."""

    label: Any
    url: str
    icon: str
    active: bool
    on_phone: bool


_items: list[NavItem] = []


def register_nav(item: NavItem) -> None:
    """Add a menu entry; call it from AppConfig.ready."""
    _items.append(item)
    _items.sort(key=lambda entry: entry.order)


def nav_for(request: HttpRequest) -> list[ShownItem]:
    """Return the entries this reader may use; the one whose address begins the current path longest is active."""
    reader = getattr(request, "user", None)
    shown = [item for item in _items if item.shown_to is None or item.shown_to(reader)]
    urls = [reverse(item.url_name) for item in shown]
    matching = [url for url in urls if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(matching, key=len, default=None)
    return [
        ShownItem(item.label, url, item.icon, url == current, item.order < 50)
        for item, url in zip(shown, urls, strict=True)
    ]
