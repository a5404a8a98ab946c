"""Restore a backup, wholly or not at all: everything is checked beside the portal's state before it takes its place."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from portal.operations.backup import archive
from portal.operations.backup.databases import (
    describe_file,
    describe_live,
    is_empty,
    is_sqlite,
    member_name,
    restore_postgresql,
)
from portal.operations.backup.errors import BackupError


@contextmanager
def unpacked(path: Path, beside: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give the folder with the checked content of a backup, and its manifest; the folder goes away afterwards.

    Raises:
        BackupError: the backup is damaged, or made by a newer version.
    """
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as folder:
        staging = Path(folder)
        manifest = archive.unpack(path, staging)
        refuse_newer(path, manifest)
        name = next((name for name in archive.DATABASES if (staging / name).exists()), None)
        if name is None:
            raise BackupError(f"{path}: there is no database in it")
        if name == "database.sqlite3":
            refuse_difference(path, manifest, describe_file(staging / name))
        yield staging, manifest


def restore(path: Path, *, force: bool = False) -> dict[str, Any]:
    """Put a backup in the place of the portal's state; return its manifest.

    What was there before lies in ``VAR_DIR/before-restore-…`` afterwards (PostgreSQL's tables excepted), the search
    index too: it has to be rebuilt. Signing keys made since the backup stay. The portal must not run meanwhile.

    Args:
        force: replace a portal that holds people or files.

    Raises:
        BackupError: the backup is damaged, newer, of the other engine, or the portal is not empty. Nothing has changed.
    """
    var, media = Path(settings.VAR_DIR), Path(settings.MEDIA_ROOT)
    if not force and not (is_empty() and next(archive.files_below(media), None) is None):
        raise BackupError(f"{var}: there is a portal with people or files here already. --force replaces it.")
    with unpacked(path, var) as (staging, manifest):
        if not (staging / member_name()).exists():
            raise BackupError(f"{path}: made on the other database engine; set DATABASE_URL accordingly")
        (staging / "media").mkdir(exist_ok=True)
        _keep_later_keys(staging)
        connections.close_all()
        with _swapped(_moves(staging, var, media), var / f"before-restore-{timezone.now():%Y%m%d-%H%M%S-%f}"):
            if not is_sqlite():
                restore_postgresql(staging / member_name())
            refuse_difference(path, manifest, describe_live())
    return manifest


def _keep_later_keys(staging: Path) -> None:
    """Put the keys that are here and not in the backup beside those of the backup.

    What was signed since the backup, after a change of keys, was given to others: it has to stay checkable.
    """
    restored = staging / archive.SIGNING
    for path in Path(settings.SIGNING_KEYS_DIR).glob("*.pem"):
        if restored.exists() and not (restored / path.name).exists():
            shutil.copy2(path, restored / path.name)


def _moves(staging: Path, var: Path, media: Path) -> list[tuple[Path | None, Path]]:
    """Return what takes whose place; None where something only makes room."""
    moves: list[tuple[Path | None, Path]] = [(staging / "media", media), (None, var / "search")]
    if (staging / archive.SECRET_KEY).exists():
        moves.append((staging / archive.SECRET_KEY, var / archive.SECRET_KEY))
    if (staging / archive.SIGNING).exists():
        moves.append((staging / archive.SIGNING, Path(settings.SIGNING_KEYS_DIR)))
    if is_sqlite():
        database = Path(connection.settings_dict["NAME"])
        # The log of another database would be played into the restored one.
        moves += [(None, database.with_name(f"{database.name}{ending}")) for ending in ("-wal", "-shm")]
        moves.append((staging / member_name(), database))
    return moves


@contextmanager
def _swapped(moves: list[tuple[Path | None, Path]], aside: Path) -> Iterator[None]:
    """Move everything into place, the old aside; back again if anything fails."""
    done: list[tuple[Path, Path]] = []
    aside.mkdir(mode=0o700)
    try:
        for number, (new, place) in enumerate(moves):
            if place.exists():
                kept = aside / f"{number}-{place.name}"
                os.rename(place, kept)
                done.append((kept, place))
            if new is not None:
                place.parent.mkdir(parents=True, exist_ok=True)
                os.rename(new, place)
                done.append((place, new))
        yield
    except BaseException as error:
        connections.close_all()
        for moved, place in reversed(done):
            os.rename(moved, place)
        shutil.rmtree(aside)
        if isinstance(error, OSError):
            raise BackupError(f"{error.filename}: {error.strerror}; everything is as it was") from error
        raise
    if not any(aside.iterdir()):
        aside.rmdir()


def refuse_newer(path: Path, manifest: dict[str, Any]) -> None:
    """Raise unless this version knows every migration of the backup.

    Raises:
        BackupError: names the first one it does not know.
    """
    loader = MigrationLoader(None, ignore_no_migrations=True)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces}
    unknown = sorted(set(manifest["database"].get("migrations", [])) - known)
    if unknown:
        raise BackupError(f"{path}: made by a newer version, which has {unknown[0]}; restore it with that one")


def refuse_difference(path: Path, manifest: dict[str, Any], found: dict[str, Any]) -> None:
    """Raise if a database does not hold what the manifest says: rows of every table, evidence to the last byte.

    Raises:
        BackupError: names the table.
    """
    for what in ("counts", "evidence"):
        stated = manifest["database"].get(what, {})
        for table in sorted(stated.keys() | found[what].keys()):
            if stated.get(table) != found[what].get(table):
                raise BackupError(
                    f"{path}: {what} of table {table}: {found[what].get(table)} instead of {stated.get(table)}"
                )
