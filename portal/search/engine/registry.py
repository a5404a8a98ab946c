"""Open engines of this process, one for each index, chosen by the `SEARCH_URL` setting."""

import threading
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from .base import Engine, Schema

#: Scheme of `SEARCH_URL` → the engine, imported when it is asked for: its libraries may be optional.
_ENGINES = {
    "whoosh": "whoosh.WhooshEngine",
    "tantivy": "tantivy.TantivyEngine",
    "opensearch": "opensearch.OpenSearchEngine",
    "opensearch+https": "opensearch.OpenSearchEngine",
}
#: Those whose index is a directory of this host.
_EMBEDDED = frozenset({"whoosh", "tantivy"})
_engines: dict[tuple[str, str], Engine] = {}
_lock = threading.Lock()


def get_engine(name: str, schema: Schema) -> Engine:
    """Return this process's engine for the index called `name`.

    Args:
        name: the index, a directory name; the same name with another schema opens it anew.
        schema: its fields.

    Raises:
        ImproperlyConfigured: `SEARCH_URL` names no known engine, or one whose library is not installed.
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
    if parts.scheme not in _ENGINES:
        raise ImproperlyConfigured(
            f"SEARCH_URL: no engine for {parts.scheme!r}; there are whoosh:///…, tantivy:///… and opensearch://…"
        )
    try:
        engine = import_string(f"{__package__}.{_ENGINES[parts.scheme]}")
    except ImportError as error:
        raise ImproperlyConfigured(f"SEARCH_URL={parts.scheme}:// needs an optional extra: {error}") from error
    place = (Path(parts.netloc + parts.path) / name,) if parts.scheme in _EMBEDDED else (url, name)
    opened: Engine = engine(*place, schema)
    return opened
