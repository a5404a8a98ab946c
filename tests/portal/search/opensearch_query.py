"""The documents of an index of the imitation of OpenSearch, and the query DSL over them.

Every body is compared with what the documented API knows; an unknown name is refused as the server would.
"""

import time
from collections import Counter
from math import log
from typing import Any

from whoosh.support.levenshtein import distance

from tests.portal.search import opensearch_limits as limits
from tests.portal.search.opensearch_limits import ApiError, check_clauses

K1, B = 1.2, 0.75
Scores = dict[str, float]


def only(body: dict[str, Any], *allowed: str) -> dict[str, Any]:
    unknown = set(body) - set(allowed)
    if unknown:
        raise ApiError(400, "parsing_exception", f"unknown field {sorted(unknown)}")
    return body


def single(body: dict[str, Any]) -> tuple[str, Any]:
    if len(body) != 1:
        raise ApiError(400, "parsing_exception", f"expected one name, got {sorted(body)}")
    return next(iter(body.items()))


class Documents:
    """Mapping and documents of one index, and the query DSL over them."""

    def __init__(self, body: dict[str, Any]) -> None:
        only(body, "settings", "mappings")
        settings = only(only(body.get("settings", {}), "index").get("index", {}), "max_result_window")
        self.window = int(settings.get("max_result_window", limits.MAX_RESULT_WINDOW))
        self.mappings = only(body.get("mappings", {}), "dynamic", "_meta", "properties")
        self.properties: dict[str, dict[str, Any]] = self.mappings.get("properties", {})
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
        if len(key.encode()) > limits.MAX_ID:
            raise ApiError(400, "illegal_argument_exception", f"id is longer than {limits.MAX_ID} bytes")
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

    def matching(self, body: dict[str, Any]) -> Scores:
        """Answer a whole query."""
        check_clauses(body, self.expanded)
        return self.query(body)

    def expanded(self, name: str, body: dict[str, Any]) -> int:
        """Return how many terms a leaf is rewritten to."""
        if name == "fuzzy":
            field, fuzzy = single(body)
            return min(len(self.near(field, fuzzy)), fuzzy["max_expansions"])
        return 1

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
        if len(values) > limits.MAX_TERMS:
            raise ApiError(400, "illegal_argument_exception", f"number of terms has exceeded [{limits.MAX_TERMS}]")
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
        assert prefix["rewrite"] == "constant_score"
        begun = [key for key in self.documents if any(t.startswith(prefix["value"]) for t in self.tokens(key, field))]
        return dict.fromkeys(begun, prefix.get("boost", 1.0))

    def near(self, field: str, fuzzy: dict[str, Any]) -> list[str]:
        return [t for t in self.terms_of(field) if distance(t, fuzzy["value"], limit=2) <= fuzzy["fuzziness"]]

    def query_fuzzy(self, body: dict[str, Any]) -> Scores:
        field, fuzzy = single(body)
        only(fuzzy, "value", "boost", "fuzziness", "max_expansions")
        near = self.near(field, fuzzy)[: fuzzy["max_expansions"]]
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


def _sum(parts: list[Scores]) -> Scores:
    total: Scores = {}
    for part in parts:
        for key, score in part.items():
            total[key] = total.get(key, 0.0) + score
    return total


def _times(scores: Scores, factor: float) -> Scores:
    return {key: score * factor for key, score in scores.items()}
