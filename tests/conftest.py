"""What every test stands on: a migrated database copied from a template, and people to be."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

from portal.exchange.page_store import pages

ROOT = Path(__file__).resolve().parent.parent

# Nothing is judged by how fast a machine is: a busy one would turn properties red that hold.
property_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("house")


def _migrations_key() -> str:
    """Name of the state the migrations lead to: theirs, and the installed Wagtail's and Django's."""
    import django
    import wagtail

    digest = hashlib.sha256(f"{django.VERSION}{wagtail.VERSION}".encode())
    for app in ("portal", "kb", "courses", "certification"):
        for path in sorted((ROOT / app / "migrations").glob("0*.py")):
            digest.update(path.read_bytes())
        digest.update((ROOT / app / "registrations.py").read_bytes())
    return digest.hexdigest()[:16]


def _template() -> Path:
    return Path(settings.VAR_DIR) / f"template-{_migrations_key()}.sqlite3"


def pytest_configure(config: pytest.Config) -> None:
    """Migrate once, before the workers start: half a minute of CPU that no worker and no second run repeats."""
    is_worker = hasattr(config, "workerinput")
    if is_worker or os.environ.get("DATABASE_URL") or config.getoption("collectonly", False):
        return
    template = _template()
    if template.exists():
        return
    for old in template.parent.glob("template-*.sqlite3"):
        old.unlink()
    # Of this run alone: another one in the same checkout may be making it too.
    making = template.with_suffix(f".{os.getpid()}.making")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0", "--skip-checks", "--run-syncdb"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{making}", "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
    )
    with sqlite3.connect(making) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    making.rename(template)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The copied template is the test database; nothing is to be created."""
    return not os.environ.get("DATABASE_URL")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Give each worker its own copy of the template."""
    if os.environ.get("DATABASE_URL"):
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    mine = Path(settings.VAR_DIR) / f"test-{worker}.sqlite3"
    for leftover in mine.parent.glob(f"{mine.name}*"):
        leftover.unlink()
    shutil.copy(_template(), mine)
    settings.DATABASES["default"]["TEST"]["NAME"] = str(mine)


@pytest.fixture(scope="session", autouse=True)
def _own_search_index(tmp_path_factory) -> Iterator[None]:
    """Each worker searches an index of its own, empty at first: without any, every search is a 503."""
    from portal.search.engine.registry import close_engines
    from portal.search.results.service import document_engine

    settings.SEARCH_URL = f"whoosh://{tmp_path_factory.mktemp('search')}"
    document_engine().rebuild([])
    yield
    close_engines()


@pytest.fixture(autouse=True, scope="session")
def _evidence_may_be_flushed():
    """Let Django empty the database after a transactional test; the flush's post_migrate puts the triggers back."""
    from django.db import connection
    from django.test import TransactionTestCase

    from portal.operations.immutability import release

    emptied = TransactionTestCase._fixture_teardown

    def teardown(self: TransactionTestCase) -> None:
        release(connection)
        emptied(self)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = emptied


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    for name in ("default", "local"):
        caches[name].clear()
    pages.clear()


@pytest.fixture
def client_of(db):
    """Return a function giving a test client signed in as a person (or nobody)."""

    def make(person=None, **kwargs) -> Client:
        client = Client(**kwargs)
        if person is not None:
            client.force_login(person)
        return client

    return make
