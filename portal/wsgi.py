"""WSGI entry point served by granian (see docs/operations.md for why WSGI and not ASGI)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# After the application: its apps are loaded now.
from portal.operations.waiting import wait_briefly  # noqa: E402
from portal.search.analytics.gathering import serve  # noqa: E402

serve()
wait_briefly()
