"""A full disk, a locked database, a damaged index: 503 with a plain sentence, and nothing half-done."""

import errno
import re
import resource
import sqlite3
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from portal.content.storage import WholeFiles
from portal.enums import Role
from portal.models import AuditEvent
from portal.operations import waiting
from portal.operations.disk import disk
from portal.operations.storage_trouble import Trouble, trouble_of
from portal.search.engine import HealthState
from portal.search.indexing import writer
from portal.search.indexing.indexes import DocumentIndex
from portal.search.results import api
from portal.web import contact, health
from portal.web.middleware import Refusals
from tests.factories.kb import FaultArticleFactory
from tests.factories.portal import PersonFactory

PASSWORD = "correct-horse-battery"
WORDS = {"full": "磁盘已满", "busy": "数据库正忙"}


@pytest.fixture
def shared_cache(settings, transactional_db):
    """The cache of limits and locks in the database, as in production."""
    settings.CACHES = settings.CACHES | {
        "default": {"BACKEND": "portal.operations.shared_cache.SharedCache", "LOCATION": "portal_cache"}
    }
    call_command("createcachetable", verbosity=0)
    caches["default"].clear()


@pytest.fixture
def person(shared_cache):
    """An engineer who can sign in."""
    return PersonFactory(staff_number="T100", roles=[Role.ENGINEER], password=PASSWORD)


@pytest.fixture
def visitor():
    """A browser that is answered what Django makes of an error, as in production."""
    return Client(raise_request_exception=False)


@contextmanager
def full_disk():
    """Let SQLite meet a full disk: no page more than it has, and the ones it has filled."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        for table in ("django_session", "portal_cache"):
            for size in (50_000, 3_000, 500, 60, 1):
                _fill(cursor, table, size)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
            cursor.execute("DELETE FROM portal_cache WHERE cache_key LIKE 'filler%'")


def _fill(cursor, table, size):
    columns = {
        "django_session": "(session_key, session_data, expire_date)",
        "portal_cache": "(cache_key, value, expires)",
    }
    with pytest.raises(OperationalError, match="disk is full"):  # noqa: PT012 - the row that does not fit
        for number in range(100_000):
            row = [f"filler{size}-{number}", "x" * size, "2999-01-01 00:00:00"]
            cursor.execute(f"INSERT INTO {table} {columns[table]} VALUES (%s, %s, %s)", row)


@contextmanager
def locked_database():
    """Hold the write lock from a second connection, and let the first wait a tenth of a second."""
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20000")


@contextmanager
def no_file_longer_than(size):
    """Let the system refuse to write further, for this process."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def sign_in(client, password=PASSWORD):
    """Post the sign-in form."""
    return client.post(reverse("account_login"), {"login": "T100", "password": password})


@pytest.mark.parametrize(("state", "trouble"), [(full_disk, "full"), (locked_database, "busy")])
def test_right_password_is_not_refused_as_a_guess(person, visitor, state, trouble):
    contact.keep(type("Settings", (), {"site_name": "上岗通", "hotline": "400-800-1234", "hours_note": ""})())
    with state():
        began = time.monotonic()
        response = sign_in(visitor)
        assert time.monotonic() - began < 5
    text = response.content.decode()
    assert response.status_code == 503
    assert WORDS[trouble] in text
    assert "400-800-1234" in text
    assert response["Retry-After"]
    assert "sessionid" not in response.cookies
    assert sign_in(visitor).status_code == 302


@pytest.mark.parametrize(("state", "code"), [(full_disk, "storage_full"), (locked_database, "storage_busy")])
def test_program_is_answered_a_problem(person, monkeypatch, state, code):
    monkeypatch.setattr(api, "search_from", lambda *args, **kwargs: SessionStore().save(must_create=True))
    with state():
        response = Client(raise_request_exception=False).get("/api/v1/search", {"q": "E6"})
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert response.json()["code"] == code
    assert response.json()["detail"] != response.json()["title"]


def test_session_that_cannot_be_saved_is_a_503(person, monkeypatch):
    """The middleware of sessions raises where no view handles anything."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    session = client.session
    session.set_expiry(60)
    session.save()
    monkeypatch.setattr(django_settings, "SESSION_SAVE_EVERY_REQUEST", True)
    with locked_database():
        pages = [client.get(address) for address in ("/", "/api/v1/openapi.json")]
    assert [response.status_code for response in pages] == [503, 503]
    assert pages[1].json()["code"] == "storage_busy"
    assert client.get("/").status_code == 200


def test_errors_of_the_code_stay_errors(rf):
    for error in (ValueError("x"), KeyError("disk is full"), OSError("no number"), FileNotFoundError(2, "gone")):
        assert trouble_of(error) is None
        assert Refusals(lambda request: None).process_exception(rf.get("/"), error) is None


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OSError(errno.ENOSPC, "full"), Trouble.FULL),
        (OSError(errno.EDQUOT, "quota"), Trouble.FULL),
        (OSError(errno.EROFS, "read only"), Trouble.READ_ONLY),
        (psycopg.errors.DiskFull(), Trouble.FULL),
        (psycopg.errors.LockNotAvailable(), Trouble.BUSY),
        (psycopg.errors.ReadOnlySqlTransaction(), Trouble.READ_ONLY),
        (psycopg.errors.AdminShutdown(), Trouble.UNREACHABLE),
        (psycopg.OperationalError("connection refused"), Trouble.UNREACHABLE),
        (psycopg.errors.UndefinedTable(), None),
        (OperationalError("database or disk is full"), Trouble.FULL),
        (OperationalError("attempt to write a readonly database"), Trouble.READ_ONLY),
        (OperationalError("no such table: x"), None),
    ],
)
def test_each_driver_is_understood(error, trouble):
    assert trouble_of(error) is trouble
    wrapped = OperationalError("wrapped")
    wrapped.__cause__ = error
    assert trouble_of(wrapped) is trouble


def test_request_waits_less_than_five_seconds(monkeypatch):
    found = {"default": {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"timeout": 20}}}
    found["other"] = {"ENGINE": "django.db.backends.postgresql"}

    class Connections(dict):
        settings = found

    monkeypatch.setattr(waiting, "connections", Connections(found))
    waiting.wait_briefly()
    assert found["default"]["OPTIONS"] == {"timeout": 4}
    assert found["other"]["OPTIONS"] == {"options": "-c lock_timeout=4000", "connect_timeout": 4}


def test_upload_on_a_full_disk_leaves_nothing_behind(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    storage = WholeFiles(location=tmp_path)
    with no_file_longer_than(1_000), pytest.raises(OSError, match="too large") as caught:
        storage.save("documents/scan.pdf", ContentFile(b"x" * 5_000))
    assert trouble_of(caught.value) is Trouble.FULL
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    kept = storage.save("documents/scan.pdf", ContentFile(b"whole"))
    with no_file_longer_than(3), pytest.raises(OSError, match="too large"):
        storage.save("documents/scan.pdf", ContentFile(b"another"))
    assert (tmp_path / kept).read_bytes() == b"whole"
    assert isinstance(default_storage._wrapped, WholeFiles)


def test_ready_writes_and_looks_at_the_space(visitor, settings, tmp_path, shared_cache, monkeypatch):
    monkeypatch.setattr(health, "_search", lambda: "ok")
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path

    def parts():
        health._writes.cache_clear()
        health._look.cache_clear()
        response = visitor.get("/readyz")
        return response.status_code, response.json()["parts"]

    settings.MIN_FREE_MB = 0
    with full_disk():
        status, found = parts()
    assert (status, found["database"]) == (503, "storage_full")
    with locked_database():
        status, found = parts()
    assert (status, found["database"]) == (503, "storage_busy")
    status, found = parts()
    assert (status, found["database"], found["disk"]) == (200, "ok", "ok")
    with no_file_longer_than(1_000):
        assert "media: storage_full" in disk()
    settings.MIN_FREE_MB = 10**9
    status, found = parts()
    assert status == 503
    assert re.search(r"media: \d+ MB", found["disk"])
    assert str(tmp_path) not in found["disk"]


@pytest.mark.parametrize("is_open", [True, False])
@pytest.mark.parametrize("damage", ["overwritten", "cut", "one byte"])
def test_damaged_index_never_says_there_is_nothing(db, settings, tmp_path, visitor, damage, is_open):
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    FaultArticleFactory(title="压缩机不启动", audience="public")
    writer.rebuild_all()
    whole = visitor.get("/api/v1/search", {"q": "压缩机启动"}).json()
    assert whole["total"] == 1
    if not is_open:
        DocumentIndex().engine.close()
    (path,) = (tmp_path / "documents").rglob("*.pst")
    content = path.read_bytes()
    half = len(content) // 2
    path.write_bytes(
        {
            "overwritten": b"\xa5" * len(content),
            "cut": content[:half],
            "one byte": content[:half] + bytes([content[half] ^ 1]) + content[half + 1 :],
        }[damage]
    )
    for address in ("search", "suggest"):
        response = visitor.get(f"/api/v1/{address}", {"q": "压缩机启动"})
        assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
        assert response.json()["code"] == "search_unavailable"
    page = visitor.get("/search/", {"q": "压缩机启动"})
    assert page.status_code == 503
    assert "alert--warning" in page.content.decode()
    assert DocumentIndex().engine.health().state is HealthState.DAMAGED
    writer.rebuild_all()
    assert visitor.get("/api/v1/search", {"q": "压缩机启动"}).json()["total"] == 1
    DocumentIndex().engine.close()


def test_failed_rebuild_cleans_up_and_leaves_the_old_index(db, settings, tmp_path, visitor):
    settings.SEARCH_URL = f"whoosh://{tmp_path}"
    FaultArticleFactory(title="压缩机不启动", audience="public")
    writer.rebuild_all()
    before = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*"))
    with no_file_longer_than(200), pytest.raises(OSError, match="File too large"):
        writer.rebuild_all()
    assert sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*")) == before
    assert visitor.get("/api/v1/search", {"q": "压缩机"}).json()["total"] == 1
    writer.rebuild_all()
    assert visitor.get("/api/v1/search", {"q": "压缩机"}).json()["total"] == 1
    DocumentIndex().engine.close()


def test_guess_is_still_counted(person, visitor):
    for _ in range(5):
        sign_in(visitor, "wrong-password")
    assert sign_in(visitor).status_code == 429
    assert AuditEvent.objects.filter(action="portal.sign_in_blocked").exists()
