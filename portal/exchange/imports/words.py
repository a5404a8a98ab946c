"""Read the tables of .docx documents as sheets of text. No Django here."""

import io
from typing import Any

from docx import Document

from portal.exchange.imports import cells
from portal.exchange.imports.grid import MAX_CELL, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Line, Refused, Sheet
from portal.exchange.imports.workbooks import check_archive


def read_document(content: bytes) -> list[Sheet]:
    """Return every table of a document, named by its number; a cell merged downwards says the same in each row.

    Raises:
        Refused: no document, macros, or too large.
    """
    check_archive(content)
    document = Document(io.BytesIO(content))
    found: list[Sheet] = []
    for number, table in enumerate(document.tables[:MAX_SHEETS], start=1):
        sheet = Sheet(f"#{number}")
        for at, row in enumerate(table.rows, start=1):
            line = _line(at, row)
            if any(line.cells):
                sheet.lines.append(line)
            if at > MAX_ROWS:
                raise Refused("too_large", str(at))
        if sheet.lines:
            found.append(sheet)
    return found


def paragraphs_of(content: bytes) -> str:
    """Return the text outside the tables, one paragraph a line.

    Raises:
        Refused: no document, macros, or too large.
    """
    check_archive(content)
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(content)).paragraphs)


def _line(number: int, row: Any) -> Line:
    line, before = Line(number, []), None
    for place, cell in enumerate(row.cells):
        # A cell that spans columns is met once a column.
        text, fault = cells.of_text("" if cell._tc is before else cell.text, is_typed=False)
        before = cell._tc
        line.cells.append(text[:MAX_CELL])
        if fault:
            line.faults[place] = fault
    if len(line.cells) > MAX_COLUMNS:
        raise Refused("too_wide", str(len(line.cells)))
    return line
