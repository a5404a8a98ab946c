"""Requests to an OpenSearch cluster over its REST API."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import urllib3

from portal.search.engine.base import EngineError, EngineUnavailable
from portal.search.engine.fields import json_bytes

#: Seconds for an answer; a rebuild's requests may take longer than a reader would wait.
TIMEOUT = 10.0
WRITE_TIMEOUT = 120.0
#: Statuses below 500 that say nothing about the request: who asks may not, or too many ask.
NOT_NOW = frozenset({401, 403, 429})


class Refused(EngineError):
    """The server does not accept the request.

    Args:
        status: its HTTP status.
        reason: what it said.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"OpenSearch answered {status}: {reason}")
        self.status = status


class Client:
    """One cluster.

    Args:
        url: `opensearch://…` or `opensearch+https://…`; user and password as in any address.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        scheme = "https" if parts.scheme.endswith("+https") else "http"
        self.address = f"{scheme}://{parts.hostname}:{parts.port or 9200}"
        self.prefix = parts.path.strip("/") or "dutyready"
        headers = {"Accept": "application/json"}
        if parts.username:
            credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers |= urllib3.make_headers(basic_auth=credentials)
        self._pool = urllib3.PoolManager(headers=headers, retries=False)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def request(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | bytes | None = None,
        *,
        timeout: float = TIMEOUT,
        **parameters: str,
    ) -> dict[str, Any]:
        """Send one request and return its answer.

        Args:
            method: HTTP method.
            path: already quoted.
            body: sent as JSON; bytes are sent as they are, as newline-delimited JSON.
            timeout: seconds.
            parameters: of the query string.

        Raises:
            EngineUnavailable: nobody answers, or not OpenSearch itself (a proxy's page), or it cannot at present.
            Refused: the server does not accept the request.
        """
        address = f"{self.address}/{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        data, kind = _encoded(body)
        headers = {**self._pool.headers, **({"Content-Type": kind} if data is not None else {})}
        try:
            response = self._pool.request(method, address, body=data, headers=headers, timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise EngineUnavailable(f"OpenSearch at {self.address} does not answer: {error}") from error
        return _answer(response.status, response.data)


def _answer(status: int, data: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(data or b"{}")
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or status >= 500 or status in NOT_NOW:
        raise EngineUnavailable(f"OpenSearch answered {status}: {data[:200].decode(errors='replace')}")
    if status >= 400:
        raise Refused(status, str(answer.get("error", answer)))
    return answer


def _encoded(body: dict[str, Any] | bytes | None) -> tuple[bytes | None, str]:
    if isinstance(body, dict):
        return json_bytes(body), "application/json"
    return body, "application/x-ndjson"


def ndjson(lines: Iterable[Any]) -> bytes:
    """Return lines as the bulk API takes them: one JSON value a line, a line end after the last.

    Raises:
        EngineError: something in them is not text.
    """
    return b"".join(json_bytes(line) + b"\n" for line in lines)


def quoted(name: str) -> str:
    """Return a name as a part of a path."""
    return quote(name, safe="")
