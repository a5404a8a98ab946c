"""Write to a cluster: bulk requests, generations behind an alias."""

import logging
import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Self

from opensearchpy import OpenSearch
from opensearchpy.helpers import streaming_bulk

from ..base import CatchUp, EngineDocument, EngineError, EngineUnavailable, Schema
from ..fields import GROUP, check_text, json_bytes
from .client import NOT_NOW, WRITE_TIMEOUT, Refused
from .compile import one_of
from .lease import Lease
from .mapping import index_body, source

logger = logging.getLogger(__name__)

#: Documents and bytes a bulk request carries; a server takes 100 MB of one request, and some proxies much less.
BULK = 500
BULK_BYTES = 8_000_000
#: Seconds after which a generation behind no alias is taken for the leftover of a killed rebuild.
ABANDONED = 24 * 3600


#: A document as the bulk API takes it: what to do with it, and its body as JSON.
Line = tuple[dict[str, Any], str]


def write(
    client: OpenSearch,
    index: str,
    schema: Schema,
    documents: Sequence[EngineDocument],
    removed: Collection[str],
    *,
    require_alias: bool = False,
) -> None:
    """Delete keys and groups, add documents, and make both visible.

    Args:
        require_alias: see `send`.

    Raises:
        EngineError: a document does not fit, and nothing was written; or the server refused one.
    """
    check_text(removed)
    lines = [_line(schema, document) for document in documents]
    if removed:
        keys = sorted(removed)
        query = {"bool": {"should": [{"ids": {"values": keys}}, one_of(GROUP, keys)], "minimum_should_match": 1}}
        client.delete_by_query(
            index=index, body={"query": query}, conflicts="proceed", refresh=True, request_timeout=WRITE_TIMEOUT
        )
    send(client, index, lines, require_alias=require_alias)
    client.indices.refresh(index=index)


def _line(schema: Schema, document: EngineDocument) -> Line:
    return {"index": {"_id": document.key}}, json_bytes(source(schema, document)).decode()


def send(client: OpenSearch, index: str, lines: Iterable[Line], *, require_alias: bool = False) -> None:
    """Add documents; a document with the same key is replaced.

    Args:
        require_alias: keeps the server from making an index of an alias's name where the alias has gone.

    Raises:
        EngineError: the server refused a document.
        EngineUnavailable: there is no such alias, or the server cannot write at present.
    """
    answers = streaming_bulk(
        client,
        lines,
        chunk_size=BULK,
        max_chunk_bytes=BULK_BYTES,
        expand_action_callback=tuple,
        raise_on_error=False,
        yield_ok=False,
        index=index,
        require_alias=require_alias,
        request_timeout=WRITE_TIMEOUT,
    )
    failed = [answer["index"] for _, answer in answers]
    if failed:
        first = failed[0]
        unavailable = first["status"] == 404 or first["status"] >= 500 or first["status"] in NOT_NOW
        raise (EngineUnavailable if unavailable else EngineError)(
            f"OpenSearch refused {len(failed)} documents, the first with {first['error']}"
        )


class OpenSearchRebuild:
    """See `portal.search.engine.base.Rebuild`."""

    def __init__(self, client: OpenSearch, prefix: str, alias: str, schema: Schema) -> None:
        self.client = client
        self.alias = alias
        self.schema = schema
        self.written = 0
        self._ended = False
        self._waiting: list[EngineDocument] = []
        self.index = f"{alias}-{secrets.token_hex(4)}"
        self._lease = Lease(client, prefix, alias)
        self._lease.take()
        try:
            self._sweep()
            client.indices.create(index=self.index, body=index_body(schema), request_timeout=WRITE_TIMEOUT)
        except BaseException:
            self._lease.release()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.abort()

    def _in_use(self) -> set[str]:
        found = self.client.indices.get_alias(name=self.alias, ignore=404)
        return set() if "error" in found else set(found)

    def _sweep(self) -> None:
        found = self.client.indices.get_settings(index=f"{self.alias}-*")
        in_use = self._in_use()
        for name, settings in found.items():
            made = int(settings["settings"]["index"]["creation_date"]) / 1000
            if name not in in_use and time.time() - made > ABANDONED:
                self._delete(name)

    def _delete(self, name: str) -> None:
        """Delete a generation nobody searches; what cannot be deleted now, a later rebuild sweeps away."""
        try:
            self.client.indices.delete(index=name, request_timeout=WRITE_TIMEOUT)
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
            self.client.indices.refresh(index=self.index)
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
            self.client.indices.update_aliases(body={"actions": actions}, request_timeout=WRITE_TIMEOUT)
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
