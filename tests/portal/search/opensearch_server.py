"""An imitation of OpenSearch's REST API, as far as the portal uses it, that refuses whatever the API does not know.

Written from the documentation (REST API reference, query DSL, aggregations of OpenSearch 2 and 3), since
no server can be had here. It answers as documented, so the engine's tests run against it; it proves the requests, not
the server.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.portal.search import opensearch_limits
from tests.portal.search.opensearch_index import Index
from tests.portal.search.opensearch_limits import ApiError
from tests.portal.search.opensearch_query import only, single


class Cluster:
    """Indexes and aliases, and the paths of the REST API."""

    #: Set by a test: status and page of a proxy, or of a server that cannot at present, instead of every answer.
    outage: tuple[int, bytes] | None = None

    def __init__(self) -> None:
        self.indexes: dict[str, Index] = {}
        self.aliases: dict[str, set[str]] = {}
        self.writes = 0
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
            case "POST", "_bulk":
                return self.bulk(name, only(parameters, "require_alias"), data)
        if action.startswith("_doc/"):
            return self.answer_document(method, name, unquote(action.removeprefix("_doc/")), parameters, data)
        found, index = self.index(name)
        return self.answer_index(method, action, parameters, data, found, index)

    def answer_index(self, method, action, parameters, data, found: str, index: Index) -> dict[str, Any]:
        match method, action:
            case "GET", "_mapping":
                return {found: {"mappings": index.mappings}}
            case "POST", "_count":
                query = only(json.loads(data), "query")["query"] if data else {"match_all": {}}
                return {"count": len(index.matching(query))}
            case "POST", "_refresh":
                return {"_shards": {"failed": 0}}
            case "POST", "_search":
                only(parameters, "preference")
                return index.search(json.loads(data))
            case "POST", "_delete_by_query":
                only(parameters, "conflicts", "refresh")
                doomed = list(index.matching(only(json.loads(data), "query")["query"]))
                for key in doomed:
                    del index.documents[key]
                return {"deleted": len(doomed), "failures": []}
        raise ApiError(405, "method_not_allowed", f"{method} {action}")

    def answer_document(self, method, name: str, key: str, parameters, data) -> dict[str, Any]:
        """One document by its id, with "Optimistic concurrency control"; the index is made where it is not there."""
        state = ("if_seq_no", "if_primary_term")
        only(parameters, *{"GET": (), "PUT": ("op_type", *state), "DELETE": state}[method])
        documents = (self.target(name, require_alias=False) if method == "PUT" else self.index(name)[1]).documents
        held = documents.get(key)
        if method == "GET":
            if held is None:
                raise ApiError(404, "not_found", f"no document [{key}]")
            return {"_id": key, "found": True, "_primary_term": 1} | held
        wanted = [parameters[name] for name in state if name in parameters]
        if len(wanted) == 1:
            raise ApiError(400, "action_request_validation_exception", "if_seq_no and if_primary_term go together")
        if (wanted and (held is None or wanted != [[str(held["_seq_no"])], ["1"]])) or (
            parameters.get("op_type") == ["create"] and held is not None
        ):
            raise ApiError(409, "version_conflict_engine_exception", f"version conflict of [{key}]")
        self.writes += 1
        if method == "DELETE":
            del documents[key]
            return {"result": "deleted"}
        documents[key] = {"_seq_no": self.writes, "_source": json.loads(data)}
        return {"result": "updated" if held else "created", "_seq_no": self.writes, "_primary_term": 1}

    def target(self, name: str, *, require_alias: bool) -> Index:
        """Return the index to write into; one that is not there is made ("Index settings": auto_create_index)."""
        if require_alias and not self.aliases.get(name):
            # "Bulk API": all actions must target an alias rather than an index.
            reason = f"[require_alias] request flag is [true] and [{name}] is not an alias"
            raise ApiError(404, "index_not_found_exception", reason)
        if name not in self.indexes and not self.aliases.get(name):
            self.indexes[name] = Index({})
        return self.index(name)[1]

    def bulk(self, name: str, parameters: dict[str, list[str]], data: bytes) -> dict[str, Any]:
        if not data.endswith(b"\n"):
            raise ApiError(400, "illegal_argument_exception", "The bulk request must be terminated by a newline")
        lines = [json.loads(line) for line in data.splitlines()]
        items = []
        for action, body in zip(lines[::2], lines[1::2], strict=True):
            key = only(only(action, "index")["index"], "_id")["_id"]
            try:
                self.target(name, require_alias=parameters.get("require_alias") == ["true"]).put(key, body)
                items.append({"index": {"_id": key, "status": 201}})
            except ApiError as error:
                items.append({"index": {"_id": key, "status": error.status, "error": {"reason": error.reason}}})
        return {"errors": any("error" in item["index"] for item in items), "items": items}

    def change_aliases(self, body: dict[str, Any]) -> dict[str, Any]:
        for action in only(body, "actions")["actions"]:
            kind, what = single(action)
            members = self.aliases.setdefault(only(what, "index", "alias")["alias"], set())
            if what["index"] not in self.indexes:
                raise ApiError(404, "index_not_found_exception", f"no such index [{what['index']}]")
            if what["alias"] in self.indexes:
                raise ApiError(400, "invalid_alias_name_exception", "an index exists with the same name as the alias")
            (members.add if kind == "add" else members.remove)(what["index"])
        return {"acknowledged": True}


class Handler(BaseHTTPRequestHandler):
    cluster: Cluster

    def log_message(self, *args: object) -> None:
        """Quiet."""

    def respond(self) -> None:
        parts = urlsplit(self.path)
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        # Of bulk requests the client made for OpenSearch says "application/json", too.
        expected = ("application/json", "application/x-ndjson")[: 2 if parts.path.endswith("/_bulk") else 1]
        try:
            if data and self.headers["Content-Type"] not in expected:
                raise ApiError(406, "content_type", f"Content-Type {self.headers['Content-Type']} is not supported")
            if len(data) > opensearch_limits.MAX_CONTENT:
                raise ApiError(413, "content_too_long", "entity content is too long")
            with self.cluster.lock:
                status, body = 200, self.cluster.answer(self.command, parts.path, parse_qs(parts.query), data)
        except ApiError as error:
            status, body = error.status, {"error": {"type": error.kind, "reason": error.reason}}
        content = json.dumps(body).encode()
        if self.cluster.outage:
            status, content = self.cluster.outage
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
