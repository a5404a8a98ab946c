"""Putting documents and values in order, and naming what a query looked for."""

from collections.abc import Callable, Mapping, Sequence

from whoosh.support.levenshtein import distance as edit_distance

from .. import expressions as ex
from ..base import SortKey
from .segment import Segment

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


def in_order(documents: list[tuple[Segment, int]], order: Sequence[SortKey]) -> list[tuple[Segment, int]]:
    """Return documents sorted by columns; those without a value come last unless the key says otherwise."""
    for key in reversed(order):
        columns: dict[str, Sequence[str]] = {}
        valued: list[tuple[str, tuple[Segment, int]]] = []
        empty: list[tuple[Segment, int]] = []
        for document in documents:
            segment, number = document
            column = columns.get(segment.name)
            if column is None:
                column = columns[segment.name] = segment.column(key.field)
            value = column[number]
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


def by_count(item: tuple[str | None, int]) -> tuple[int, bool, str]:
    """Return the sort key that puts the most frequent value first."""
    value, count = item
    return (-count, value is None, value or "")
