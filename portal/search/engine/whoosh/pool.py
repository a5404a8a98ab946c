"""Collect the postings of a segment by term while it is written."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

Item = tuple[str, bytes, int, float, bytes]


class TermPool:
    """Takes the place of Whoosh's pool, which keeps a tuple a posting, sorts them all and spills them to disk.

    Documents come in ascending order, so the postings of a term need no sorting, and two numbers a posting take a
    tenth of the memory. `SEGMENT_DOCUMENTS` bounds how many there are.
    """

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, tuple[array[int], array[float], list[bytes]]]] = {}

    def add(self, item: Item) -> None:
        """Take one posting: field, term, document, weight, value."""
        field, term, number, weight, value = item
        terms = self._fields.get(field)
        if terms is None:
            terms = self._fields[field] = {}
        postings = terms.get(term)
        if postings is None:
            postings = terms[term] = (array("I"), array("f"), [])
        postings[0].append(number)
        postings[1].append(weight)
        if value:
            postings[2].append(value)

    def iter_postings(self) -> Iterator[Item]:
        """Yield every posting by field, term and document."""
        for field, terms in sorted(self._fields.items()):
            for term in sorted(terms):
                numbers, weights, values = terms[term]
                if values:
                    for number, weight, value in zip(numbers, weights, values, strict=True):
                        yield field, term, number, weight, value
                else:
                    for number, weight in zip(numbers, weights, strict=True):
                        yield field, term, number, weight, b""

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()
