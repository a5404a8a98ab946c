"""The peer's own suite for search backends, run against ours."""

import shutil
import sys
import tempfile
from pathlib import Path
from unittest import mock

import wagtail.search.models
from django.core.management import get_commands
from django.test import TestCase, override_settings
from modelsearch.index import get_indexed_models

# The suite imports its index model from an app Wagtail replaces by its own `wagtail.search`.
sys.modules.setdefault("modelsearch.models", wagtail.search.models)

from modelsearch.tests.test_backends import BackendTests  # noqa: E402

from portal.search.engine.registry import close_engines  # noqa: E402
from tests.portal.search.opensearch_server import opensearch_server  # noqa: E402

REBUILD = "modelsearch.management.commands.rebuild_modelsearch_index"
BACKENDS = {"default": {"BACKEND": "portal.search.backend", "INDEX": "suite", "AUTO_UPDATE": False}}


def peer_models() -> list[type]:
    """Return the indexed models of the suite."""
    return [model for model in get_indexed_models() if model._meta.app_label == "searchtests"]


@override_settings(
    MODELSEARCH_BACKENDS=BACKENDS,
    WAGTAILSEARCH_BACKENDS=BACKENDS,
    FIXTURE_DIRS=[Path(__file__).parents[1] / "fixtures"],
)
class TestWhooshBackend(BackendTests, TestCase):
    """Every test of `BackendTests` on the embedded engine."""

    backend_path = "portal.search.backend"
    engine = "whoosh"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.enterClassContext(override_settings(SEARCH_URL=cls.make_search_url()))
        cls.addClassCleanup(close_engines)
        # The suite rebuilds every index before each test; those of the portal's own models do not concern it.
        cls.enterClassContext(mock.patch(f"{REBUILD}.get_indexed_models", peer_models))
        # Wagtail offers the rebuild under another name and does not install the app it comes from.
        get_commands()["rebuild_modelsearch_index"] = "modelsearch"
        cls.addClassCleanup(get_commands().pop, "rebuild_modelsearch_index")

    @classmethod
    def make_search_url(cls) -> str:
        """Return an address with nothing behind it yet."""
        # Every test rebuilds every index and syncs it; where there is a disk in memory, that costs nothing.
        memory = Path("/dev/shm")
        directory = tempfile.mkdtemp(prefix="dutyready-search-", dir=memory if memory.is_dir() else None)
        cls.addClassCleanup(shutil.rmtree, directory)
        return f"{cls.engine}://{directory}"

    def test_reset_indexes(self):
        """After a reset nothing is found."""
        from modelsearch.test.testapp.models import Book

        self.backend.reset_indexes()
        assert self.backend.search("JavaScript", Book).count() == 0


class TestTantivyBackend(TestWhooshBackend):
    """The same on the engine for larger indexes."""

    engine = "tantivy"


class TestOpenSearchBackend(TestWhooshBackend):
    """The same on the imitation of a cluster."""

    @classmethod
    def make_search_url(cls) -> str:
        """Return the address of an imitation."""
        url, _ = cls.enterClassContext(opensearch_server())
        return url


def test_suite_is_whole():
    """All of the peer's tests are run: none renamed away, none skipped."""
    names = [name for name in dir(BackendTests) if name.startswith("test_")]
    assert len(names) == 120
    for backend in (TestWhooshBackend, TestTantivyBackend, TestOpenSearchBackend):
        assert not any(name in vars(backend) for name in names)
