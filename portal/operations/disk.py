"""Look whether the portal can write: a real write into every place, and the space that is left there."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError
from redis.exceptions import RedisError

from portal.operations.storage_trouble import trouble_of

logger = structlog.get_logger("portal.operations.disk")

#: What is written and taken away again: enough that a full disk cannot hide it in the rest of a block or page.
PROBE = b"\0" * 16_384
KEY = "readyz"


def database_write() -> str:
    """Return ``ok``, or what is wrong with writing into the shared cache, which is in the database unless on Redis."""
    try:
        caches["default"].set(KEY, PROBE, timeout=60)
    except (DatabaseError, RedisError) as error:
        logger.warning("probe_not_written", place="database", error=str(error))
        return str(trouble_of(error) or "unwritable")
    return "ok"


def places() -> Iterator[tuple[str, Path]]:
    """Yield the folders that the portal writes into, by a name that says nothing of where they lie."""
    yield "state", Path(settings.VAR_DIR)
    yield "media", Path(settings.MEDIA_ROOT)
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        yield "database", Path(database["NAME"]).parent
    kind, _colon, rest = settings.SEARCH_URL.partition("://")
    if kind in ("whoosh", "tantivy"):
        yield "search", Path(rest)


def disk() -> str:
    """Return ``ok``, or which place cannot be written or has less than ``MIN_FREE_MB`` left."""
    wrong = {name: said for name, folder in places() if (said := _place(name, folder))}
    return ", ".join(f"{name}: {said}" for name, said in wrong.items()) or "ok"


def _place(name: str, folder: Path) -> str:
    """Return what is wrong with a place, or nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as probe:
            probe.write(PROBE)
            probe.flush()
        free = shutil.disk_usage(folder).free // 2**20
    except OSError as error:
        logger.warning("probe_not_written", place=name, folder=str(folder), error=str(error))
        return str(trouble_of(error) or "unwritable")
    if free < settings.MIN_FREE_MB:
        logger.warning("little_space", place=name, folder=str(folder), free_mb=free)
        return f"{free} MB"
    return ""
