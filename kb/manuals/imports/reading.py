"""Read an uploaded document in the sandbox and keep what was read, whole or not at all."""

import json
from pathlib import PurePath
from typing import Any

from kb.enums import ImportState
from kb.models import ManualImport
from portal.content.sandbox import run_apart

#: Endings of documents that can be brought in.
READABLE = (".docx", ".htm", ".html", ".markdown", ".md")
MAX_SECONDS = 90.0
_MODULE = "kb.manuals.imports.reader"


def read_import(pk: int) -> bool:
    """Read a document that waits; return whether it could be read. Nothing is kept before all of it was read."""
    record = ManualImport.objects.filter(pk=pk, state=ImportState.QUEUED).first()
    if record is None:
        return False
    outcome = _read(record)
    state = ImportState.REFUSED if "refused" in outcome else ImportState.READ
    # Only one that still waits: whoever was faster, or accepted it, is right.
    ManualImport.objects.filter(pk=pk, state=ImportState.QUEUED).update(state=state, outcome=outcome)
    return state == ImportState.READ


def _read(record: ManualImport) -> dict[str, Any]:
    with record.file.open("rb") as content:
        ending = PurePath(record.file_name).suffix.lower()
        code, output, complaint = run_apart(_MODULE, [ending], content.file, max_seconds=MAX_SECONDS)
    try:
        found: dict[str, Any] = json.loads(output)
    except ValueError:
        # Killed by its limits, before it could say anything.
        last = complaint.splitlines()[-1:] or [""]
        return {"refused": "too_large" if code < 0 else "broken", "detail": last[0][:200]}
    return found
