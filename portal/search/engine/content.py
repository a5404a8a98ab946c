"""What an embedded engine keeps of a document to give it back: bytes, read together for all hits of a query."""

import json
from collections.abc import Iterable
from typing import Any

from .base import EngineDocument


def packed(document: EngineDocument) -> bytes:
    """Return key and stored values of a document as they are kept."""
    return json.dumps([document.key, dict(document.stored)], ensure_ascii=False, separators=(",", ":")).encode()


def unpacked(kept: Iterable[bytes]) -> list[tuple[str, dict[str, Any]]]:
    """Return (key, stored values) of documents; one parse for all, as reading costs more than finding."""
    return [(key, stored) for key, stored in json.loads(b"[" + b",".join(kept) + b"]")]
