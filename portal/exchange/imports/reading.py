"""Read an uploaded file or pasted cells as tables, apart from this process (``reader``), with limits."""

import json
import os
import subprocess
import sys
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.errors import DomainError
from portal.exchange.imports.grid import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Line, Sheet

#: Seconds that reading one file may take.
MAX_SECONDS = 90
# -P: the current directory stays off the path, whose modules would hide those of the same name.
_COMMAND = [sys.executable, "-P", "-m", f"{__package__}.reader"]

# What these names promise is an archive (ECMA-376, part 2), or, protected by a password, one inside an older container.
_OFFICE_ENDINGS = (".xlsx", ".xlsm", ".docx")
_OFFICE_STARTS = (b"PK", b"\xd0\xcf\x11\xe0")

REFUSALS = {
    "unreadable": _("The file could not be read. Save it as .xlsx, .docx or CSV and try again; nothing was imported."),
    "not_office": _(
        "This is no workbook or document, though its name says so. Open it in Excel, WPS or Word, save it as .xlsx or "
        ".docx and try again; nothing was imported."
    ),
    "old_format": _("This is the format of Excel 97–2003. Save the file as .xlsx and try again; nothing was imported."),
    "encrypted": _("The file asks for a password. Save it without one and try again; nothing was imported."),
    "macros": _("The file carries macros. Save it as .xlsx or .docx without them and try again; nothing was imported."),
    "too_large": _(
        "The file is too large (%(what)s): at most %(rows)d rows and %(megabytes)d MB unpacked. "
        "Split it and import the parts; nothing was imported."
    ),
    "too_wide": _(
        "The table has %(what)s columns, at most %(columns)d are read. Delete empty ones; nothing was imported."
    ),
    "empty": _("There is nothing in it. Nothing was imported."),
}
FAULTS = {
    "formula": _("a formula without a value: open the file in Excel or WPS, save it, and try again"),
    "error_value": _("an error of the spreadsheet instead of a value"),
    "rounded": _("a number cut to a power of ten: format the column as text and type it again"),
    "inexact": _(
        "more digits than a spreadsheet keeps, the last ones are lost: format the column as text and type it again"
    ),
}


class UnreadableImport(DomainError):
    """The file as a whole is refused; ``params["reason"]`` is one of :data:`REFUSALS`."""

    code = "unreadable_import"
    status = 422

    def __init__(self, reason: str, what: str = "") -> None:
        facts = {"rows": MAX_ROWS, "columns": MAX_COLUMNS, "megabytes": MAX_BYTES // 1024 // 1024}
        super().__init__(REFUSALS.get(reason, REFUSALS["unreadable"]), reason=reason, what=what or "—", **facts)


def fault_text(code: str) -> str:
    """Return what is wrong with a cell, for people."""
    return str(FAULTS[code]) if code in FAULTS else gettext("cannot be read")


def check_named(content: bytes, name: str) -> None:
    """See that a file named like a workbook or a document is one, and no text read as a table without columns.

    Raises:
        UnreadableImport: it is something else.
    """
    if name.lower().endswith(_OFFICE_ENDINGS) and content.strip() and not content.startswith(_OFFICE_STARTS):
        raise UnreadableImport("not_office")


def read_tables(content: bytes, name: str = "") -> list[Sheet]:
    """Return the tables of a file or of pasted cells: sheets, tables of a document, or one of a text.

    Args:
        name: of the file; none for pasted cells.

    Raises:
        UnreadableImport: with the reason.
    """
    check_named(content, name)
    sheets = [
        Sheet(
            each["name"],
            [
                Line(line["number"], line["cells"], {int(place): code for place, code in line["faults"].items()})
                for line in each["lines"]
            ],
        )
        for each in _answers("table", content)
    ]
    if not sheets:
        raise UnreadableImport("empty")
    return sheets


def read_plain_text(content: bytes) -> str:
    """Return the text of a document outside its tables, or of a text file; nothing for a workbook.

    Raises:
        UnreadableImport: with the reason.
    """
    return "\n".join(_answers("text", content))


def _answers(what: str, content: bytes) -> list[Any]:
    if len(content) > MAX_BYTES:
        raise UnreadableImport("too_large", f"{len(content) // 1024 // 1024} MB")
    if not content.strip():
        raise UnreadableImport("empty")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603
            [*_COMMAND, what], env=environment, input=content, capture_output=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableImport("too_large") from error
    if done.returncode:
        # Killed by its own limits of time or memory.
        raise UnreadableImport("too_large")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in answers:
        if isinstance(answer, dict) and "refused" in answer:
            raise UnreadableImport(answer["refused"], answer["what"])
    return answers
