"""Serialise stored values of documents for the embedded engines; read in one go for all hits of a query."""

import json
from collections.abc import Iterable
from typing import Any

from portal.search.engine.base import EngineDocument
from portal.search.engine.fields import json_bytes


class DamagedContentError(Exception):
    """What is kept of a document is not what was written."""


def packed(document: EngineDocument) -> bytes:
    """Return key and stored values of a document as they are kept.

    Raises:
        EngineError: something in them is not text.
    """
    return json_bytes([document.key, dict(document.stored)])


def unpacked(kept: Iterable[bytes]) -> list[tuple[str, dict[str, Any]]]:
    """Return (key, stored values) of documents; one parse for all, as reading costs more than finding.

    Raises:
        DamagedContentError: they were not written by `packed`.
    """
    listed = list(kept)
    try:
        read = [(key, stored) for key, stored in json.loads(b"[" + b",".join(listed) + b"]")]
    except (ValueError, TypeError) as error:
        raise DamagedContentError(f"stored values cannot be read: {error}") from error
    if len(read) != len(listed):
        raise DamagedContentError(f"{len(read)} stored values instead of {len(listed)}")
    return read
