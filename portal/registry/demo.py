"""Registry of demo loaders, which ``manage.py load_demo`` runs over a package of data.

A package is a folder of JSON files. A profile is a package that describes one organisation; other packages hold records
that may be added to any of them, such as the fault articles of other trades. Loaders write through domain functions and
are idempotent: running twice changes nothing.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

PACKAGES_DIR = Path(__file__).parent.parent / "demo" / "profiles"
DEFAULT_PROFILE = "kitchen"
#: Fault articles of seven other trades, which benches and tests of search measure against.
ALL_ARTICLES = "all_articles"

_package: ContextVar[str] = ContextVar("demo_package", default=DEFAULT_PROFILE)


@dataclass(frozen=True)
class DemoLoader:
    """A named step; ``load`` returns counts for the summary, e.g. ``{"modules": 10}``.

    ``reads`` names the file without which the step has nothing to do.
    """

    order: int
    name: str
    load: Callable[[], dict[str, int]]
    reads: str


_loaders: list[DemoLoader] = []


def register_demo(order: int, name: str, load: Callable[[], dict[str, int]], *, reads: str) -> None:
    """Register a loader. Orders: portal 10–19, kb 20–29, courses 30–39, certification 40–49."""
    _loaders.append(DemoLoader(order, name, load, reads))
    _loaders.sort(key=lambda loader: loader.order)


def loaders() -> list[DemoLoader]:
    """Return the loaders that have something to do for the package in use, lower layers first."""
    return [loader for loader in _loaders if _file(_package.get(), loader.reads).exists()]


def profiles() -> list[str]:
    """Return the names of the packages that describe an organisation."""
    return sorted(path.parent.name for path in PACKAGES_DIR.glob("*/organisation.json"))


@contextmanager
def package(name: str) -> Iterator[None]:
    """Make ``data`` and ``loaders`` use the package ``name``."""
    before = _package.set(name)
    try:
        yield
    finally:
        _package.reset(before)


def data(name: str) -> Any:
    """Return the parsed file ``<name>.json`` of the package in use, by default that of the default profile."""
    return _parsed(_file(_package.get(), name))


def has(name: str) -> bool:
    """Whether the package in use has a file ``<name>.json``."""
    return _file(_package.get(), name).exists()


def content(name: str) -> bytes:
    """Return a file of the package in use that is not JSON, such as ``drawings/<name>.svg``."""
    return (PACKAGES_DIR / _package.get() / name).read_bytes()


def _file(package_name: str, name: str) -> Path:
    return PACKAGES_DIR / package_name / f"{name}.json"


@cache
def _parsed(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
