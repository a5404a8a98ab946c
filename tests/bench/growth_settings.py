"""Settings of the growth measurements: the portal's own, without what a served portal adds (collected files, logs)."""

import os

os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("TASKS_BACKEND", "database")

from portal.settings import *
from portal.settings import STORAGES, VAR_DIR

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
ANONYMOUS_PAGE_CACHE_SECONDS = 0
(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)
