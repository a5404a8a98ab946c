"""Rebuild lock of a cluster index: a document with an expiry, renewed while the rebuild runs.

A cluster cannot tell when the process that holds it dies; the lock runs out instead.
"""

import logging
import secrets
import time
from typing import Any

from opensearchpy import OpenSearch

from ..base import EngineBusy, EngineError
from .client import Refused

logger = logging.getLogger(__name__)

#: Seconds; many times what a rebuild does between two bulk requests, or waits for at its end.
LEASE = 3600.0


class Lease:
    """The lock of one alias.

    Args:
        client: of the cluster.
        prefix: what begins the names of all indexes.
        alias: what is rebuilt.
    """

    def __init__(self, client: OpenSearch, prefix: str, alias: str) -> None:
        self.client = client
        self.owner = secrets.token_hex(8)
        self._alias = alias
        self._place = {"index": f"{prefix}-rebuilding", "id": alias}

    def take(self) -> None:
        """Take the lock, or go on holding it.

        Raises:
            EngineBusy: another holds it.
            EngineUnavailable: nobody answers.
        """
        owner, until, version = self._look()
        if owner not in ("", self.owner) and time.time() < until:
            raise EngineBusy(f"another process rebuilds {self._alias}")
        try:
            self.client.index(**self._place, body={"owner": self.owner, "until": time.time() + LEASE}, **version)
        except Refused as error:
            if error.status != 409:
                raise
            raise EngineBusy(f"another process began to rebuild {self._alias}") from error

    def release(self) -> None:
        """Let others take the lock; never raises, since it expires."""
        try:
            owner, _, version = self._look()
            if owner == self.owner:
                self.client.delete(**self._place, **version)
        except EngineError as error:
            logger.warning("The lock on rebuilding %s is left to expire: %s", self._alias, error)

    def _look(self) -> tuple[str, float, dict[str, Any]]:
        """Return the owner, the end in seconds since 1970, and what a request says that replaces just this state."""
        found = self.client.get(**self._place, ignore=404)
        if not found.get("found"):
            return "", 0.0, {"op_type": "create"}
        held = found["_source"]
        version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        return str(held["owner"]), float(held["until"]), version
