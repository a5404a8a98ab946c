"""Recognise the header of a table by the usual names of its columns; rows below it by column key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from portal.exchange.imports.grid import Line, Sheet
from portal.exchange.spreadsheets import normal
from portal.registry.imports import Column, TableRow

HEADER_WITHIN_ROWS = 20
_BESIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


@dataclass(frozen=True)
class Chosen:
    """Where the columns stand.

    Args:
        sheet: number of the sheet from 0.
        header: row number of the header; 0 where the table has none.
        places: column key → column from 0.
    """

    sheet: int = 0
    header: int = 0
    places: Mapping[str, int] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return {"sheet": self.sheet, "header": self.header, "places": dict(self.places)}

    def missing(self, columns: Sequence[Column]) -> list[Column]:
        """Return the required columns that were not found."""
        return [column for column in columns if column.is_required and column.key not in self.places]


def title_key(text: str) -> str:
    """Return a title without case, spaces, width, marks, and what stands in brackets: 培训时间(h) is 培训时间."""
    whole = normal(text).casefold()
    bare = _BESIDE.sub("", whole) or whole
    return "".join(bare.split()).strip("*:.。-_#")


def recognise(sheets: Sequence[Sheet], columns: Sequence[Column]) -> Chosen:
    """Return the sheet and header that name most of ``columns``; required ones count most, earlier sheets win."""
    best, most = Chosen(), (0, 0)
    for at, sheet in enumerate(sheets):
        for line in sheet.lines[:HEADER_WITHIN_ROWS]:
            places = places_in(line, columns)
            score = (sum(column.is_required and column.key in places for column in columns), len(places))
            if score > most:
                best, most = Chosen(at, line.number, places), score
    return best


def places_in(line: Line, columns: Sequence[Column]) -> dict[str, int]:
    """Return column key → place where ``line`` is a header; the first column of a title counts."""
    titles: dict[str, int] = {}
    for place, cell in enumerate(line.cells):
        if cell:
            titles.setdefault(title_key(cell), place)
    found: dict[str, int] = {}
    for column in columns:
        for title in (*column.titles, str(column.label), column.key):
            place = titles.get(title_key(title))
            if place is not None and place not in found.values():
                found[column.key] = place
                break
    return found


def rows_below(sheets: Sequence[Sheet], chosen: Chosen) -> list[tuple[TableRow, dict[str, str]]]:
    """Return the rows below the header, each with the faults of its cells by column key."""
    sheet = sheets[chosen.sheet]
    present = frozenset(chosen.places)
    rows = []
    for line in sheet.lines:
        if line.number <= chosen.header:
            continue
        values = {key: line.cells[at] if at < len(line.cells) else "" for key, at in chosen.places.items()}
        faults = {key: line.faults[at] for key, at in chosen.places.items() if at in line.faults}
        if any(values.values()) or faults:
            rows.append((TableRow(sheet.name, line.number, values, present), faults))
    return rows
