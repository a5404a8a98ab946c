"""Text of single cells, and the numbers a spreadsheet program has spoilt. No Django here."""

import datetime as dt
import re
from typing import Any

#: A whole number of more digits than a spreadsheet keeps exactly (IEEE 754 doubles hold 15).
EXACT = 10**15
_ROUNDED = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+]?\d{1,3}")
_SPOILT = re.compile(r"\d{13,}0{3}")
_PADDED = re.compile(r'0{2,15}(?:;.*)?|"?0+"?')
#: What Excel writes instead of a value.
_ERRORS = frozenset({"#N/A", "#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!"})
_STARTS = ("=", "+", "-", "@", "\t", "\r")


def of_value(value: Any, number_format: str = "") -> tuple[str, str]:
    """Return the text of a workbook's cell as a person reads it, and the code of what is wrong with it (or "").

    A 7 shown as 007 is 007; days are in ISO form; numbers beyond 15 digits are no longer those that were typed.
    """
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, dt.datetime):
        return (value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")), ""
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat(), ""
    if isinstance(value, (int, float)):
        return _number(value, number_format)
    return of_text(str(value))


def _number(value: int | float, number_format: str) -> tuple[str, str]:
    if abs(value) >= EXACT:
        return f"{value:.0f}" if value == value and abs(value) != float("inf") else str(value), "inexact"
    if isinstance(value, float) and not value.is_integer():
        return repr(round(value, 10)), ""
    whole = str(int(value))
    if _PADDED.fullmatch(number_format or ""):
        return whole.zfill(number_format.split(";")[0].count("0")), ""
    return whole, ""


def of_text(text: str, *, is_typed: bool = True) -> tuple[str, str]:
    """Return a text without outer spaces, and the code of what is wrong with it (or "").

    Args:
        is_typed: False for CSV and pasted cells, where a number was text that a program may have rounded before.
    """
    plain = text.replace("\u00a0", " ").replace("\ufeff", "").strip().strip("\u200b")
    if plain in _ERRORS:
        return plain, "error_value"
    if _ROUNDED.fullmatch(plain):
        return plain, "rounded"
    if not is_typed and _SPOILT.fullmatch(plain):
        return plain, "inexact"
    if plain[:1] == "'" and plain[1:2] in _STARTS:
        return plain[1:], ""
    return plain, ""
