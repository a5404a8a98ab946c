"""An imitation of OpenSearch's REST API, as far as the portal uses it, that refuses whatever the API does not know.

Written from the documentation (REST API reference, query DSL, aggregations, suggesters of OpenSearch 2 and 3), since
no server can be had here. It answers as documented, so the engine's tests run against it; it proves the requests, not
the server.
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import log
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

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


class Cluster:
    """Indexes and aliases, and the paths of the REST API."""

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.aliases: dict[str, set[str]] = {}
        self.lock = threading.Lock()

    def index(self, name: str) -> tuple[str, Index]:
        for found in self.aliases.get(name, {name}):
            if found in self.indexes:
                return found, self.indexes[found]
        raise ApiError(404, "index_not_found_exception", f"no such index [{name}]")

    def answer(self, method: str, path: str, parameters: dict[str, list[str]], data: bytes) -> dict[str, Any]:
        name, _, action = path.strip("/").partition("/")
        name = unquote(name)
        match method, action:
            case "GET", _ if name == "_alias":
                if not self.aliases.get(unquote(action)):
                    raise ApiError(404, "alias_missing", f"alias [{action}] missing")
                return {found: {"aliases": {action: {}}} for found in self.aliases[unquote(action)]}
            case "POST", "" if name == "_aliases":
                return self.change_aliases(json.loads(data))
            case "PUT", "":
                if name != name.lower() or not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", name):
                    raise ApiError(400, "invalid_index_name_exception", f"invalid name [{name}]")
                self.indexes[name] = Index(json.loads(data))
                return {"acknowledged": True, "index": name}
            case "DELETE", "":
                found, _ = self.index(name)
                del self.indexes[found]
                for members in self.aliases.values():
                    members.discard(found)
                return {"acknowledged": True}
            case "GET", "_settings":
                start = name.removesuffix("*")
                return {
                    found: {"settings": {"index": {"creation_date": str(index.created)}}}
                    for found, index in self.indexes.items()
                    if found.startswith(start)
                }
        found, index = self.index(name)
        return self.answer_index(method, action, parameters, data, found, index)

    def answer_index(self, method, action, parameters, data, found: str, index: Index) -> dict[str, Any]:
        match method, action:
            case "GET", "_mapping":
                return {found: {"mappings": index.mappings}}
            case "GET", "_count":
                return {"count": len(index.documents)}
            case "POST", "_count":
                return {"count": len(index.query(only(json.loads(data), "query")["query"]))}
            case "POST", "_refresh":
                return {"_shards": {"failed": 0}}
            case "POST", "_search":
                return index.search(json.loads(data))
            case "POST", "_delete_by_query":
                only(parameters, "conflicts", "refresh")
                doomed = list(index.query(only(json.loads(data), "query")["query"]))
                for key in doomed:
                    del index.documents[key]
                return {"deleted": len(doomed), "failures": []}
            case "POST", "_bulk":
                return self.bulk(index, data)
        raise ApiError(405, "method_not_allowed", f"{method} {action}")

    def bulk(self, index: Index, data: bytes) -> dict[str, Any]:
        if not data.endswith(b"\n"):
            raise ApiError(400, "illegal_argument_exception", "The bulk request must be terminated by a newline")
        lines = [json.loads(line) for line in data.splitlines()]
        items = []
        for action, body in zip(lines[::2], lines[1::2], strict=True):
            key = only(only(action, "index")["index"], "_id")["_id"]
            try:
                index.put(key, body)
                items.append({"index": {"_id": key, "status": 201}})
            except ApiError as error:
                items.append({"index": {"_id": key, "status": 400, "error": {"reason": error.reason}}})
        return {"errors": any("error" in item["index"] for item in items), "items": items}

    def change_aliases(self, body: dict[str, Any]) -> dict[str, Any]:
        for action in only(body, "actions")["actions"]:
            kind, what = single(action)
            members = self.aliases.setdefault(only(what, "index", "alias")["alias"], set())
            if what["index"] not in self.indexes:
                raise ApiError(404, "index_not_found_exception", f"no such index [{what['index']}]")
            (members.add if kind == "add" else members.remove)(what["index"])
        return {"acknowledged": True}


class Handler(BaseHTTPRequestHandler):
    cluster: Cluster

    def log_message(self, *args: object) -> None:
        """Quiet."""

    def respond(self) -> None:
        parts = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        expected = "application/x-ndjson" if parts.path.endswith("/_bulk") else "application/json"
        try:
            if data and self.headers["Content-Type"] != expected:
                raise ApiError(406, "content_type", f"Content-Type {self.headers['Content-Type']} is not supported")
            with self.cluster.lock:
                status, body = 200, self.cluster.answer(self.command, parts.path, parse_qs(parts.query), data)
        except ApiError as error:
            status, body = error.status, {"error": {"type": error.kind, "reason": error.reason}}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = respond


@contextmanager
def opensearch_server() -> Iterator[tuple[str, Cluster]]:
    """Run the imitation; yield its `SEARCH_URL` and what it holds."""
    cluster = Cluster()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"cluster": cluster}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"opensearch://reader:secret@127.0.0.1:{server.server_port}/test", cluster
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
