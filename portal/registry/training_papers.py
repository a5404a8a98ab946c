"""Registry of papers for those a customer named: the page of a request leads to what another app makes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model


@dataclass(frozen=True)
class PaperLink:
    """A page about papers.

    Args:
        label: its words.
        url: its address.
    """

    label: Any
    url: str


# Takes a training request and a reader, returns where its papers are; None where the reader has no business.
PaperFinder = Callable[[Model, Any], PaperLink | None]

_finders: list[PaperFinder] = []


def register_training_papers(finder: PaperFinder) -> None:
    """Have ``finder`` asked on the page of each training request; call it from AppConfig.ready."""
    if finder not in _finders:
        _finders.append(finder)


def training_papers_of(request: Model, reader: Any) -> list[PaperLink]:
    """Return where the papers of a training request are."""
    return [found for finder in _finders if (found := finder(request, reader)) is not None]
