"""Putting documents and values in order, and naming what a query looked for."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from whoosh.support.levenshtein import distance as edit_distance

from . import expressions as ex
from .base import SortKey

Document = TypeVar("Document")
#: Terms a Prefix or Fuzzy stands for, each with a factor on its score.
Expand = Callable[[ex.Prefix | ex.Fuzzy], Mapping[str, float]]


def scored_terms(node: ex.Expression, expand: Expand) -> list[tuple[str, str]]:
    """Return every (field, token) that can make a document match, without repeats and without what is negated."""
    found: dict[tuple[str, str], None] = {}
    _collect(node, expand, found)
    return list(found)


def _collect(node: ex.Expression, expand: Expand, found: dict[tuple[str, str], None]) -> None:
    if isinstance(node, ex.Terms | ex.Phrase):
        found.update(dict.fromkeys((node.field, token) for token in node.tokens))
    elif isinstance(node, ex.Prefix | ex.Fuzzy):
        found.update(dict.fromkeys((node.field, token) for token in expand(node)))
    elif isinstance(node, ex.Values):
        found.update(dict.fromkeys((node.field, value) for value in node.values))
    elif isinstance(node, ex.Any | ex.All | ex.Best):
        for child in node.children:
            _collect(child, expand, found)
    elif isinstance(node, ex.Boost | ex.Constant):
        _collect(node.child, expand, found)
    elif isinstance(node, ex.Should):
        for child in (node.must, *node.should):
            _collect(child, expand, found)


def in_order(
    documents: list[Document], order: Sequence[SortKey], value_of: Callable[[str, Document], str]
) -> list[Document]:
    """Return documents sorted; those without a value come last unless the key says otherwise.

    Args:
        documents: in the order that breaks ties.
        order: what to sort by, the first key counts most.
        value_of: returns the value of a field, empty for none.
    """
    for key in reversed(order):
        valued: list[tuple[str, Document]] = []
        empty: list[Document] = []
        for document in documents:
            value = value_of(key.field, document)
            if value:
                valued.append((value, document))
            else:
                empty.append(document)
        valued.sort(key=lambda pair: pair[0], reverse=key.descending)
        ranked = [document for _, document in valued]
        documents = empty + ranked if key.nulls_first else ranked + empty
    return documents


def near_terms(lexicon: Sequence[str], token: str, distance: int) -> dict[str, int]:
    """Return the terms at most `distance` edits away, with their number of edits.

    A term so near has nearly the length and nearly all letters of the token; comparing those first leaves few to
    measure and is several times faster than Whoosh's automaton over the terms on disk.
    """
    letters = frozenset(token)
    needed = len(letters) - distance
    near: dict[str, int] = {}
    for term in lexicon:
        if abs(len(term) - len(token)) <= distance and len(letters.intersection(term)) >= needed:
            edits = edit_distance(term, token, limit=distance)
            if edits <= distance:
                near[term] = edits
    return near


def inverse_frequency(documents: int, frequency: int) -> float:
    """Return how much a term that `frequency` of `documents` hold says about a document (BM25, never negative)."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def by_count(item: tuple[str | None, int]) -> tuple[int, bool, str]:
    """Return the sort key that puts the most frequent value first."""
    value, count = item
    return (-count, value is None, value or "")
