"""Tables of a copy of somebody's file: in the JSON as they are kept, on paper as people read them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _

Cells = Sequence[tuple[str, str | Promise]]
# Columns of a table in type of the usual size.
WIDE = 6
# Characters of what stays on one line: names and results, which would stand upright beside a long column.
SHORT = 4


@dataclass(frozen=True)
class Section:
    """One kind of record in a copy.

    Args:
        columns: where a value is read, which is its name in the JSON, with its heading on paper.
    """

    key: str
    title: str | Promise
    rows: QuerySet[Any]
    columns: Cells

    @property
    def values(self) -> list[dict[str, Any]]:
        """The rows by name of the columns."""
        names = [path for path, _heading in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows.values_list(*names)]

    def written(self, row: dict[str, Any]) -> list[str]:
        """Write a row as people read it: words on screen for what is kept as a code."""
        return [
            _shown(self._words[name].get(value, value) if name in self._words else value) for name, value in row.items()
        ]

    def on_paper(self, rows: Sequence[dict[str, Any]]) -> "Printed":
        """Return the table of the paper: columns that say nothing of any row take no room from the others."""
        said = [(path, heading) for path, heading in self.columns if any(_says(row[path]) for row in rows)]
        shown = [{path: row[path] for path, _heading in said} for row in rows]
        cells = [
            [_cell(text, kept) for text, kept in zip(self.written(row), row.values(), strict=True)] for row in shown
        ]
        return Printed(self.title, [_cell(str(heading)) for _path, heading in said], cells)

    @cached_property
    def _words(self) -> dict[str, dict[Any, Any]]:
        """The words of codes by column."""
        fields = {field.name: field for field in self.rows.model._meta.concrete_fields}
        chosen = {path: fields[path].choices for path, _heading in self.columns if path in fields}
        return {path: dict(choices) for path, choices in chosen.items() if choices}


@dataclass(frozen=True)
class Cell:
    """A value on paper.

    Args:
        is_whole: it is a day or a moment, broken before the time of day and nowhere else, or a word or name too short
            to be broken at all.
    """

    text: str
    is_whole: bool = False

    @property
    def pieces(self) -> list[str]:
        """The text of what is whole, a moment in two."""
        day, blank, time = self.text.rpartition(" ")
        return [day, time] if blank and ":" in time else [self.text]


@dataclass(frozen=True)
class Printed:
    """A section on paper."""

    title: str | Promise
    headings: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]

    @property
    def is_wide(self) -> bool:
        """Whether there are so many columns that they need smaller type."""
        return len(self.headings) > WIDE


def _cell(text: str, kept: Any = None) -> Cell:
    return Cell(text, isinstance(kept, dt.date) or len(text) <= SHORT)


def _says(value: Any) -> bool:
    return value not in (None, "", [])


def _shown(value: Any) -> str:
    """Write a value of a record as people read it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, dt.date):
        return formats.date_format(value, "DATE_FORMAT")
    if isinstance(value, list):
        return "；".join(f"{'✓' if row.get('is_shown') else '✗'} {row.get('text', '')}" for row in value)
    return str(value)
