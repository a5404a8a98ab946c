"""Registry of names for audited acts, and of who may read the recorded values."""

from collections.abc import Callable, Mapping
from typing import Any

verbs: dict[str, Any] = {}
readers: dict[str, Callable[[Any], bool]] = {}
rows: dict[str, tuple[str, ...]] = {}
pages: dict[str, Callable[[Any], str]] = {}
fact_values: dict[str, dict[str, Any]] = {}


def register_verbs(words: Mapping[str, Any]) -> None:
    """Register what acts such as ``"kb.fault_published"`` are called on screen."""
    verbs.update(words)


def register_fact_values(fact: str, choices: Mapping[str, Any]) -> None:
    """Register words for the values of a fact such as ``decision``, by value; several apps may add theirs."""
    fact_values.setdefault(fact, {}).update(choices)


def register_reader(label: str, may_read: Callable[[Any], bool]) -> None:
    """Register who may read the old and new values of records of ``label``, e.g. ``"certification.question"``."""
    readers[label] = may_read


def register_rows(label: str, *names: str) -> None:
    """Register reverse relations whose rows are part of a record of another package, e.g. ``"auth.group"``."""
    rows[label] = names


def register_page(label: str, address: Callable[[Any], str]) -> None:
    """Register where a record of ``label`` is looked at, for those without an editing page or one of their own.

    Args:
        address: takes the record, returns the address of a page that decides itself who may open it.
    """
    pages[label] = address
