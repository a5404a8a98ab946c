"""Backups: made under writes, proven, refused when damaged, put in place wholly or not at all."""

import gzip
import io
import json
import os
import shutil
import sqlite3
import stat
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from portal.operations.backup import archive, databases, making, restoring
from portal.operations.backup.errors import BackupError
from portal.operations.backup.making import make_backup, regular_backup
from portal.operations.backup.restoring import refuse_newer, restore, unpacked
from tests.conftest import _template


@pytest.fixture
def state(tmp_path, settings, monkeypatch):
    """A migrated portal in a folder of its own, with one person, a file and a signing key."""
    if os.environ.get("DATABASE_URL"):
        pytest.fail("this test keeps its own SQLite database; run it without DATABASE_URL")
    folder = tmp_path / "state"
    folder.mkdir()
    database = folder / "portal.sqlite3"
    shutil.copy(_template(), database)
    (folder / "secret_key").write_text("key")
    (folder / "media" / "documents").mkdir(parents=True)
    (folder / "media" / "documents" / "手册.txt").write_text("内容")
    use(settings, monkeypatch, folder)
    settings.BACKUP_DIR = tmp_path / "backups"
    insert_person(database, "T001")
    return folder


def use(settings, monkeypatch, folder):
    """Make a folder the portal's state."""
    settings.VAR_DIR, settings.MEDIA_ROOT = folder, folder / "media"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(folder / "portal.sqlite3"))
    monkeypatch.setattr(restoring, "is_empty", lambda: not people(folder / "portal.sqlite3"))


def insert_person(path, number):
    """Enter a person as another process does."""
    with closing(sqlite3.connect(path, timeout=30)) as database:
        fields = database.execute("PRAGMA table_info(portal_person)").fetchall()
        values = {name: "" if kind.startswith("varchar") else 0 for _, name, kind, needed, _, _ in fields if needed}
        values |= {"staff_number": number, "date_joined": "2026-01-01", "created_at": "2026-01-01"}
        values = {name: value for name, value in values.items() if name in {field[1] for field in fields}}
        values.pop("id", None)
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        database.execute(f"INSERT INTO portal_person ({names}) VALUES ({marks})", list(values.values()))
        database.commit()


def people(path):
    """Staff numbers in a database file, or nothing where there is none."""
    if not Path(path).exists():
        return []
    with closing(sqlite3.connect(path)) as database:
        return [number for (number,) in database.execute("SELECT staff_number FROM portal_person ORDER BY id")]


def contents(folder):
    """Everything in a state by relative path, what was set aside and left over excepted."""
    return {
        name: path.read_bytes()
        for name, path in archive.files_below(folder)
        if not name.startswith("before-restore-") and not name.endswith(("-wal", "-shm"))
    }


def rewritten(path, change):
    """Write the members of a backup again, each as ``change`` gives it: (name, content) or None."""
    changed = path.with_name("changed.backup.tar.gz")
    with tarfile.open(path) as old, tarfile.open(changed, "w:gz") as new:
        for member in old:
            given = change(member.name, old.extractfile(member).read())
            if given is not None:
                info = tarfile.TarInfo(given[0])
                info.size = len(given[1])
                new.addfile(info, io.BytesIO(given[1]))
    return changed


def test_backup_restores_into_an_empty_place(state, settings, monkeypatch, tmp_path):
    path = make_backup()
    before = databases.describe_live()
    place = tmp_path / "new"
    place.mkdir()
    use(settings, monkeypatch, place)
    manifest = restore(path)
    assert people(place / "portal.sqlite3") == ["T001"]
    assert (place / "media" / "documents" / "手册.txt").read_text() == "内容"
    assert (place / "secret_key").read_text() == "key"
    assert (manifest["database"], manifest["media"]) == (before, 1)
    assert before["evidence"].keys() >= {"certification_ledgerentry", "portal_auditevent"}


def test_restore_keeps_signing_keys_made_since(state, settings):
    settings.SIGNING_KEYS_DIR = state / "signing"
    settings.SIGNING_KEYS_DIR.mkdir()
    (settings.SIGNING_KEYS_DIR / "20260101-old.pem").write_text("old")
    path = make_backup()
    (settings.SIGNING_KEYS_DIR / "20260401-new.pem").write_text("new")
    (settings.SIGNING_KEYS_DIR / "20260401-new.pem").chmod(0o600)
    restore(path, force=True)
    assert sorted(key.read_text() for key in settings.SIGNING_KEYS_DIR.glob("*.pem")) == ["new", "old"]
    assert (settings.SIGNING_KEYS_DIR / "20260401-new.pem").stat().st_mode & 0o777 == 0o600


def test_backup_is_readable_by_its_owner_only(state, settings):
    path = make_backup()
    modes = [stat.S_IMODE(place.stat().st_mode) for place in (path, path.parent)]
    assert modes == [0o600, 0o700]
    assert list(path.parent.iterdir()) == [path]


def test_backup_under_writes_is_one_state_of_the_database(state, settings):
    stopping, written = threading.Event(), []

    def write():
        while not stopping.is_set():
            insert_person(state / "portal.sqlite3", f"N{len(written):05}")
            written.append(1)

    with closing(sqlite3.connect(state / "portal.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
    writer = threading.Thread(target=write)
    writer.start()
    try:
        while not written:
            pass
        first = len(written)
        paths = []
        for number in range(3):
            settings.BACKUP_DIR = state.parent / f"backups-{number}"
            paths.append(make_backup())
        last = len(written)
    finally:
        stopping.set()
        writer.join()
    held = []
    for path in paths:
        with unpacked(path, state.parent / "look") as (staging, manifest):
            numbers = people(staging / "database.sqlite3")
            assert manifest["database"]["counts"]["portal_person"] == len(numbers)
            assert numbers == ["T001", *(f"N{number:05}" for number in range(len(numbers) - 1))]
            held.append(len(numbers) - 1)
    assert last > first
    assert held == sorted(held)
    assert first <= held[0]


def test_restore_refuses_a_portal_with_people(state):
    path = make_backup()
    before = contents(state)
    with pytest.raises(BackupError, match="--force replaces it"):
        restore(path)
    assert contents(state) == before


def test_restore_refuses_a_place_with_files(state, settings, monkeypatch, tmp_path):
    path = make_backup()
    (tmp_path / "new" / "media").mkdir(parents=True)
    (tmp_path / "new" / "media" / "a.txt").write_text("a")
    use(settings, monkeypatch, tmp_path / "new")
    with pytest.raises(BackupError, match="files here already"):
        restore(path)


def test_forced_restore_keeps_what_was_there_aside(state):
    path = make_backup()
    insert_person(state / "portal.sqlite3", "T002")
    restore(path, force=True)
    assert people(state / "portal.sqlite3") == ["T001"]
    (aside,) = state.glob("before-restore-*")
    (old,) = aside.glob("*-portal.sqlite3")
    assert people(old) == ["T001", "T002"]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_cut_off_backup_changes_nothing(state, share):
    path = make_backup()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    before = contents(state)
    with pytest.raises(BackupError, match=r"portal-.*cut off after"):
        restore(path, force=True)
    assert contents(state) == before


def test_backup_without_its_end_is_refused(state):
    path = rewritten(make_backup(), lambda name, content: None if name == "manifest.json" else (name, content))
    with pytest.raises(BackupError, match=r"cut off after media/documents/手册\.txt"):
        restore(path, force=True)


def test_changed_file_is_named(state):
    path = rewritten(make_backup(), lambda name, content: (name, b"x" if name.startswith("media/") else content))
    with pytest.raises(BackupError, match=r"media/documents/手册\.txt differs"):
        restore(path, force=True)


def test_damaged_database_is_refused_even_with_a_fitting_checksum(state):
    import hashlib

    garbage = b"SQLite format 3\x00" + b"\x07" * 8192

    def change(name, content):
        if name == "manifest.json":
            manifest = json.loads(content)
            manifest["checksums"]["database.sqlite3"] = hashlib.sha256(garbage).hexdigest()
            return name, json.dumps(manifest).encode()
        return name, garbage if name == "database.sqlite3" else content

    with pytest.raises(BackupError, match=r"database\.sqlite3: the database is damaged"):
        restore(rewritten(make_backup(), change), force=True)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc/passwd", "media/../../outside", "media//a", "settings.py", "media/a/./b"]
)
def test_name_that_leads_elsewhere_is_refused(state, name):
    path = rewritten(make_backup(), lambda old, content: (name if old.startswith("media/") else old, content))
    with pytest.raises(BackupError, match="does not belong into a backup"):
        restore(path, force=True)
    assert not (state.parent / "outside").exists()


def test_link_in_a_backup_is_refused(state):
    path = make_backup()
    with tarfile.open(path.with_name("link.tar.gz"), "w:gz") as new:
        info = tarfile.TarInfo("media/link")
        info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
        new.addfile(info)
    with pytest.raises(BackupError, match="'media/link' does not belong"):
        restore(path.with_name("link.tar.gz"), force=True)


@pytest.mark.parametrize("content", [b"", b"no archive", gzip.compress(b"no tar", mtime=0)], ids=["-", "text", "gzip"])
def test_what_is_no_archive_is_refused(state, tmp_path, content):
    path = tmp_path / "x.tar.gz"
    path.write_bytes(content)
    with pytest.raises(BackupError, match=r"x\.tar\.gz"):
        restore(path, force=True)


def test_newer_version_is_refused_by_name():
    with pytest.raises(BackupError, match=r"portal\.0999_later"):
        refuse_newer(Path("x"), {"database": {"migrations": ["portal.0001_initial", "portal.0999_later"]}})


def test_newer_format_is_refused(state):
    def change(name, content):
        return name, content.replace(b'"format": 1', b'"format": 2') if name == "manifest.json" else content

    with pytest.raises(BackupError, match="newer version of the portal"):
        restore(rewritten(make_backup(), change), force=True)


def test_restore_that_fails_half_way_puts_everything_back(state, monkeypatch):
    path = make_backup()
    insert_person(state / "portal.sqlite3", "T002")
    before = contents(state)

    def fail(*args):
        raise BackupError("differs")

    monkeypatch.setattr(restoring, "describe_live", fail)
    with pytest.raises(BackupError, match="differs"):
        restore(path, force=True)
    assert contents(state) == before
    assert list(state.glob("*restore*")) == []


def test_full_disk_leaves_no_half_backup(state, settings, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "finish", full)
    with pytest.raises(BackupError, match="No space left on device"):
        make_backup()
    assert list(Path(settings.BACKUP_DIR).iterdir()) == []


def test_regular_backup_keeps_the_newest(state, settings):
    folder = Path(settings.BACKUP_DIR)
    folder.mkdir()
    names = [f"portal-2026010{day}-020000.backup.tar.gz" for day in range(1, 6)]
    for name in [*names, "notes.txt", "portal-20260101-020000.backup.tar.gz.partial"]:
        (folder / name).touch()
    settings.BACKUP_KEEP = 3
    regular_backup()
    kept = sorted(path.name for path in folder.iterdir())
    assert [name for name in kept if name in names] == names[-2:]
    assert len(kept) == 4
    assert "notes.txt" in kept


def test_regular_backup_can_be_turned_off(state, settings):
    settings.BACKUP_KEEP = 0
    regular_backup()
    assert not Path(settings.BACKUP_DIR).exists()


def test_command_names_what_is_wrong(state, tmp_path):
    with pytest.raises(CommandError, match="there is no such file"):
        call_command("restore", tmp_path / "none.tar.gz", force=True)


def test_verifying_restores_elsewhere_and_searches(state, capsys):
    call_command("backup", verify=make_backup(), skip_checks=True)
    said = capsys.readouterr().out
    assert "restored" in said
    assert "0 files missing" in said
    assert making.backups(state.parent / "backups")
