"""One engine object a process and index, chosen by the `SEARCH_URL` setting."""

import threading
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal.search.engine.base import Engine, Schema

_engines: dict[tuple[str, str], Engine] = {}
_lock = threading.Lock()


def get_engine(name: str, schema: Schema) -> Engine:
    """Return this process's engine for the index called `name`.

    Args:
        name: the index, a directory name; the same name with another schema opens it anew.
        schema: its fields.

    Raises:
        ImproperlyConfigured: `SEARCH_URL` names no known engine.
    """
    url: str = settings.SEARCH_URL
    with _lock:
        engine = _engines.get((url, name))
        if engine is None or engine.schema != schema:
            if engine is not None:
                engine.close()
            engine = _engines[url, name] = _open(url, name, schema)
        return engine


def close_engines() -> None:
    """Let go of every open index (end of a process, change of settings in tests)."""
    with _lock:
        for engine in _engines.values():
            engine.close()
        _engines.clear()


def _open(url: str, name: str, schema: Schema) -> Engine:
    parts = urlsplit(url)
    directory = Path(parts.netloc + parts.path) / name
    if parts.scheme == "whoosh":
        from portal.search.engine.whoosh import WhooshEngine

        return WhooshEngine(directory, schema)
    if parts.scheme == "tantivy":
        try:
            from portal.search.engine.tantivy import TantivyEngine
        except ImportError as error:
            raise ImproperlyConfigured(
                "SEARCH_URL=tantivy:// needs the extra: pip install dutyready[tantivy]"
            ) from error
        return TantivyEngine(directory, schema)
    if parts.scheme in ("opensearch", "opensearch+https"):
        from portal.search.engine.opensearch import OpenSearchEngine

        return OpenSearchEngine(url, name, schema)
    raise ImproperlyConfigured(
        f"SEARCH_URL: no engine for {parts.scheme!r}; there are whoosh:///…, tantivy:///… and opensearch://…"
    )
