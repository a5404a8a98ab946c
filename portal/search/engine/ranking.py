"""Sort documents and values, and report the terms a query matched."""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from whoosh.support.levenshtein import distance as edit_distance

from portal.search.engine import expressions as ex
from portal.search.engine.base import SortKey

Document = TypeVar("Document")
#: Terms a Prefix or Fuzzy stands for, each with a factor on its score.
Expand = Callable[[ex.Prefix | ex.Fuzzy], Iterable[str]]
#: What a term with no edit at all counts more than one with edits, which are counted on top.
_NEAR = 0.5
_MEAN_STEP = 1.02


def scored_terms(node: ex.Expression, expand: Expand) -> list[tuple[str, str]]:
    """Return every (field, token) that can make a document match, without repeats and without what is negated."""
    found: dict[tuple[str, str], None] = {}
    _collect(node, expand, found)
    return list(found)


def _collect(node: ex.Expression, expand: Expand, found: dict[tuple[str, str], None]) -> None:
    if isinstance(node, ex.Not):
        return
    if isinstance(node, ex.Terms | ex.Phrase):
        found.update(dict.fromkeys((node.field, token) for token in node.tokens))
    elif isinstance(node, ex.Prefix | ex.Fuzzy):
        found.update(dict.fromkeys((node.field, token) for token in expand(node)))
    elif isinstance(node, ex.Values):
        found.update(dict.fromkeys((node.field, value) for value in node.values))
    for child in ex.children(node):
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


def near_factors(node: ex.Fuzzy, lexicon: Iterable[str], frequency: Callable[[str, str], int]) -> dict[str, float]:
    """Return the terms a misspelt one stands for, the nearest and most frequent, each with a factor on its score.

    Args:
        node: what is looked for.
        lexicon: all terms of its field.
        frequency: returns the number of documents that hold a term of a field.
    """
    edits = near_terms(lexicon, node.token, node.distance)
    counted = ((term, frequency(node.field, term)) for term in edits)
    ranked = sorted((edits[term], -count, term) for term, count in counted if count)
    return {term: _NEAR / (1 + allowed) if allowed else 1.0 for allowed, _, term in ranked[: node.limit]}


def near_terms(lexicon: Iterable[str], token: str, distance: int) -> dict[str, int]:
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


def rounded_mean(tokens: int, documents: int) -> float:
    """Return the mean length of a field's texts to some 1%, so that few commits change what weights were made for."""
    return _MEAN_STEP ** round(math.log(tokens / documents, _MEAN_STEP)) if tokens and documents else 1.0


def inverse_frequency(documents: int, frequency: int) -> float:
    """Return how much a term that `frequency` of `documents` hold says about a document (BM25, never negative)."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def by_count(item: tuple[str | None, int]) -> tuple[int, bool, str]:
    """Return the sort key that puts the most frequent value first."""
    value, count = item
    return (-count, value is None, value or "")
