"""The lock that lets one process at a time rebuild an index of a cluster: a document that says until when it is held.

A cluster cannot tell that the process died which held it, so it is held for a while only and taken anew as the rebuild
goes on.
"""

import logging
import secrets
import time
from typing import Any

from portal.search.engine.base import EngineBusy, EngineError
from portal.search.engine.opensearch.client import Client, Refused, quoted

logger = logging.getLogger(__name__)

#: Seconds; many times what a rebuild does between two bulk requests, or waits for at its end.
LEASE = 3600.0


class Lease:
    """The lock of one alias.

    Args:
        client: of the cluster.
        alias: what is rebuilt.
    """

    def __init__(self, client: Client, alias: str) -> None:
        self.client = client
        self.owner = secrets.token_hex(8)
        self._alias = alias
        self._path = f"{quoted(client.prefix.lower())}-rebuilding/_doc/{quoted(alias)}"

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
            self.client.request("PUT", self._path, {"owner": self.owner, "until": time.time() + LEASE}, **version)
        except Refused as error:
            if error.status != 409:
                raise
            raise EngineBusy(f"another process began to rebuild {self._alias}") from error

    def release(self) -> None:
        """Let others take the lock; never raises, since it expires."""
        try:
            owner, _, version = self._look()
            if owner == self.owner:
                self.client.request("DELETE", self._path, **version)
        except EngineError as error:
            logger.warning("The lock on rebuilding %s is left to expire: %s", self._alias, error)

    def _look(self) -> tuple[str, float, dict[str, Any]]:
        """Return the owner, the end in seconds since 1970, and what a request says that replaces just this state."""
        try:
            found = self.client.request("GET", self._path)
        except Refused as error:
            if error.status != 404:
                raise
            return "", 0.0, {"op_type": "create"}
        held = found["_source"]
        version = {"if_seq_no": str(found["_seq_no"]), "if_primary_term": str(found["_primary_term"])}
        return str(held["owner"]), float(held["until"]), version
