"""Compare what people type: full and half width, spaces, units in words or symbols (``units.txt``)."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import NamedTuple

UNITS = Path(__file__).with_name("units.txt")
NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(.*)", re.DOTALL)
AT_EDGE = " \t\n。．.，,；;、！!"
# Input methods write 。 for the point of 2.5.
POINT = re.compile(r"(?<=\d)。(?=\d)")
# What stands for a point elsewhere, and for thousands here: 2,5 is neither.
BROKEN_NUMBER = re.compile(r"\s*[,，'’·]")
DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "～": "~", "∼": "~"})
# A space beside a Chinese character or between a number and its unit says nothing.
SILENT_SPACE = re.compile(r"(?<=[\u3400-\u9fff\d°%])\s+|\s+(?=[\u3400-\u9fff])")


class Quantity(NamedTuple):
    """A number and the unit typed behind it, a symbol where it is known."""

    number: Decimal
    unit: str


@cache
def _symbols() -> dict[str, str]:
    """Return symbol by each way to write a unit."""
    lines = [line.split() for line in UNITS.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {plain(word): plain(words[0]) for words in lines for word in words}


def plain(text: str) -> str:
    """Return text in NFKC with one kind of dash and single spaces: ２．５　ＭＰａ and 2.5 MPa are the same."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(DASHES).split())


def symbol(unit: str) -> str:
    """Return the symbol of a unit, or the text itself where it is none: 兆帕 → MPa."""
    return _symbols().get(plain(unit), plain(unit))


def is_known_unit(unit: str) -> bool:
    """Whether a text is the symbol of a unit in the list."""
    return plain(unit) in _symbols()


def quantity(text: str) -> Quantity | None:
    """Return the number and unit that were typed, None where there is no number. ``1,200`` is 1200, ``2,5`` is none."""
    words = POINT.sub(".", _trimmed(plain(text)))
    found = NUMBER.fullmatch(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", words))
    if found is None or BROKEN_NUMBER.match(found[2]):
        return None
    try:
        return Quantity(Decimal(found[1]), symbol(found[2]))
    except InvalidOperation:
        return None


def comparable(text: str, *, case_matters: bool = False) -> str:
    """Return what two answers are compared by: width, spaces, end punctuation and the name of a unit do not count."""
    words = SILENT_SPACE.sub("", POINT.sub(".", _trimmed(plain(text))))
    found = NUMBER.fullmatch(words)
    if found is not None:
        words = re.sub(r"^([+-]?)\.", r"\g<1>0.", found[1]) + (symbol(found[2]) if found[2] else "")
    return words if case_matters else words.casefold()


def _trimmed(text: str) -> str:
    """Return text without the punctuation around it; the point of .5 is none."""
    inner = text.strip(AT_EDGE)
    before = text[: len(text.rstrip(AT_EDGE)) - len(inner)]
    return f".{inner}" if before.endswith(".") and inner[:1].isdigit() else inner
