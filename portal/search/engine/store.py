"""Index directories: generations, pointer to the one in use, locks, manifest of files.

    content/CURRENT              which generation is searched, and what wrote it
    content/WRITE, REBUILD       locks, released by the system when their process dies
    content/gen-…/               an index as its engine writes it
    content/gen-…/MANIFEST       the commit, the size and the checksum of every file, written after each commit

A rebuild fills a new directory and moves the pointer at its end; a process killed at any point leaves the old
generation or the new one, and the locks free. An engine need not sync its files, so after a power cut a file may be
short; a disk may give back other bytes than were written, which an engine would take for fewer hits: the manifest
tells.
"""

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from portal.search.engine.base import EngineBusy, EngineUnavailable, Health, HealthState, Schema
from portal.search.engine.fields import fingerprint

CURRENT = "CURRENT"
MANIFEST = "MANIFEST"
DISTRUSTED = "DISTRUSTED"
PREFIX = "gen-"
#: Bytes read at once for a checksum.
BLOCK = 1 << 20
#: Returns the number of the newest commit in a generation; raises OSError or ValueError when there is none.
CommitOf = Callable[[Path], int]


#: Inode and time of change in nanoseconds.
Version = tuple[int, int]


class Pointer(NamedTuple):
    """What CURRENT says: the generation in use, and whether this version of engine and schema wrote it."""

    generation: str
    is_ours: bool
    version: Version


@dataclass(frozen=True, slots=True)
class Stamp:
    """Changes whenever what is searched changes.

    Args:
        generation: its name.
        path: its manifest, ready for the system: every query looks at it.
        pointer: version of CURRENT.
        manifest: version of the manifest.
        files: path and version of every file the manifest names.
    """

    generation: str
    path: str
    pointer: Version
    manifest: Version
    files: tuple[tuple[str, Version], ...] = ()


@contextmanager
def hold(path: Path, timeout: float) -> Iterator[None]:
    """Hold the lock of a file, which is made if it is not there; the system releases it when the process dies.

    Args:
        path: of the file.
        timeout: seconds to wait for it.

    Raises:
        EngineBusy: another held it all the time.
        EngineUnavailable: its directory cannot be written.
    """
    # A file system without such locks is refused: the marker filelock would leave instead outlives a killed process.
    # And a rebuild may be ended by another thread than began it.
    lock = FileLock(path, timeout=timeout, poll_interval=0.02, thread_local=False, fallback_to_soft=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock.acquire()
    except Timeout as error:
        raise EngineBusy(f"another process holds the lock {path}") from error
    except OSError as error:
        raise EngineUnavailable(f"{path.parent} cannot be written: {error}") from error
    try:
        yield
    finally:
        lock.release()


class Store:
    """The directory of one index."""

    def __init__(self, root: Path, schema: Schema, engine: str, commit_of: CommitOf) -> None:
        self.root = root
        self._pointer = str(root / CURRENT)
        self.commit_of = commit_of
        self.fingerprint = fingerprint(engine, schema)

    # Generations

    def pointer(self) -> Pointer:
        """Return what CURRENT says, and its version: of the very file that was read, whatever replaces it meanwhile.

        Raises:
            EngineUnavailable: there is none, or it is not readable.
        """
        try:
            with open(self._pointer, "rb") as file:
                version = _version(os.fstat(file.fileno()))
                content = json.loads(file.read())
            return Pointer(str(content["generation"]), content.get("fingerprint") == self.fingerprint, version)
        except FileNotFoundError:
            raise EngineUnavailable(f"no index at {self.root}") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EngineUnavailable(f"{self._pointer} is not readable: {error}") from error

    def current_name(self) -> str:
        """Return the name of the generation in use, empty when there is none."""
        try:
            return self.pointer().generation
        except EngineUnavailable:
            return ""

    def stamp(self) -> Stamp:
        """Return the state searches should see now; to be taken before it is opened.

        Raises:
            EngineUnavailable: there is none, or another version wrote it.
        """
        pointer = self.pointer()
        if not pointer.is_ours:
            raise EngineUnavailable(f"the index at {self.root} was written by another version")
        directory = self.root / pointer.generation
        manifest = str(directory / MANIFEST)
        version = _version_at(manifest)
        files = tuple((path, _version_at(path)) for path in (str(directory / name) for name in _named(manifest)))
        return Stamp(pointer.generation, manifest, pointer.version, version, files)

    def is_current(self, stamp: Stamp) -> bool:
        """Return whether nothing was committed since, and no file written over: a stat for each file."""
        return (
            _version_at(self._pointer) == stamp.pointer
            and _version_at(stamp.path) == stamp.manifest
            and all(_version_at(path) == version for path, version in stamp.files)
        )

    def new_generation(self) -> Path:
        """Return a new empty directory."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Path(tempfile.mkdtemp(prefix=PREFIX, dir=self.root))

    def swap(self, generation: Path) -> None:
        """Make `generation` the one in use; the one before is kept for readers about to open it, older ones go."""
        for path in (*generation.iterdir(), generation):
            _sync(path)
        before = self.current_name()
        _write(self.root / CURRENT, {"generation": generation.name, "fingerprint": self.fingerprint})
        self.sweep(keep={generation.name, before})

    def sweep(self, keep: set[str]) -> None:
        """Remove generations nobody uses, left by older rebuilds and by killed ones."""
        for path in self.root.glob(f"{PREFIX}*"):
            if path.name not in keep:
                shutil.rmtree(path, ignore_errors=True)
        for path in self.root.glob(".*-*"):
            path.unlink(missing_ok=True)

    # Locks

    def lock(self, name: str, timeout: float) -> AbstractContextManager[None]:
        """Hold a lock of this index, `WRITE` or `REBUILD`; see `hold`."""
        return hold(self.root / name, timeout)

    # Checking

    def write_manifest(self, generation: Path) -> None:
        """Write down the commit, and sizes and checksums of the files it consists of.

        A file that is as the manifest before has it is not read again: engines add files, they do not change them.
        """
        before = _facts(generation / MANIFEST)
        files = {
            path.name: _fact(path, before.get(path.name))
            for path in generation.iterdir()
            if path.name not in (MANIFEST, DISTRUSTED) and not path.name.startswith(".") and path.is_file()
        }
        _write(generation / MANIFEST, {"commit": self.commit_of(generation), "files": files})

    def distrust(self) -> None:
        """Remember that the generation in use cannot be read although its files have their sizes; a rebuild ends it."""
        with suppress(OSError, EngineUnavailable):
            (self.root / self.pointer().generation / DISTRUSTED).touch()

    def verify(self, generation: Path, *, every_byte: bool = False) -> bool:
        """Return whether the files are those of the manifest; False when a commit came after it (a killed process).

        Args:
            every_byte: read the files that seem unchanged too.

        Raises:
            EngineUnavailable: files are missing, have another size or content, or were found to be wrong.
        """
        if (generation / DISTRUSTED).exists():
            raise EngineUnavailable(f"{generation} is damaged: it could not be read")
        try:
            manifest = json.loads((generation / MANIFEST).read_bytes())
            commit = self.commit_of(generation)
            files = [(name, Fact(*fact)) for name, fact in manifest["files"].items()]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise EngineUnavailable(f"{generation} is damaged: {error}") from error
        if manifest["commit"] != commit:
            return False
        for name, fact in files:
            if said := _wrong(generation / name, fact, every_byte):
                if self.commit_of(generation) != commit:
                    return False
                self.distrust()
                raise EngineUnavailable(f"{generation / name} is damaged: {said}")
        return True

    def health(self) -> Health:
        """Return how the index is, looking at pointer, version, files and permissions."""
        try:
            pointer = self.pointer()
        except EngineUnavailable as error:
            state = HealthState.DAMAGED if (self.root / CURRENT).exists() else HealthState.MISSING
            return Health(state, str(error))
        name = pointer.generation
        if not pointer.is_ours:
            detail = f"the index at {self.root} was written by another version"
            return Health(HealthState.OUTDATED, detail, generation=name)
        try:
            self.verify(self.root / name)
        except EngineUnavailable as error:
            return Health(HealthState.DAMAGED, str(error), generation=name)
        if not (_is_writable(self.root) and _is_writable(self.root / name)):
            return Health(HealthState.READ_ONLY, f"{self.root} cannot be written", generation=name)
        return Health(HealthState.OK, generation=name)


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _version(status: os.stat_result) -> Version:
    return (status.st_ino, status.st_mtime_ns)


def _version_at(path: str) -> Version:
    """Return what changes whenever a small file is replaced; a missing file has a version too."""
    try:
        return _version(os.stat(path))
    except OSError:
        return (0, -1)


class Fact(NamedTuple):
    """What the manifest says of a file: its size in bytes, its time of change in nanoseconds, its checksum."""

    size: int
    changed: int
    checksum: int


def _facts(manifest: Path) -> dict[str, Fact]:
    """Return what a manifest says, nothing where there is none that can be read."""
    try:
        files = json.loads(manifest.read_bytes())["files"]
        return {name: Fact(*fact) for name, fact in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _named(manifest: str) -> Iterator[str]:
    yield from _facts(Path(manifest))


def _fact(path: Path, before: Fact | None) -> Fact:
    status = path.stat()
    if before is not None and (before.size, before.changed) == (status.st_size, status.st_mtime_ns):
        return before
    return Fact(status.st_size, status.st_mtime_ns, _checksum(path))


def _wrong(path: Path, fact: Fact, every_byte: bool) -> str:
    """Return what is wrong with a file, or nothing."""
    try:
        status = path.stat()
        if status.st_size != fact.size:
            return f"its size is not {fact.size}"
        if (every_byte or status.st_mtime_ns != fact.changed) and _checksum(path) != fact.checksum:
            return "it does not hold what was written"
    except OSError as error:
        return str(error)
    return ""


def _checksum(path: Path) -> int:
    """Return the CRC-32 of a file; a gigabyte takes about a second."""
    found = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found = zlib.crc32(block, found)
    return found


def _write(path: Path, content: dict[str, Any]) -> None:
    """Replace a small file at once: a reader sees the old content or the new, and so does the disk."""
    new = tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}-", delete=False)  # noqa: SIM115
    try:
        with new:
            json.dump(content, new)
            new.flush()
            os.fsync(new.fileno())
        os.replace(new.name, path)
    except BaseException:
        # On a full disk not even what was begun may stay.
        Path(new.name).unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(path: Path) -> None:
    """Bring a file, or the names in a directory, to the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
