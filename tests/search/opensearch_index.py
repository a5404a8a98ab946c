"""One index of the imitation of OpenSearch: its mapping, its documents and the query DSL over them.

Every body is compared with what the documented API knows; an unknown name is refused as the server would.
"""

import re
import time
from collections import Counter
from math import log
from typing import Any

from whoosh.support.levenshtein import distance

K1, B = 1.2, 0.75
Scores = dict[str, float]


class ApiError(Exception):
    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.kind, self.reason = status, kind, reason


def only(body: dict[str, Any], *allowed: str) -> dict[str, Any]:
    unknown = set(body) - set(allowed)
    if unknown:
        raise ApiError(400, "parsing_exception", f"unknown field {sorted(unknown)}")
    return body


def single(body: dict[str, Any]) -> tuple[str, Any]:
    if len(body) != 1:
        raise ApiError(400, "parsing_exception", f"expected one name, got {sorted(body)}")
    return next(iter(body.items()))


class Index:
    """One index: mapping, documents, and the query DSL over them."""

    def __init__(self, body: dict[str, Any]) -> None:
        only(body, "settings", "mappings")
        self.mappings = only(body["mappings"], "dynamic", "_meta", "properties")
        self.properties: dict[str, dict[str, Any]] = self.mappings["properties"]
        for field in self.properties.values():
            allowed = {
                "keyword": ("type", "doc_values"),
                "text": ("type", "analyzer", "index_options", "fielddata"),
                "object": ("type", "enabled"),
            }
            only(field, *allowed[field["type"]])
        self.created = int(time.time() * 1000)
        self.documents: dict[str, dict[str, Any]] = {}
        self.names: dict[str, set[str]] = {}

    def put(self, key: str, body: dict[str, Any]) -> None:
        if self.mappings.get("dynamic") == "strict" and set(body) - set(self.properties):
            raise ApiError(400, "strict_dynamic_mapping_exception", f"not in the mapping: {sorted(body)}")
        self.documents[key] = body

    def tokens(self, key: str, field: str) -> list[str]:
        value = self.documents[key].get(field)
        if value is None:
            return []
        if self.properties[field]["type"] == "text":
            return str(value).split()
        return [value] if isinstance(value, str) else list(value)

    def kind(self, field: str) -> str:
        return self.properties[field]["type"] if field in self.properties else "unmapped"

    def terms_of(self, field: str) -> Counter[str]:
        return Counter(token for key in self.documents for token in set(self.tokens(key, field)))

    def score_term(self, field: str, token: str) -> Scores:
        if field not in self.properties:
            return {}
        found = {key: self.tokens(key, field).count(token) for key in self.documents}
        found = {key: count for key, count in found.items() if count}
        size = len(self.documents)
        rarity = log(1 + (size - len(found) + 0.5) / (len(found) + 0.5))
        if self.kind(field) == "keyword":
            return dict.fromkeys(found, rarity)
        lengths = {key: len(self.tokens(key, field)) for key in self.documents}
        mean = sum(lengths.values()) / max(1, sum(1 for length in lengths.values() if length))
        return {
            key: rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[key] / mean))
            for key, count in found.items()
        }

    # Query DSL

    def query(self, body: dict[str, Any]) -> Scores:
        name, inner = single(body)
        handler = getattr(self, f"query_{name}", None)
        if handler is None:
            raise ApiError(400, "parsing_exception", f"unknown query [{name}]")
        return handler(inner)

    def query_match_all(self, body: dict[str, Any]) -> Scores:
        return dict.fromkeys(self.documents, float(only(body, "boost").get("boost", 1.0)))

    def query_match_none(self, body: dict[str, Any]) -> Scores:
        only(body)
        return {}

    def query_term(self, body: dict[str, Any]) -> Scores:
        field, term = single(body)
        only(term, "value", "boost", "_name")
        found = self.score_term(field, term["value"])
        if "_name" in term:
            for key in found:
                self.names.setdefault(key, set()).add(term["_name"])
        return {key: score * term.get("boost", 1.0) for key, score in found.items()}

    def query_terms(self, body: dict[str, Any]) -> Scores:
        field, values = single(body)
        return dict.fromkeys(
            [key for key in self.documents if field in self.properties and set(values) & set(self.tokens(key, field))],
            1.0,
        )

    def query_ids(self, body: dict[str, Any]) -> Scores:
        return dict.fromkeys([key for key in only(body, "values")["values"] if key in self.documents], 1.0)

    def query_exists(self, body: dict[str, Any]) -> Scores:
        field = only(body, "field")["field"]
        return dict.fromkeys([key for key in self.documents if self.tokens(key, field)], 1.0)

    def query_range(self, body: dict[str, Any]) -> Scores:
        field, bounds = single(body)
        only(bounds, "gt", "gte", "lt", "lte")

        def inside(value: str) -> bool:
            return (
                value > bounds.get("gt", "")
                and value >= bounds.get("gte", "")
                and ("lt" not in bounds or value < bounds["lt"])
                and ("lte" not in bounds or value <= bounds["lte"])
            )

        return dict.fromkeys([k for k in self.documents if any(map(inside, self.tokens(k, field)))], 1.0)

    def query_prefix(self, body: dict[str, Any]) -> Scores:
        field, prefix = single(body)
        only(prefix, "value", "boost", "rewrite")
        assert re.fullmatch(r"top_terms_\d+", prefix["rewrite"])
        terms = [term for term in self.terms_of(field) if term.startswith(prefix["value"])]
        return _sum([_times(self.score_term(field, term), prefix.get("boost", 1.0)) for term in terms])

    def query_fuzzy(self, body: dict[str, Any]) -> Scores:
        field, fuzzy = single(body)
        only(fuzzy, "value", "boost", "fuzziness", "max_expansions")
        near = [t for t in self.terms_of(field) if distance(t, fuzzy["value"], limit=2) <= fuzzy["fuzziness"]]
        return _sum([_times(self.score_term(field, term), fuzzy.get("boost", 1.0)) for term in near])

    def query_match_phrase(self, body: dict[str, Any]) -> Scores:
        field, phrase = single(body)
        words = only(phrase, "query", "boost")["query"].split()
        if self.properties[field]["index_options"] != "positions":
            raise ApiError(400, "query_shard_exception", f"field:[{field}] was indexed without position data")
        found = _sum([self.score_term(field, word) for word in words])
        return {
            key: score * phrase.get("boost", 1.0)
            for key, score in found.items()
            if any(
                self.tokens(key, field)[place : place + len(words)] == words
                for place in range(len(self.tokens(key, field)))
            )
        }

    def query_bool(self, body: dict[str, Any]) -> Scores:
        only(body, "must", "should", "filter", "must_not", "minimum_should_match", "boost")
        must = [self.query(part) for part in body.get("must", [])]
        filters = [self.query(part) for part in body.get("filter", [])]
        should = [self.query(part) for part in body.get("should", [])]
        excluded = {key for part in body.get("must_not", []) for key in self.query(part)}
        needed = int(body.get("minimum_should_match", 1 if should and not must and not filters else 0))
        result: Scores = {}
        for key in self.documents:
            if key in excluded or not all(key in part for part in (*must, *filters)):
                continue
            if sum(key in part for part in should) < needed:
                continue
            result[key] = sum(part.get(key, 0.0) for part in (*must, *should)) * body.get("boost", 1.0)
        return result

    def query_dis_max(self, body: dict[str, Any]) -> Scores:
        only(body, "queries", "tie_breaker")
        parts = [self.query(part) for part in body["queries"]]
        result: Scores = {}
        for key in {key for part in parts for key in part}:
            scores = [part[key] for part in parts if key in part]
            result[key] = max(scores) + body.get("tie_breaker", 0.0) * (sum(scores) - max(scores))
        return result

    def query_constant_score(self, body: dict[str, Any]) -> Scores:
        only(body, "filter", "boost")
        return dict.fromkeys(self.query(body["filter"]), float(body.get("boost", 1.0)))

    # Search

    def search(self, body: dict[str, Any]) -> dict[str, Any]:
        known = ("query", "post_filter", "from", "size", "sort", "track_total_hits", "track_scores", "_source")
        only(body, *known, "aggs", "suggest")
        self.names = {}
        base = self.query(body.get("query", {"match_all": {}}))
        answer: dict[str, Any] = {}
        if "aggs" in body:
            answer["aggregations"] = {name: self.aggregate(agg, base) for name, agg in body["aggs"].items()}
        if "suggest" in body:
            answer["suggest"] = {name: self.suggest(part) for name, part in body["suggest"].items()}
        found = base
        if "post_filter" in body:
            admitted = self.query(body["post_filter"])
            found = {key: score for key, score in base.items() if key in admitted}
        start, size = body.get("from", 0), body.get("size", 10)
        page = self.sorted(found, body.get("sort", [{"_score": {"order": "desc"}}]))[start : start + size]
        hits = [self.hit(key, found[key], body) for key in page]
        return answer | {"hits": {"total": {"value": len(found), "relation": "eq"}, "hits": hits}}

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
            admitted = self.query(body["filter"])
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

    def suggest(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        only(body, "text", "term")
        term = only(body["term"], "field", "suggest_mode", "max_edits", "prefix_length", "min_word_length", "size")
        near = [
            {"text": word, "freq": count, "score": 1.0}
            for word, count in self.terms_of(term["field"]).items()
            if word != body["text"] and distance(word, body["text"], limit=2) <= term["max_edits"]
        ]
        near.sort(key=lambda option: -option["freq"])
        return [{"text": body["text"], "offset": 0, "options": near[: term["size"]]}]


def _sum(parts: list[Scores]) -> Scores:
    total: Scores = {}
    for part in parts:
        for key, score in part.items():
            total[key] = total.get(key, 0.0) + score
    return total


def _times(scores: Scores, factor: float) -> Scores:
    return {key: score * factor for key, score in scores.items()}
