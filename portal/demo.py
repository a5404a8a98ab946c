"""Demo records: each app registers a loader; ``manage.py load_demo`` runs them in order.

Loaders write through domain functions and are idempotent: running twice changes nothing.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA_DIR = Path(__file__).parent / "demo_data"


@dataclass(frozen=True)
class DemoLoader:
    """A named step; ``load`` returns a sentence-worthy count by noun, e.g. ``{"modules": 10}``."""

    order: int
    name: str
    load: Callable[[], dict[str, int]]


_loaders: list[DemoLoader] = []


def register_demo(order: int, name: str, load: Callable[[], dict[str, int]]) -> None:
    """Register a loader. Orders: portal 10–19, kb 20–29, courses 30–39, certification 40–49."""
    _loaders.append(DemoLoader(order, name, load))
    _loaders.sort(key=lambda loader: loader.order)


def loaders() -> list[DemoLoader]:
    """Return all loaders, lower layers first."""
    return list(_loaders)


@cache
def data(name: str) -> Any:
    """Return the parsed file ``demo_data/<name>.json``."""
    return json.loads((DATA_DIR / f"{name}.json").read_text(encoding="utf-8"))
