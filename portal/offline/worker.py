"""The service worker as it is served: its script with the version and the addresses it needs written before it."""

import hashlib
import json
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

FOLDER = Path(settings.BASE_DIR) / "static"
SCRIPT = FOLDER / "js" / "offline" / "worker.js"
_REMARK = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*$", re.DOTALL | re.MULTILINE)
#: What pages need to stand: another version of one of these is another version of the worker.
FRAME = ("css", "js", "img", "vendor")


def worker_script(page: str) -> str:
    """Return the script; ``page`` is the address of the page shown when nothing else can be.

    A browser installs a worker anew when a byte of it differs, and then drops what older versions kept.
    """
    facts = {"version": version(), "store": static("js/offline/store.js"), "page": page}
    return f"const PORTAL = {json.dumps(facts)};\n{_without_remarks(SCRIPT.read_text(encoding='utf-8'))}"


def _without_remarks(script: str) -> str:
    """Return a script without the comments that stand on lines of their own and without indentation."""
    lines = _REMARK.sub("", script).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip()) + "\n"


def version() -> str:
    """Return the version of everything that stands in ``static/``; read once where files do not change."""
    return _sum_of_files() if settings.DEBUG else _kept_sum()


@lru_cache(maxsize=1)
def _kept_sum() -> str:
    return _sum_of_files()


def _sum_of_files() -> str:
    found = hashlib.sha256()
    for part in FRAME:
        for path in sorted((FOLDER / part).rglob("*")):
            if path.is_file():
                found.update(str(path.relative_to(FOLDER)).encode())
                found.update(path.read_bytes())
    return found.hexdigest()[:12]
