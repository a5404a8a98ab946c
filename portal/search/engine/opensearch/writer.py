"""Writing to a cluster: bulk requests, and generations behind an alias."""

import logging
import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Self

from portal.search.engine.base import CatchUp, EngineDocument, EngineError, EngineUnavailable, Schema
from portal.search.engine.fields import GROUP, check_text
from portal.search.engine.opensearch.client import NOT_NOW, WRITE_TIMEOUT, Client, Refused, ndjson, quoted
from portal.search.engine.opensearch.compile import one_of
from portal.search.engine.opensearch.lease import Lease
from portal.search.engine.opensearch.mapping import index_body, source

logger = logging.getLogger(__name__)

#: Documents and bytes a bulk request carries; a server takes 100 MB of one request, and some proxies much less.
BULK = 500
BULK_BYTES = 8_000_000
#: Seconds after which a generation behind no alias is taken for the leftover of a killed rebuild.
ABANDONED = 24 * 3600


def write(
    client: Client,
    index: str,
    schema: Schema,
    documents: Sequence[EngineDocument],
    removed: Collection[str],
    **parameters: str,
) -> None:
    """Delete keys and groups, add documents, and make both visible.

    Args:
        parameters: of the bulk requests.

    Raises:
        EngineError: a document does not fit, and nothing was written; or the server refused one.
    """
    path = quoted(index)
    check_text(removed)
    lines = [_line(schema, document) for document in documents]
    if removed:
        keys = sorted(removed)
        query = {"bool": {"should": [{"ids": {"values": keys}}, one_of(GROUP, keys)], "minimum_should_match": 1}}
        options = {"conflicts": "proceed", "refresh": "true"}
        client.request("POST", f"{path}/_delete_by_query", {"query": query}, timeout=WRITE_TIMEOUT, **options)
    send(client, index, lines, **parameters)
    client.request("POST", f"{path}/_refresh")


def _line(schema: Schema, document: EngineDocument) -> bytes:
    return ndjson([{"index": {"_id": document.key}}, source(schema, document)])


def send(client: Client, index: str, documents: Iterable[bytes], **parameters: str) -> None:
    """Add documents; a document with the same key is replaced.

    Args:
        documents: as lines of the bulk API.
        parameters: of the bulk requests: `require_alias` keeps the server from making an index of an alias's name
            where the alias has gone.

    Raises:
        EngineError: the server refused a document.
        EngineUnavailable: there is no such alias, or the server cannot write at present.
    """
    lines: list[bytes] = []
    size = 0
    for line in documents:
        if lines and (len(lines) == BULK or size + len(line) > BULK_BYTES):
            _bulk(client, index, lines, parameters)
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        _bulk(client, index, lines, parameters)


def _bulk(client: Client, index: str, lines: Sequence[bytes], parameters: dict[str, str]) -> None:
    answer = client.request("POST", f"{quoted(index)}/_bulk", b"".join(lines), timeout=WRITE_TIMEOUT, **parameters)
    failed = [item["index"] for item in answer["items"] if "error" in item["index"]]
    if failed:
        first = failed[0]
        unavailable = first["status"] == 404 or first["status"] >= 500 or first["status"] in NOT_NOW
        raise (EngineUnavailable if unavailable else EngineError)(
            f"OpenSearch refused {len(failed)} documents, the first with {first['error']}"
        )


class OpenSearchRebuild:
    """See `portal.search.engine.base.Rebuild`."""

    def __init__(self, client: Client, alias: str, schema: Schema) -> None:
        self.client = client
        self.alias = alias
        self.schema = schema
        self.written = 0
        self._ended = False
        self._waiting: list[EngineDocument] = []
        self.index = f"{alias}-{secrets.token_hex(4)}"
        self._lease = Lease(client, alias)
        self._lease.take()
        try:
            self._sweep()
            client.request("PUT", quoted(self.index), index_body(schema), timeout=WRITE_TIMEOUT)
        except BaseException:
            self._lease.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.abort()

    def _in_use(self) -> set[str]:
        try:
            return set(self.client.request("GET", f"_alias/{quoted(self.alias)}"))
        except Refused as error:
            if error.status == 404:
                return set()
            raise

    def _sweep(self) -> None:
        found = self.client.request("GET", f"{quoted(self.alias)}-*/_settings")
        in_use = self._in_use()
        for name, settings in found.items():
            made = int(settings["settings"]["index"]["creation_date"]) / 1000
            if name not in in_use and time.time() - made > ABANDONED:
                self._delete(name)

    def _delete(self, name: str) -> None:
        """Delete a generation nobody searches; what cannot be deleted now, a later rebuild sweeps away."""
        try:
            self.client.request("DELETE", quoted(name), timeout=WRITE_TIMEOUT)
        except EngineError as error:
            logger.warning("Generation %s is left over: %s", name, error)

    def add(self, documents: Iterable[EngineDocument]) -> None:
        """See `Rebuild.add`."""
        for document in documents:
            self._waiting.append(document)
            self.written += 1
            if len(self._waiting) >= BULK:
                self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._lease.take()
        send(self.client, self.index, [_line(self.schema, document) for document in waiting])

    def commit(self, catch_up: CatchUp | None = None) -> str:
        """See `Rebuild.commit`; the alias changes from the old generation to the new one at once."""
        try:
            self._flush()
            self.client.request("POST", f"{quoted(self.index)}/_refresh")
            documents, deletes = catch_up() if catch_up is not None else ((), ())
            removed = set(deletes) - {document.key for document in documents}
            write(self.client, self.index, self.schema, documents, removed)
            before = self._in_use()
        except BaseException:
            self.abort()
            raise
        self._ended = True
        try:
            self._swap(before)
            for name in before:
                self._delete(name)
        finally:
            self._lease.release()
        return self.index

    def _swap(self, before: Collection[str]) -> None:
        """Change the alias. Once that was asked for, only a server that says no lets the new generation be deleted.

        One whose answer was lost may do it yet; what is then not in use is left to a later rebuild to sweep away.
        """
        actions = [{"remove": {"index": name, "alias": self.alias}} for name in sorted(before)]
        actions.append({"add": {"index": self.index, "alias": self.alias}})
        try:
            self.client.request("POST", "_aliases", {"actions": actions}, timeout=WRITE_TIMEOUT)
        except Refused:
            self._delete(self.index)
            raise
        except EngineUnavailable:
            if self.index not in self._in_use():
                raise

    def abort(self) -> None:
        """See `Rebuild.abort`; does nothing after a commit or an abort."""
        if not self._ended:
            self._ended = True
            self._waiting = []
            self._delete(self.index)
            self._lease.release()
