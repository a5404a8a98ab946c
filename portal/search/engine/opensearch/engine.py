"""OpenSearch engine: search and health."""

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from ..base import (
    Completion,
    EngineDocument,
    EngineError,
    EngineQuery,
    EngineResults,
    EngineUnavailable,
    Filters,
    Health,
    HealthState,
    Hit,
    Progress,
    Schema,
    SortKey,
)
from ..fields import KEY, STORE, check_fields, check_query, fingerprint
from ..ranking import by_count
from ..rebuilding import fill
from .client import Refused, connect, prefix_of
from .compile import NAME_SEPARATOR, Compiler, Dsl
from .mapping import ENGINE
from .writer import OpenSearchRebuild, write

#: Seconds after which the index is looked at again: whether it is there and of this version.
LOOK_AGAIN = 30.0
#: Hits one request may skip and give ("Paginate results": 10,000 by default); what lies behind is asked page by page.
WINDOW = 10_000
#: Values counted for all facets of one request ("Search settings": `search.max_buckets`, 65,535 by default).
MAX_FACET_VALUES = 60_000
#: Stands for "none" among the values of a facet.
NO_VALUE = "\x00"
_REGULAR = re.compile(r'([.?+*|{}\[\]()"\\#@&<>~^$-])')


class OpenSearchEngine:
    """See `portal.search.engine.base.Engine`."""

    def __init__(self, url: str, name: str, schema: Schema) -> None:
        self.schema = schema
        self.client = connect(url)
        self.prefix = prefix_of(url)
        #: The alias searched; behind it stands the generation in use.
        self.alias = f"{self.prefix}-{name}".lower()
        self._looked = 0.0
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return f"<OpenSearchEngine {self.alias} of {self.client!r}>"

    # Reading

    def search(self, query: EngineQuery) -> EngineResults:
        """See `Engine.search`."""
        check_query(self.schema, query)
        compiler = Compiler(self.schema, named=query.matched)
        conditions = [Compiler(self.schema).compile(query.where)] if query.where is not None else []
        end = query.offset + query.limit
        body: Dsl = {
            "query": {"bool": {"must": [compiler.compile(query.expression)], "filter": conditions}},
            "post_filter": {"bool": {"filter": compiler.filters(query.filters)}},
            "size": min(query.limit, WINDOW),
            "sort": _sort(query.order),
            "track_scores": not query.order,
            "_source": [STORE],
        }
        first: Dsl = {"track_total_hits": True}
        if query.facets:
            first["aggs"] = {name: self._facet(name, query) for name in query.facets}
        if end <= WINDOW:
            answer = self._ask(self.client.search, body | first | {"from": query.offset if query.limit else 0})
            hits = answer["hits"]["hits"]
        else:
            # The same copies of the shards for every page, since scores differ between copies.
            preference = secrets.token_hex(4)
            answer = self._ask(self.client.search, body | first | {"size": WINDOW}, preference=preference)
            hits = list(islice(self._pages(body, answer["hits"]["hits"], preference), query.offset, end))
        return EngineResults(
            int(answer["hits"]["total"]["value"]),
            [_hit(hit) for hit in hits],
            {name: _counts(answer["aggregations"][name]["values"]["buckets"]) for name in query.facets},
        )

    def _pages(self, body: Dsl, page: list[Dsl], preference: str) -> Iterator[Dsl]:
        """Yield the hits of a page and of all that follow it.

        What is indexed meanwhile may be missed; nothing is given twice, since the key is the last thing sorted by.
        """
        yield from page
        while len(page) == WINDOW:
            after = body | {"size": WINDOW, "track_total_hits": False, "search_after": page[-1]["sort"]}
            page = self._ask(self.client.search, after, preference=preference)["hits"]["hits"]
            yield from page

    def _facet(self, name: str, query: EngineQuery) -> Dsl:
        """A facet counts under all filters but its own, so filters come after the query and again in each facet."""
        others = {field: values for field, values in query.filters.items() if field != name}
        terms = {"field": name, "size": MAX_FACET_VALUES // len(query.facets), "missing": NO_VALUE}
        return {
            "filter": {"bool": {"filter": Compiler(self.schema).filters(others)}},
            "aggs": {"values": {"terms": terms}},
        }

    def complete(self, field: str, prefix: str, limit: int = 10, filters: Filters | None = None) -> list[Completion]:
        """See `Engine.complete`."""
        check_fields(self.schema, (field,), filters, (prefix,))
        terms: Dsl = {"field": field, "size": limit}
        if prefix:
            terms["include"] = _REGULAR.sub(r"\\\1", prefix) + ".*"
        body = {
            "query": {"bool": {"filter": Compiler(self.schema).filters(filters or {})}},
            "size": 0,
            "aggs": {"values": {"terms": terms}},
        }
        buckets = self._ask(self.client.search, body)["aggregations"]["values"]["buckets"]
        found = [Completion(bucket["key"], bucket["doc_count"]) for bucket in buckets]
        return sorted(found, key=lambda completion: (-completion.frequency, completion.term))

    def frequency(self, field: str, token: str, filters: Filters | None = None) -> int:
        """See `Engine.frequency`."""
        check_fields(self.schema, (field,), filters, (token,))
        return self._count([{"term": {field: {"value": token}}}, *Compiler(self.schema).filters(filters or {})])

    def count(self, filters: Filters | None = None) -> int:
        """See `Engine.count`."""
        check_fields(self.schema, (), filters)
        return self._count(Compiler(self.schema).filters(filters or {}))

    def _count(self, conditions: list[Dsl]) -> int:
        return int(self._ask(self.client.count, {"query": {"bool": {"filter": conditions}}})["count"])

    def _ask(self, request: Callable[..., Any], body: Dsl, **parameters: str) -> dict[str, Any]:
        """Ask the index in use.

        Raises:
            EngineUnavailable: nobody answers, or there is no index of this version.
        """
        if time.monotonic() - self._looked > LOOK_AGAIN:
            health = self.health()
            if not health.state.searchable:
                raise EngineUnavailable(health.detail)
        try:
            answer: dict[str, Any] = request(index=self.alias, body=body, **parameters)
        except Refused as error:
            if error.status == 404:
                self._looked = 0.0
                raise EngineUnavailable(f"no index {self.alias}") from error
            raise
        return answer

    def health(self) -> Health:
        """See `Engine.health`."""
        try:
            mappings = self.client.indices.get_mapping(index=self.alias)
            count = int(self.client.count(index=self.alias)["count"])
        except EngineError as error:
            missing = isinstance(error, Refused) and error.status == 404
            return Health(HealthState.MISSING if missing else HealthState.DAMAGED, f"{self.alias}: {error}")
        generation, mapping = next(iter(mappings.items()))
        if mapping["mappings"].get("_meta", {}).get("fingerprint") != fingerprint(ENGINE, self.schema):
            return Health(HealthState.OUTDATED, f"{self.alias} was written by another version", count, generation)
        self._looked = time.monotonic()
        return Health(HealthState.OK, "", count, generation)

    # Writing

    def update(self, documents: Iterable[EngineDocument], deletes: Iterable[str] = ()) -> None:
        """See `Engine.update`; not one commit here: what is deleted is gone a moment before what is added is there."""
        latest = {document.key: document for document in documents}
        removed = set(deletes) - set(latest)
        if not latest and not removed:
            return
        health = self.health()
        if not health.state.searchable:
            raise EngineUnavailable(health.detail)
        with self._lock:
            write(self.client, self.alias, self.schema, list(latest.values()), removed, require_alias=True)

    def start_rebuild(self) -> OpenSearchRebuild:
        """See `Engine.start_rebuild`."""
        return OpenSearchRebuild(self.client, self.prefix, self.alias, self.schema)

    def rebuild(self, documents: Iterable[EngineDocument], progress: Progress | None = None) -> str:
        """See `Engine.rebuild`."""
        return fill(self.start_rebuild(), documents, progress)

    def close(self) -> None:
        """See `Engine.close`."""
        self.client.close()


def _sort(order: Sequence[SortKey]) -> list[Dsl]:
    keys: list[Dsl] = [
        {
            key.field: {
                "order": "desc" if key.descending else "asc",
                "missing": "_first" if key.nulls_first else "_last",
            }
        }
        for key in order
    ]
    return [*(keys or [{"_score": {"order": "desc"}}]), {KEY: {"order": "asc"}}]


def _hit(hit: dict[str, Any]) -> Hit:
    matched = [tuple(name.split(NAME_SEPARATOR, 1)) for name in hit.get("matched_queries", ())]
    pairs = tuple((field, token) for field, token in matched)
    return Hit(hit["_id"], float(hit["_score"] or 0.0), hit["_source"].get(STORE, {}), pairs)


def _counts(buckets: Sequence[dict[str, Any]]) -> dict[str | None, int]:
    counts = {None if bucket["key"] == NO_VALUE else bucket["key"]: bucket["doc_count"] for bucket in buckets}
    return dict(sorted(counts.items(), key=by_count))
