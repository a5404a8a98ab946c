"""Write tables as .xlsx (openpyxl) or CSV: the one writer of every export.

Cells are what people read: labels instead of codes, yes and no, names. In .xlsx days, moments and numbers are real and
text is text, whatever it begins with; in CSV, which Excel and WPS open as if typed, text that would be run as a formula
gets an apostrophe. Moments are of the organisation's zone, which the heading of their column names.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from django.db.models import Choices, Manager
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from portal.exchange.downloads import content_disposition, file_name
from portal.exchange.spreadsheets import runs_as_formula

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
FORMATS = {"xlsx": XLSX_TYPE, "csv": CSV_TYPE}

DAY, MOMENT, TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm"
# Rows looked at before the first is written: for widths, and to see which columns hold moments.
LOOKED_AT = 1_000
CELL_LENGTH = 32_767
WIDEST = 50
# The soft colours of the states on screen (static/css/tokens.css); the words of a cell say the state too.
TONES = {"green": "E2F3E8", "amber": "FDF0CF", "red": "FDE9E6", "grey": "E9EDEE"}
# What XML cannot hold, and what no cell needs.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Toned:
    """A value whose cell has the colour of a state, as on screen: one of :data:`TONES`, or none."""

    value: Any
    tone: str = ""

    def __str__(self) -> str:
        return str(self.value)


@dataclass
class Table:
    """A table to be written.

    Args:
        title: what it lists; also the name of the sheet.
        columns: their headings.
        rows: values by column, as they are: choices, moments, records, True and False; :class:`Toned` with a colour.
        legend: what the colours mean, tone and words; on a sheet of its own in a workbook.
    """

    title: str
    columns: Sequence[Any]
    rows: Iterable[Sequence[Any]]
    legend: Sequence[tuple[str, Any]] = ()

    def looked_at(self) -> tuple[list[str], list[list[Any]], Iterator[list[Any]]]:
        """Return the headings, the first rows and the rest, as cells."""
        rows = ([cell_of(value) for value in row] for row in self.rows)
        first = list(islice(rows, LOOKED_AT))
        return [_heading(str(title), (row[at] for row in first)) for at, title in enumerate(self.columns)], first, rows


def _heading(title: str, cells: Iterable[Any]) -> str:
    """Return the heading, with the zone where the column holds moments."""
    if any(isinstance(bare(cell), dt.datetime) for cell in cells):
        return f"{title}（{timezone.get_default_timezone_name()}）"
    return title


def cell_of(value: Any) -> Any:
    """Return a value as a cell: a number, a day, a moment without zone, a time, or text as people read it."""
    if isinstance(value, Toned):
        return Toned(cell_of(value.value), value.tone)
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Choices):
        return str(value.label)
    if isinstance(value, dt.datetime):
        if timezone.is_aware(value):
            value = timezone.make_naive(value, timezone.get_default_timezone())
        return value.replace(microsecond=0)
    if isinstance(value, (int, float, Decimal, dt.date, dt.time)):
        return value
    if isinstance(value, Manager):
        value = list(value.all())
    if isinstance(value, (list, tuple, set, frozenset)):
        return _(", ").join(str(cell_of(each)) for each in value)
    return UNWRITABLE.sub("", str(value))[:CELL_LENGTH]


def bare(cell: Any) -> Any:
    """Return a cell without its colour."""
    return cell.value if isinstance(cell, Toned) else cell


def defused(cell: Any) -> Any:
    """Return a cell for CSV: text that a spreadsheet program would run gets an apostrophe, numbers stay."""
    return f"'{cell}" if isinstance(cell, str) and runs_as_formula(cell) else cell


def write_csv(table: Table) -> bytes:
    """Return the table as CSV in UTF-8 with a byte order mark, by which Excel knows it."""
    headings, first, rest = table.looked_at()
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([defused(heading) for heading in headings])
    writer.writerows([defused(_written(bare(cell))) for cell in row] for row in chain(first, rest))
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Any) -> Any:
    """Return days and moments in ISO form, with a space instead of T."""
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, (dt.date, dt.time)) else cell


def write_xlsx(table: Table) -> bytes:
    """Return the table as a workbook of one sheet, its header frozen, and one with the legend where there is one."""
    headings, first, rest = table.looked_at()
    book = Workbook(write_only=True)
    name = "".join(character for character in str(table.title) if character not in "[]:*?/\\")[:31]
    sheet = book.create_sheet(name or "Sheet")
    for place, heading in enumerate(headings):
        widest = max([_width(heading), *(_width(str(row[place])) for row in first)])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(widest + 2, WIDEST)
    sheet.freeze_panes = "A2"
    sheet.append([_header_cell(sheet, heading) for heading in headings])
    for row in chain(first, rest):
        sheet.append([_cell(sheet, value) for value in row])
    if table.legend:
        _write_legend(book, table.legend)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_legend(book: Workbook, legend: Sequence[tuple[str, Any]]) -> None:
    """Say on a second sheet what the colours mean."""
    sheet = book.create_sheet(_("Legend"))
    sheet.column_dimensions["A"].width = min(max(_width(str(words)) for _tone, words in legend) + 2, WIDEST)
    sheet.append([_header_cell(sheet, _("Legend"))])
    for tone, words in legend:
        sheet.append([_cell(sheet, Toned(cell_of(words), tone))])


def _header_cell(sheet: Any, heading: str) -> WriteOnlyCell:
    cell = _cell(sheet, heading)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="E6EEF0")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    tone, value = getattr(value, "tone", ""), bare(value)
    cell = WriteOnlyCell(sheet, value)
    if tone:
        cell.fill = PatternFill("solid", fgColor=TONES[tone])
    if isinstance(value, str):
        # Typed as text: never a formula, an error value or a number.
        cell.data_type = "s"
        if "\n" in value:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        if runs_as_formula(value):
            cell.quotePrefix = True
    elif isinstance(value, dt.datetime):
        cell.number_format = MOMENT
    elif isinstance(value, dt.date):
        cell.number_format = DAY
    elif isinstance(value, dt.time):
        cell.number_format = TIME
    return cell


def _width(text: str) -> int:
    """Width of the longest line in Latin characters; a Chinese one counts twice."""
    lines = text.splitlines() or [""]
    return max(sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line) for line in lines)


def export_asked(given: Mapping[str, Any], *offered: str) -> str:
    """Return the format a page is asked for as a file; empty for the page itself, also where it offers no such file.

    Args:
        given: what the page was asked with, or what was posted to it.
        offered: the formats the page has buttons for; all of ``FORMATS`` when left out.
    """
    wanted = str(given.get("export", ""))
    return wanted if wanted in (offered or FORMATS) else ""


def export_response(table: Table, spreadsheet_format: str, filename: str = "") -> HttpResponse:
    """Return the table as a file to save.

    Args:
        spreadsheet_format: ``xlsx`` or ``csv``.
        filename: without extension, may be Chinese; the table's title if left out.
    """
    content = write_csv(table) if spreadsheet_format == "csv" else write_xlsx(table)
    response = HttpResponse(content, content_type=FORMATS[spreadsheet_format])
    name = file_name(filename or table.title, extension=spreadsheet_format)
    response["Content-Disposition"] = content_disposition(name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
