"""Make a backup while the portal runs, and keep the newest ones."""

import logging
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal.operations.backup import archive
from portal.operations.backup.databases import copy_database, member_name
from portal.operations.backup.errors import BackupError

logger = logging.getLogger(__name__)

NAME = re.compile(r"portal-\d{8}-\d{6}\.backup\.tar\.gz")
PARTIAL = ".partial"


def make_backup(folder: Path | None = None) -> Path:
    """Write an archive of database, uploaded files and keys, readable by its owner only; return its path.

    The database is copied first: a file whose record is in the copy is there, unless somebody deleted it since.

    Args:
        folder: where to; ``BACKUP_DIR`` by default. Made if missing, with mode 0700.

    Raises:
        BackupError: there is no room, or the database could not be copied; nothing is left behind.
    """
    folder = folder or Path(settings.BACKUP_DIR)
    path = folder / f"portal-{timezone.now():%Y%m%d-%H%M%S}.backup.tar.gz"
    partial = path.with_name(path.name + PARTIAL)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(partial, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            _write(archive.Writer(file), folder)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        raise BackupError(f"{path}: the backup was not made: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)
    logger.info("Backup written: %s, %d bytes", path.name, path.stat().st_size)
    return path


def _write(writer: archive.Writer, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=folder) as staging:
        copy = Path(staging) / member_name()
        database = copy_database(copy)
        writer.add(copy.name, copy)
    secret = Path(settings.VAR_DIR) / archive.SECRET_KEY
    if secret.exists():
        writer.add(archive.SECRET_KEY, secret)
    for name, path in archive.files_below(Path(settings.SIGNING_KEYS_DIR)):
        writer.add(archive.SIGNING + name, path)
    media = 0
    for name, path in archive.files_below(Path(settings.MEDIA_ROOT)):
        with suppress(FileNotFoundError):  # deleted since its folder was listed
            writer.add(archive.MEDIA + name, path)
            media += 1
    writer.finish({"made_at": timezone.now().isoformat(), "database": database, "media": media})


def regular_backup() -> None:
    """Make a backup and delete all but the newest ``BACKUP_KEEP``; 0 turns regular backups off.

    Raises:
        BackupError: see :func:`make_backup`; the older ones stay.
    """
    if settings.BACKUP_KEEP <= 0:
        return
    make_backup()
    forget_old_backups(Path(settings.BACKUP_DIR), settings.BACKUP_KEEP)


def forget_old_backups(folder: Path, keep: int) -> None:
    """Delete all but the newest backups of a folder, and what a killed process left half-written."""
    for old in backups(folder)[:-keep]:
        old.unlink(missing_ok=True)
    for partial in folder.glob(f"portal-*{PARTIAL}"):
        partial.unlink(missing_ok=True)


def backups(folder: Path) -> list[Path]:
    """Return the backups of a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
