"""One index of the imitation of OpenSearch: how it is searched, sorted and counted."""

import re
from collections import Counter
from typing import Any

from tests.portal.search.opensearch_limits import ApiError, check_buckets, check_window
from tests.portal.search.opensearch_query import Documents, Scores, only, single


class Index(Documents):
    """One index."""

    def search(self, body: dict[str, Any]) -> dict[str, Any]:
        known = ("query", "post_filter", "from", "size", "sort", "track_total_hits", "track_scores", "_source")
        only(body, *known, "search_after", "aggs")
        check_window(body, self.window)
        self.names = {}
        base = self.matching(body.get("query", {"match_all": {}}))
        answer: dict[str, Any] = {}
        if "aggs" in body:
            answer["aggregations"] = {name: self.aggregate(agg, base) for name, agg in body["aggs"].items()}
            check_buckets(answer)
        found = base
        if "post_filter" in body:
            admitted = self.matching(body["post_filter"])
            found = {key: score for key, score in base.items() if key in admitted}
        start, size = body.get("from", 0), body.get("size", 10)
        sort = body.get("sort", [{"_score": {"order": "desc"}}])
        ordered = self.sorted(found, sort)
        if "search_after" in body:
            # A server compares; here the hit it was taken from must be there still.
            start = 1 + [self.sort_values(key, found[key], sort) for key in ordered].index(body["search_after"])
        page = ordered[start : start + size]
        hits = [self.hit(key, found[key], body) | {"sort": self.sort_values(key, found[key], sort)} for key in page]
        total = {"total": {"value": len(found), "relation": "eq"}} if body.get("track_total_hits", True) else {}
        return answer | {"hits": total | {"hits": hits}}

    def sort_values(self, key: str, score: float, sort: list[dict[str, Any]]) -> list[Any]:
        values: list[Any] = []
        for name, how in map(single, sort):
            held = [score] if name == "_score" else self.tokens(key, name)
            values.append((max if how["order"] == "desc" else min)(held, default=None))
        return values

    def hit(self, key: str, score: float, body: dict[str, Any]) -> dict[str, Any]:
        source = {name: self.documents[key][name] for name in body["_source"] if name in self.documents[key]}
        hit = {"_id": key, "_score": score if body.get("track_scores", True) else None, "_source": source}
        return hit | ({"matched_queries": sorted(self.names[key])} if key in self.names else {})

    def sorted(self, found: Scores, sort: list[dict[str, Any]]) -> list[str]:
        keys = list(found)
        for part in reversed(sort):
            name, how = single(part)
            only(how, "order", "missing")
            reverse = how["order"] == "desc"
            if name == "_score":
                keys.sort(key=found.__getitem__, reverse=reverse)
                continue
            if self.kind(name) != "keyword":
                raise ApiError(400, "illegal_argument_exception", f"cannot sort by {name}")
            valued = [key for key in keys if self.tokens(key, name)]
            valued.sort(key=lambda key: (max if reverse else min)(self.tokens(key, name)), reverse=reverse)
            empty = [key for key in keys if not self.tokens(key, name)]
            keys = empty + valued if how.get("missing") == "_first" else valued + empty
        return keys

    def aggregate(self, body: dict[str, Any], found: Scores) -> dict[str, Any]:
        if "filter" in body:
            only(body, "filter", "aggs")
            admitted = self.matching(body["filter"])
            inside = {key: score for key, score in found.items() if key in admitted}
            return {"doc_count": len(inside)} | {n: self.aggregate(a, inside) for n, a in body["aggs"].items()}
        terms = only(only(body, "terms")["terms"], "field", "size", "missing", "include")
        if self.kind(terms["field"]) == "text" and not self.properties[terms["field"]].get("fielddata"):
            raise ApiError(400, "illegal_argument_exception", "Fielddata is disabled on text fields by default")
        counts: Counter[str] = Counter()
        for key in found:
            values = set(self.tokens(key, terms["field"])) or ({terms["missing"]} if "missing" in terms else set())
            counts.update(value for value in values if re.fullmatch(terms.get("include", ".*"), value, re.DOTALL))
        buckets = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[: terms.get("size", 10)]
        return {"buckets": [{"key": key, "doc_count": count} for key, count in buckets]}
