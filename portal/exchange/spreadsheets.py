"""Read .xlsx and CSV tables as rows with their Excel row number (openpyxl); ``exports`` writes them.

Uploaded workbooks are untrusted zip archives: their unpacked size is checked before anything is parsed, rows and
columns while they are read.
"""

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from portal.errors import DomainError

HEADER_WITHIN_ROWS = 20
# A cell that begins with one of these is run as a formula by Excel and WPS (CSV injection, OWASP).
FORMULA_STARTS = ("=", "+", "-", "@")
# Some programs drop these before they look.
BLANK_STARTS = ("\t", "\r", "\n")


class UnreadableTable(DomainError):
    """The file is no table the portal can read."""

    code = "unreadable_table"
    status = 422
    message = _("The file could not be read. Save it as .xlsx or as CSV in UTF-8 and try again; nothing was imported.")


class TableTooLarge(DomainError):
    """The file is larger than an import may be."""

    code = "table_too_large"
    status = 413
    message = _("The file is too large (%(what)s). Split it and import the parts; nothing was imported.")


class HeaderMissing(DomainError):
    """No row carries the needed column titles."""

    code = "header_missing"
    status = 422
    message = _("No row with the column titles %(columns)s was found in the first %(rows)d rows; nothing was imported.")


@dataclass(frozen=True)
class Limits:
    """How large a table may be. Sizes in bytes, unpacked."""

    size: int = 40 * 1024 * 1024
    rows: int = 20_000
    columns: int = 100


@dataclass(frozen=True)
class Row:
    """One row below the header.

    Args:
        number: the row as Excel counts it, from 1.
        values: text as written (outer spaces removed) by column key; a missing column is an empty text.
    """

    number: int
    values: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values[key]

    def normal(self, key: str) -> str:
        """Return the value with full-width letters, digits and brackets made plain."""
        return normal(self.values[key])


def normal(text: str) -> str:
    """Return ``text`` in NFKC with single spaces: （１２） and (12) are the same."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read_rows(
    source: BinaryIO | Path,
    columns: Mapping[str, Sequence[str]],
    *,
    required: Iterable[str] = (),
    limits: Limits = Limits(),
) -> list[Row]:
    """Read the first sheet of a workbook (or a CSV file) below its header; title rows above it are skipped.

    Args:
        source: an uploaded file or a path.
        columns: key → titles it may have in the file; letter case, spaces and full width do not matter.
        required: keys the header must have; all of ``columns`` when empty.

    Raises:
        UnreadableTable: neither .xlsx nor CSV, or damaged.
        TableTooLarge: beyond ``limits``.
        HeaderMissing: no row has the required titles.
    """
    content = source.read_bytes() if isinstance(source, Path) else source.read(limits.size + 1)
    if len(content) > limits.size:
        raise TableTooLarge(what=f"{len(content) // 1024 // 1024} MB")
    cells = _workbook(content, limits) if content[:2] == b"PK" else _csv(content, limits)
    needed = set(required) or set(columns)
    places: dict[str, int] | None = None
    rows = []
    for number, line in cells:
        if places is None:
            places = _header(line, columns, needed)
            if places is None and number >= HEADER_WITHIN_ROWS:
                break
        elif any(line):
            found = places
            rows.append(Row(number, {key: _at(line, found.get(key)) for key in columns}))
    if places is None:
        titles = "、".join(titles[0] for key, titles in columns.items() if key in needed)
        raise HeaderMissing(columns=titles, rows=HEADER_WITHIN_ROWS)
    return rows


def _at(line: Sequence[str], place: int | None) -> str:
    return line[place] if place is not None and place < len(line) else ""


def _header(line: Sequence[str], columns: Mapping[str, Sequence[str]], needed: set[str]) -> dict[str, int] | None:
    """Return column key → place if ``line`` is the header, else None."""
    titles = {_title(cell): place for place, cell in reversed(list(enumerate(line))) if cell}
    places = {key: titles[name] for key, names in columns.items() for name in map(_title, names) if name in titles}
    return places if needed <= places.keys() else None


def _title(text: str) -> str:
    return "".join(normal(text).casefold().split()).strip("*:")


def _workbook(content: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > limits.size:
            raise TableTooLarge(what=f"{unpacked // 1024 // 1024} MB")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError) as error:
        raise UnreadableTable from error
    # What the file says of its own size is not to be trusted; the reader then counts for itself.
    sheet.reset_dimensions()
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, _checked([_text(cell) for cell in cells], number, limits)
    finally:
        book.close()


def _csv(content: bytes, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    if b"\x00" in content[:4096] or content[:4] == b"\xd0\xcf\x11\xe0":
        raise UnreadableTable
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise UnreadableTable
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
            yield number, _checked([_undefused(cell.strip()) for cell in cells], number, limits)
    except csv.Error as error:
        raise UnreadableTable from error


def runs_as_formula(text: str) -> bool:
    """Whether text that a spreadsheet program takes as if typed may be run, whatever stands before it unseen.

    Input methods write ＝ and ＋, which some programs take for = and +.
    """
    first = next((each for each in text if not each.isspace() and unicodedata.category(each) not in ("Cc", "Cf")), "")
    return text.startswith(BLANK_STARTS) or unicodedata.normalize("NFKC", first).startswith(FORMULA_STARTS)


def _undefused(cell: str) -> str:
    """Return a cell without the apostrophe an export put before what would be run as a formula."""
    return cell[1:] if cell[:1] == "'" and runs_as_formula(cell[1:]) else cell


def _checked(line: list[str], number: int, limits: Limits) -> list[str]:
    while line and not line[-1]:
        line.pop()
    if len(line) > limits.columns:
        raise TableTooLarge(what=_("%(count)d columns") % {"count": len(line)})
    if number > limits.rows:
        raise TableTooLarge(what=_("more than %(count)d rows") % {"count": limits.rows})
    return line


def _text(value: Any) -> str:
    """Return a cell as a person reads it: whole numbers without .0, days in ISO form."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
