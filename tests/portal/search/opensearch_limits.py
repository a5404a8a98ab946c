"""What a server of OpenSearch refuses though the request is well formed, with the limits it has by default.

Each limit names the page of the documentation (or of the project's tracker) it is taken from.
"""

from collections.abc import Callable
from typing import Any

#: from + size ("Paginate results"; "Index settings": `index.max_result_window`).
MAX_RESULT_WINDOW = 10_000
#: Leaves of a whole query as it is after rewriting, not of one `bool` ("Rewrite": `indices.query.bool.max_clause_count`
#: is 1024; "[BUG] Opensearch 2.0 maxClauseCount Errors" and "Make rewrite-level max_clause_count check configurable":
#: counted over the whole tree since 2.0).
MAX_CLAUSES = 1024
#: Values of one `terms` query ("Terms query": `index.max_terms_count`).
MAX_TERMS = 65_536
#: Buckets of one answer ("Search settings": `search.max_buckets`).
MAX_BUCKETS = 65_535
#: UTF-8 bytes of an `_id` ("Bulk API").
MAX_ID = 512
#: Bytes of a request (`http.max_content_length`; "Nais OpenSearch reference": 100 MB by default).
MAX_CONTENT = 100 * 2**20


class ApiError(Exception):
    """An error as the server says it."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.kind, self.reason = status, kind, reason


def check_window(body: dict[str, Any], window: int) -> None:
    """Refuse a page too far behind or too long, and `search_after` with what it does not go with."""
    start, size = body.get("from", 0), body.get("size", 10)
    if start + size > window:
        raise ApiError(400, "illegal_argument_exception", f"Result window is too large: {start + size} > {window}")
    if "search_after" in body and (start or len(body["search_after"]) != len(body.get("sort", []))):
        raise ApiError(400, "action_request_validation_exception", "`from` must be 0 and there must be as many sorts")


def check_buckets(answer: dict[str, Any]) -> None:
    """Refuse an answer with too many buckets."""
    if _buckets(answer) > MAX_BUCKETS:
        raise ApiError(503, "too_many_buckets_exception", f"must be less than or equal to [{MAX_BUCKETS}]")


def _buckets(answer: Any) -> int:
    if not isinstance(answer, dict):
        return 0
    return len(answer.get("buckets", ())) + sum(_buckets(inner) for inner in answer.values())


def check_clauses(query: dict[str, Any], expanded: Callable[[str, dict[str, Any]], int]) -> None:
    """Refuse a query with too many clauses.

    Args:
        query: in the query DSL.
        expanded: returns how many terms a query by its name and body is rewritten to.
    """
    if clauses(query, expanded) > MAX_CLAUSES:
        raise ApiError(400, "too_many_nested_clauses", f"maxClauseCount is set to {MAX_CLAUSES}")


def clauses(query: dict[str, Any], expanded: Callable[[str, dict[str, Any]], int]) -> int:
    """Return the number of leaves of a query."""
    ((name, body),) = query.items()
    if name == "bool":
        inner = [part for key in ("must", "should", "filter", "must_not") for part in body.get(key, ())]
    elif name == "dis_max":
        inner = body["queries"]
    elif name == "constant_score":
        inner = [body["filter"]]
    else:
        return expanded(name, body)
    return sum(clauses(part, expanded) for part in inner)
