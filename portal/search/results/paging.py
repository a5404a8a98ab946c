"""Any window of a search's hits, for programs; pages show whole pages only."""

from typing import Any

from portal.search.query.answers import AnswerHit, Filters, SearchAnswer
from portal.search.results.facets import MAX_PAGES
from portal.search.results.service import MAX_PAGE_SIZE, search

#: Furthest hit that can be asked for; no search has as many.
MAX_OFFSET = 1_000_000


def search_from(
    query: str, reader: Any, filters: Filters, start: int, limit: int
) -> tuple[SearchAnswer, tuple[AnswerHit, ...]]:
    """Return an answer and its hits from ``start`` on, at most ``limit``; none beyond the last.

    Args:
        start: hits left out, the best first.
        limit: at most ``MAX_PAGE_SIZE``.
    """
    size = limit if start % limit == 0 and start // limit < MAX_PAGES else MAX_PAGE_SIZE
    first, left_out = divmod(start, size)
    answer = search(query, reader, filters, page=first + 1, per_page=size)
    if start >= answer.total or answer.page != first + 1:
        return answer, ()
    hits = answer.hits[left_out : left_out + limit]
    if len(hits) < limit and answer.page < answer.pages:
        following = search(query, reader, filters, page=answer.page + 1, per_page=size)
        hits += following.hits[: limit - len(hits)]
    return answer, tuple(hits)
