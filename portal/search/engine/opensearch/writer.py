"""Writing to a cluster: bulk requests, and generations behind an alias."""

import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from ..base import CatchUp, EngineDocument, EngineError, Schema
from .client import WRITE_TIMEOUT, Client, Refused, quoted
from .mapping import GROUP, index_body, source

#: Documents a bulk request carries.
BULK = 500
#: Seconds after which a generation behind no alias is taken for the leftover of a killed rebuild.
ABANDONED = 24 * 3600


def write(
    client: Client, index: str, schema: Schema, documents: Sequence[EngineDocument], removed: Collection[str]
) -> None:
    """Delete keys and groups, add documents, and make both visible.

    Raises:
        EngineError: the server refused a document.
    """
    path = quoted(index)
    if removed:
        keys = sorted(removed)
        query = {"bool": {"should": [{"ids": {"values": keys}}, {"terms": {GROUP: keys}}], "minimum_should_match": 1}}
        parameters = {"conflicts": "proceed", "refresh": "true"}
        client.request("POST", f"{path}/_delete_by_query", {"query": query}, timeout=WRITE_TIMEOUT, **parameters)
    add(client, index, schema, documents)
    client.request("POST", f"{path}/_refresh")


def add(client: Client, index: str, schema: Schema, documents: Iterable[EngineDocument]) -> None:
    """Add documents; a document with the same key is replaced.

    Raises:
        EngineError: the server refused a document.
    """
    lines: list[Any] = []
    for document in documents:
        lines += [{"index": {"_id": document.key}}, source(schema, document)]
        if len(lines) >= 2 * BULK:
            _bulk(client, index, lines)
            lines = []
    if lines:
        _bulk(client, index, lines)


def _bulk(client: Client, index: str, lines: Sequence[Any]) -> None:
    answer = client.request("POST", f"{quoted(index)}/_bulk", lines, timeout=WRITE_TIMEOUT)
    if answer.get("errors"):
        failed = [item["index"]["error"] for item in answer["items"] if "error" in item["index"]]
        raise EngineError(f"OpenSearch refused {len(failed)} documents, the first with {failed[0]}")


class OpenSearchRebuild:
    """See `portal.search.engine.base.Rebuild`."""

    def __init__(self, client: Client, alias: str, schema: Schema) -> None:
        self.client = client
        self.alias = alias
        self.schema = schema
        self.written = 0
        self._waiting: list[EngineDocument] = []
        self._sweep()
        self.index = f"{alias}-{secrets.token_hex(4)}"
        client.request("PUT", quoted(self.index), index_body(schema), timeout=WRITE_TIMEOUT)

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
                self.client.request("DELETE", quoted(name))

    def add(self, documents: Iterable[EngineDocument]) -> None:
        """See `Rebuild.add`."""
        for document in documents:
            self._waiting.append(document)
            self.written += 1
            if len(self._waiting) >= BULK:
                self._flush()

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, []
        add(self.client, self.index, self.schema, waiting)

    def commit(self, catch_up: CatchUp | None = None) -> str:
        """See `Rebuild.commit`; the alias changes from the old generation to the new one at once."""
        try:
            self._flush()
            self.client.request("POST", f"{quoted(self.index)}/_refresh")
            documents, deletes = catch_up() if catch_up is not None else ((), ())
            removed = set(deletes) - {document.key for document in documents}
            write(self.client, self.index, self.schema, documents, removed)
            before = self._in_use()
            actions = list(self._swap(before))
            self.client.request("POST", "_aliases", {"actions": actions})
        except BaseException:
            self.abort()
            raise
        for name in before:
            self.client.request("DELETE", quoted(name))
        return self.index

    def _swap(self, before: Collection[str]) -> Iterator[dict[str, Any]]:
        for name in sorted(before):
            yield {"remove": {"index": name, "alias": self.alias}}
        yield {"add": {"index": self.index, "alias": self.alias}}

    def abort(self) -> None:
        """See `Rebuild.abort`."""
        self._waiting = []
        self.client.request("DELETE", quoted(self.index))
