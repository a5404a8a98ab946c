"""Settings of the test run: the portal's own, with what makes tests fast and deterministic."""

import os
from pathlib import Path

# A run keeps its own state unless told otherwise; see tests/conftest.py for the database template.
os.environ.setdefault("VAR_DIR", str(Path(__file__).resolve().parent.parent / "var" / "test"))
os.environ.setdefault("TASKS_BACKEND", "immediate")
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("LOG_LEVEL", "ERROR")

from portal.settings import *
from portal.settings import INSTALLED_APPS, STORAGES, VAR_DIR
from tests.catalogues import compile_catalogues

# Before Django reads them for the first time.
compile_catalogues()

INSTALLED_APPS = [*INSTALLED_APPS, "modelsearch.test.testapp"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if "CACHE_URL" not in os.environ:
    CACHES = {
        name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
        for name in ("default", "local")
    }
ANONYMOUS_PAGE_CACHE_SECONDS = 0
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
MEDIA_ROOT = VAR_DIR / "media"
# The peer's test models; their own migrations belong to an app we do not install.
MIGRATION_MODULES = {"searchtests": None}
# WhiteNoise warns of a folder that is not there, and warnings are errors.
(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)
