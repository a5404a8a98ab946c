"""Read .xlsx workbooks as sheets of text: merged cells, formulas without values, macros, sizes. No Django here."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from portal.exchange.imports import cells
from portal.exchange.imports.grid import (
    MAX_BYTES,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_MERGES,
    MAX_ROWS,
    MAX_SHEETS,
    Line,
    Refused,
    Sheet,
)

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:$]+)"')
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"'](\d{1,9})")
#: The last row a sheet of Excel has; a file may name any.
_LAST_ROW = 1_048_576
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def check_archive(content: bytes) -> zipfile.ZipFile:
    """Return the archive of an office file.

    Raises:
        Refused: it unpacks to too much, holds macros or is damaged.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise Refused("unreadable") from error
    entries = archive.infolist()
    if sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise Refused("too_large", f"{sum(entry.file_size for entry in entries) // 1024 // 1024} MB")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    if any(posixpath.basename(entry.filename).lower().startswith("vbaproject") for entry in entries):
        raise Refused("macros")
    return archive


def read_workbook(content: bytes) -> list[Sheet]:
    """Return every sheet that is not empty, hidden ones left out.

    Raises:
        Refused: the workbook as a whole cannot be taken.
    """
    archive = check_archive(content)
    parts = _parts(archive)
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    if len(values.sheetnames) > MAX_SHEETS:
        raise Refused("too_large", f"{len(values.sheetnames)} sheets")
    found = []
    formulas = None
    for sheet in values.worksheets:
        raw = archive.read(parts[sheet.title]) if sheet.title in parts else b""
        _check_rows(raw)
        if sheet.sheet_state != "visible":
            continue
        if _FORMULA.search(raw) and formulas is None:
            formulas = load_workbook(io.BytesIO(content), read_only=True)
        written = formulas[sheet.title] if formulas is not None and _FORMULA.search(raw) else None
        read = Sheet(sheet.title, list(_lines(sheet, written)))
        _fill_merged(read, [ref.decode() for ref in _MERGE.findall(raw)])
        if read.lines:
            found.append(read)
    return found


def _check_rows(raw: bytes) -> None:
    """Count the rows before any is read, and see how far down the last one stands: the reader counts the gap too.

    Raises:
        Refused: there are more than are taken, or one stands where a sheet has none.
    """
    count = len(_ROW.findall(raw))
    if count > MAX_ROWS:
        raise Refused("too_large", f"{count}")
    last = max((int(number) for number in _ROW_NUMBER.findall(raw)), default=0)
    if last > _LAST_ROW:
        raise Refused("too_large", f"{last}")


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the archive's part of each sheet by its name."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    found = {}
    for sheet in book.iterfind(".//{*}sheet"):
        target = targets.get(sheet.get(_RELATION)) or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if path in names:
            found[sheet.get("name", "")] = path
    return found


def _lines(sheet: Any, written: Any) -> Iterator[Line]:
    # What the file says of its own size is not to be trusted; the reader then counts for itself.
    sheet.reset_dimensions()
    beside: Any = ()
    if written is not None:
        written.reset_dimensions()
        beside = written.iter_rows()
    count = 0
    for number, (row, formulas) in enumerate(zip_longest(sheet.iter_rows(), beside, fillvalue=()), start=1):
        if not row and not formulas:
            # One of a gap, of which there may be a million.
            continue
        line = _line(number, row, formulas)
        if not any(line.cells) and not line.faults:
            continue
        count += 1
        if count > MAX_ROWS:
            raise Refused("too_large", str(count))
        yield line


def _line(number: int, row: Any, formulas: Any) -> Line:
    line = Line(number, [])
    for place, cell in enumerate(row):
        text, fault = cells.of_value(cell.value, getattr(cell, "number_format", "") or "")
        if place < len(formulas) and cell.value is None and formulas[place].data_type == "f":
            text, fault = "", "formula"
        line.cells.append(text[:MAX_CELL])
        if fault:
            line.faults[place] = fault
    while line.cells and not line.cells[-1] and len(line.cells) - 1 not in line.faults:
        line.cells.pop()
    if len(line.cells) > MAX_COLUMNS:
        raise Refused("too_wide", str(len(line.cells)))
    return line


def _fill_merged(sheet: Sheet, refs: list[str]) -> None:
    """Give every row of cells merged downwards the value of the first: a group is said once and holds for each row."""
    if len(refs) > MAX_MERGES:
        raise Refused("too_large", f"{len(refs)}")
    by_number = {line.number: line for line in sheet.lines}
    for ref in refs:
        left, top, _right, bottom = range_boundaries(ref.replace("$", ""))
        first = by_number.get(top)
        if first is None or bottom == top or left > len(first.cells):
            continue
        for number in range(top + 1, min(bottom, top + MAX_ROWS) + 1):
            line = by_number.get(number)
            if line is None:
                continue
            line.cells += [""] * (left - len(line.cells))
            line.cells[left - 1] = first.cells[left - 1]
