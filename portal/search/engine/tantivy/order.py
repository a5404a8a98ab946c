"""Sort a page by several values, which tantivy does by one field only."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from tantivy import DocAddress, Occur, Order, Query, Searcher

from portal.search.engine.base import SortKey
from portal.search.engine.tantivy.compile import Compiler, all_of

#: Documents with the value or score they were found by.
Place = tuple[Any, DocAddress]
Found = list[Place]


class Ordering:
    """Puts documents of one state of the index in order.

    Args:
        searcher: that state.
        compiler: for its schema.
    """

    def __init__(self, searcher: Searcher, compiler: Compiler) -> None:
        self.searcher = searcher
        self.compiler = compiler

    def page(self, wanted: Query, order: Sequence[SortKey], page: range) -> Found:
        """Return the documents at the places of `page`, from 0; ties are broken by the place in the index."""
        if not page:
            return []
        if not order:
            unscored = Query.const_score_query(wanted, 0.0)
            return list(self.searcher.search(unscored, limit=len(page), offset=page.start, count=False).hits)
        key, rest = order[0], order[1:]
        if key.nulls_first:
            empty = self._with_value(wanted, key.field, None)
            # Its stub does not know that a result has a count.
            answer: Any = self.searcher.search(Query.const_score_query(empty, 0.0), limit=1)
            valued = all_of([wanted, Query.exists_query(key.field)])
            return self.page(empty, rest, _part(page, 0, answer.count)) + self.page(
                valued, (replace(key, nulls_first=False), *rest), _part(page, answer.count)
            )
        return list(self._grouped(wanted, key, rest, page)) if rest else self._by_value(wanted, key, page)

    def _by_value(self, wanted: Query, key: SortKey, page: range) -> Found:
        """Return a page with the values ordered by; tantivy breaks ties as we do and puts empty ones last."""
        direction = Order.Desc if key.descending else Order.Asc
        return list(
            self.searcher.search(
                wanted, limit=len(page), offset=page.start, order_by_field=key.field, order=direction, count=False
            ).hits
        )

    def _grouped(self, wanted: Query, key: SortKey, rest: Sequence[SortKey], page: range) -> Iterator[Place]:
        """Yield a page ordered by several keys: documents with the same first value are put in order by the rest."""
        start = 0
        # One more than wanted tells whether the last group goes on.
        found = self._by_value(wanted, key, range(page.stop + 1))
        for value, group in groupby(found, key=lambda hit: hit[0]):
            members = list(group)
            part = _part(page, start, start + len(members))
            if len(members) > 1:
                yield from self.page(self._with_value(wanted, key.field, value), rest, part)
            elif part:
                yield from members
            start += len(members)

    def _with_value(self, wanted: Query, field: str, value: str | None) -> Query:
        if value is not None:
            return all_of([wanted, self.compiler.values(field, [value])])
        return Query.boolean_query([(Occur.Must, wanted), (Occur.MustNot, Query.exists_query(field))])


def _part(page: range, start: int, stop: int | None = None) -> range:
    """Return the part of a page that lies between two places, counted from the first of them."""
    end = page.stop if stop is None else min(page.stop, stop)
    return range(max(page.start - start, 0), max(end - start, 0))
