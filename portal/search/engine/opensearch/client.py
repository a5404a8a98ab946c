"""OpenSearch client; maps its errors to those of the engine."""

import ssl
from typing import Any
from urllib.parse import unquote, urlsplit

from opensearchpy import OpenSearch, Transport
from opensearchpy.exceptions import SerializationError, TransportError

from ..base import EngineError, EngineUnavailable

#: Seconds for an answer; a rebuild's requests may take longer than a reader would wait.
TIMEOUT = 10.0
WRITE_TIMEOUT = 120.0
#: Connections kept open, one for each thread that searches.
CONNECTIONS = 10
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


class EngineTransport(Transport):
    """Sends requests and raises the engine's errors instead of the library's."""

    def perform_request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See `Transport.perform_request`.

        Raises:
            EngineUnavailable: nobody answers, or not OpenSearch itself (a proxy's page), or it cannot at present.
            Refused: the server does not accept the request.
        """
        try:
            answer = super().perform_request(*args, **kwargs)
        except SerializationError as error:
            raise EngineUnavailable(f"not OpenSearch answers: {error}") from error
        except TransportError as error:
            status, said = error.status_code, error.info
            if isinstance(status, str) or not isinstance(said, dict) or status >= 500 or status in NOT_NOW:
                raise EngineUnavailable(f"OpenSearch does not answer: {error}") from error
            raise Refused(status, str(said.get("error", said))) from error
        if not isinstance(answer, dict):
            raise EngineUnavailable(f"not OpenSearch answers: {answer!r:.200}")
        return answer


def connect(url: str) -> OpenSearch:
    """Return the client of a cluster.

    Args:
        url: `opensearch://…` or `opensearch+https://…`; user and password as in any address.
    """
    parts = urlsplit(url)
    is_secure = parts.scheme.endswith("+https")
    return OpenSearch(
        [{"host": parts.hostname, "port": parts.port or 9200, "use_ssl": is_secure}],
        transport_class=EngineTransport,
        http_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
        # The certificates the system trusts, not those that come with a package.
        ssl_context=ssl.create_default_context() if is_secure else None,
        timeout=TIMEOUT,
        max_retries=0,
        pool_maxsize=CONNECTIONS,
    )


def prefix_of(url: str) -> str:
    """Return what begins the names of all indexes: the path of the address."""
    return (urlsplit(url).path.strip("/") or "search").lower()
