"""Read CSV files and pasted cells: encodings, separators. No Django here."""

import codecs
import csv
import io
import re

from portal.exchange.imports import cells
from portal.exchange.imports.grid import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, Line, Refused, Sheet

#: In the order believed where several fit alike.
SEPARATORS = ("\t", ";", ",", "，", "；", "|")
LOOKED_AT = 30
_COMMON = re.compile(r"[ \t\r\n!-~\u3000-\u303f\u4e00-\u9fff\uff01-\uffe5]")


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or GB 18030 (which includes GBK and GB 2312).

    Raises:
        Refused: it is in none of them.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(content.decode("utf-16", errors="replace"))
    encodings = ["utf-8-sig", "gb18030"]
    if b"\x00" in content[:4096]:
        encodings = ["utf-16-le", "utf-16-be"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encodings[0] == "utf-8-sig" or _likelihood(text) > 0.8:
            return _checked(text)
    raise Refused("unreadable")


def _likelihood(text: str) -> float:
    sample = text[:5000]
    return len(_COMMON.findall(sample)) / len(sample) if sample else 0.0


def _checked(text: str) -> str:
    if "\x00" in text or "\ufffd" in text[:5000]:
        raise Refused("unreadable")
    return text


def read_text(text: str, name: str) -> list[Sheet]:
    """Return the one table of a text; the separator is the one that parts its lines most alike.

    Raises:
        Refused: too many rows or columns, or quotes that never end.
    """
    if len(text) > MAX_BYTES:
        raise Refused("too_large", f"{len(text) // 1024 // 1024} MB")
    separator = separator_of(text)
    sheet = Sheet(name)
    csv.field_size_limit(MAX_CELL * 4)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True)
    begin = 1
    try:
        for written in reader:
            line = Line(begin, [])
            begin = reader.line_num + 1
            for place, cell in enumerate(written):
                plain, fault = cells.of_text(cell, is_typed=False)
                line.cells.append(plain[:MAX_CELL])
                if fault:
                    line.faults[place] = fault
            while line.cells and not line.cells[-1]:
                line.cells.pop()
            if len(line.cells) > MAX_COLUMNS:
                raise Refused("too_wide", str(len(line.cells)))
            if line.cells:
                sheet.lines.append(line)
            if len(sheet.lines) > MAX_ROWS:
                raise Refused("too_large", str(len(sheet.lines)))
    except csv.Error as error:
        raise Refused("unreadable") from error
    return [sheet] if sheet.lines else []


def separator_of(text: str) -> str:
    """Return what stands between the cells; a comma where nothing does."""
    lines = [line for line in text.splitlines()[: LOOKED_AT * 2] if line.strip()][:LOOKED_AT]
    best, most = ",", 0.0
    for separator in SEPARATORS:
        counts = [line.count(separator) for line in lines]
        if not any(counts):
            continue
        usual = max(set(counts), key=counts.count)
        alike = counts.count(usual) / len(counts)
        score = (alike if usual else 0) + min(counts[0], 20) / 100 + (0.5 if separator == "\t" else 0)
        if score > most:
            best, most = separator, score
    return best
