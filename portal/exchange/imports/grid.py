"""What a reader makes of a file: sheets of rows of text, and what is wrong with single cells. No Django here."""

from dataclasses import dataclass, field

#: Sizes a table may have; bytes are unpacked ones.
MAX_BYTES = 40 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 32_767
MAX_SHEETS = 50
MAX_MERGES = 20_000


class Refused(Exception):
    """The file as a whole is refused.

    Args:
        code: one of ``reading.REFUSALS``.
        what: what is too large or unknown, in digits or names.
    """

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code, self.what = code, what


@dataclass
class Line:
    """One row that is not empty.

    Args:
        number: as Excel counts it, from 1; for a table in text its line.
        cells: text as written, outer spaces removed.
        faults: column from 0 → code of ``reading.FAULTS``.
    """

    number: int
    cells: list[str]
    faults: dict[int, str] = field(default_factory=dict)


@dataclass
class Sheet:
    """A sheet of a workbook, a table of a document, or the one table of a text."""

    name: str
    lines: list[Line] = field(default_factory=list)
