"""The archive of a backup: a gzipped tar whose last member, the manifest, vouches for the others.

Members are ``database.sqlite3`` or ``database.dump``, ``secret_key``, ``signing/…``, ``media/…`` and
``manifest.json``. An archive without its manifest was cut off. Reading trusts no name and no size in it.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

from portal.operations.backup.errors import BackupError

MANIFEST = "manifest.json"
SECRET_KEY = "secret_key"  # noqa: S105
MEDIA = "media/"
SIGNING = "signing/"
DATABASES = ("database.sqlite3", "database.dump")
FORMAT = 1
CHUNK = 1024 * 1024
MAX_MANIFEST = 64 * CHUNK


class Writer:
    """An archive being written; every member's SHA-256 goes into the manifest.

    Args:
        file: opened for writing bytes.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._packed = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1)
        self._tar = tarfile.open(fileobj=self._packed, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.checksums: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """Add a file as it is now, at the size it has now."""
        with path.open("rb") as content:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(content.fileno()).st_size, 0o600
            counted = Counted(content)
            self._tar.addfile(info, counted)
        self.checksums[name] = counted.total.hexdigest()

    def finish(self, facts: dict[str, Any]) -> None:
        """Write the manifest and close."""
        manifest = {"format": FORMAT, **facts, "checksums": self.checksums}
        content = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))
        self._tar.close()
        self._packed.close()


class Counted(io.RawIOBase):
    """Passes a file on and sums what is read of it."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content = content
        self.total = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read, and sum."""
        data = self.content.read(size)
        self.total.update(data)
        return data


def unpack(path: Path, target: Path) -> dict[str, Any]:
    """Unpack an archive into an empty folder, checking every member, and return the manifest.

    Raises:
        BackupError: the archive is damaged, cut off, of a later format, or holds what no backup holds; the message
            names the member.
    """
    sums: dict[str, str] = {}
    manifest: dict[str, Any] | None = None
    last = "its beginning"
    try:
        with tarfile.open(path, mode="r:gz") as archive:
            for member in archive:
                name = _checked_name(path, member, sums)
                last = name
                content = archive.extractfile(member)
                assert content is not None
                if name == MANIFEST:
                    manifest = _manifest(path, content, member.size)
                else:
                    sums[name] = _write(content, target / name)
    except FileNotFoundError:
        raise BackupError(f"{path}: there is no such file") from None
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise BackupError(f"{path}: damaged or cut off after {last} ({error})") from error
    if manifest is None:
        raise BackupError(f"{path}: cut off after {last}: {MANIFEST}, the last part of a backup, is missing")
    _compare(path, manifest["checksums"], sums)
    return manifest


def _checked_name(path: Path, member: tarfile.TarInfo, seen: dict[str, str]) -> str:
    name, pure = member.name, PurePosixPath(member.name)
    is_known = name in (*DATABASES, SECRET_KEY, MANIFEST) or (
        name.startswith((MEDIA, SIGNING)) and pure.as_posix() == name and ".." not in pure.parts and "\x00" not in name
    )
    if not is_known or not member.isreg():
        raise BackupError(f"{path}: {name!r} does not belong into a backup")
    if name in seen:
        raise BackupError(f"{path}: {name!r} is in it twice")
    return name


def _manifest(path: Path, content: IO[bytes], size: int) -> dict[str, Any]:
    try:
        manifest = json.loads(content.read(min(size, MAX_MANIFEST)))
        version = int(manifest["format"])
        if not isinstance(manifest["checksums"], dict) or not isinstance(manifest["database"], dict):
            raise TypeError("wrong parts")
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{path}: {MANIFEST} cannot be read ({error})") from error
    if version > FORMAT:
        raise BackupError(f"{path}: made by a newer version of the portal (format {version}); restore it with that one")
    return manifest


def _write(content: IO[bytes], target: Path) -> str:
    total = hashlib.sha256()
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        while data := content.read(CHUNK):
            total.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return total.hexdigest()


def _compare(path: Path, stated: dict[str, str], found: dict[str, str]) -> None:
    for name in sorted(stated.keys() | found.keys()):
        if stated.get(name) != found.get(name):
            what = "is missing" if name not in found else "is not in the manifest" if name not in stated else "differs"
            raise BackupError(f"{path}: {name} {what}: the archive is damaged")


def files_below(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield relative name and path of every regular file below a folder, links left out."""
    for folder, _folders, names in os.walk(root):
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(root).as_posix(), path
