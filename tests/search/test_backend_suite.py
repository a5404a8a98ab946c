"""The peer's own suite for search backends, run against ours."""

import sys
from pathlib import Path

import wagtail.search.models
from django.conf import settings
from django.core.management import get_commands
from django.test import TestCase, override_settings

# The suite imports its index model from an app Wagtail replaces by its own `wagtail.search`.
sys.modules.setdefault("modelsearch.models", wagtail.search.models)

from modelsearch.tests.test_backends import BackendTests  # noqa: E402

BACKENDS = {"default": {"BACKEND": "portal.search.backend", "INDEX": "suite", "AUTO_UPDATE": False}}


@override_settings(
    MODELSEARCH_BACKENDS=BACKENDS,
    WAGTAILSEARCH_BACKENDS=BACKENDS,
    FIXTURE_DIRS=[Path(__file__).parent / "fixtures"],
)
class TestEngineBackend(BackendTests, TestCase):
    """Every test of `BackendTests`; `settings.SEARCH_URL` says on which engine."""

    backend_path = "portal.search.backend"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Wagtail offers the rebuild under another name and does not install the app it comes from.
        get_commands()["rebuild_modelsearch_index"] = "modelsearch"
        cls.addClassCleanup(get_commands().pop, "rebuild_modelsearch_index")

    def test_reset_indexes(self):
        """After a reset nothing is found."""
        from modelsearch.test.testapp.models import Book

        self.backend.reset_indexes()
        assert self.backend.search("JavaScript", Book).count() == 0


def test_suite_is_whole():
    """All of the peer's tests are run: none renamed away, none skipped."""
    names = [name for name in dir(BackendTests) if name.startswith("test_")]
    assert len(names) == 120
    assert settings.SEARCH_URL.startswith(("whoosh://", "tantivy://"))
