"""Requests to an OpenSearch cluster over its REST API."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import urllib3

from ..base import EngineError, EngineUnavailable

#: Seconds for an answer; a rebuild's requests may take longer than a reader would wait.
TIMEOUT = 10.0
WRITE_TIMEOUT = 120.0


class Refused(EngineError):
    """The server answered with an error.

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
        self, method: str, path: str, body: Any = None, *, timeout: float = TIMEOUT, **parameters: str
    ) -> dict[str, Any]:
        """Send one request and return its answer.

        Args:
            method: HTTP method.
            path: already quoted.
            body: sent as JSON; an iterable of lines is sent as newline-delimited JSON.
            timeout: seconds.
            parameters: of the query string.

        Raises:
            EngineUnavailable: nobody answers.
            Refused: the server answers with an error.
        """
        address = f"{self.address}/{path}" + (f"?{urlencode(parameters)}" if parameters else "")
        data, kind = _encoded(body)
        headers = {**self._pool.headers, **({"Content-Type": kind} if data is not None else {})}
        try:
            response = self._pool.request(method, address, body=data, headers=headers, timeout=timeout)
        except urllib3.exceptions.HTTPError as error:
            raise EngineUnavailable(f"OpenSearch at {self.address} does not answer: {error}") from error
        answer = json.loads(response.data) if response.data else {}
        if response.status >= 400:
            raise Refused(response.status, str(answer.get("error", answer)))
        return dict(answer)


def _encoded(body: Any) -> tuple[bytes | None, str]:
    if body is None:
        return None, ""
    if isinstance(body, dict):
        return json.dumps(body, ensure_ascii=False).encode(), "application/json"
    return ndjson(body), "application/x-ndjson"


def ndjson(lines: Iterable[Any]) -> bytes:
    """Return lines as the bulk API takes them: one JSON value a line, a line end after the last."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def quoted(name: str) -> str:
    """Return a name as a part of a path."""
    return quote(name, safe="")
