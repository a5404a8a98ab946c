"""Cut the text of a chapter into units that can be compared: paragraphs, rows of tables, pictures, files.

Works on the stored form of a stream, so that no picture or document is fetched.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, NamedTuple

TEXT, HEADING, ITEM, ROW, WARNING, PICTURE, OTHER = "text", "heading", "item", "row", "warning", "picture", "other"

_BLOCK = re.compile(r"<(p|h[1-6]|li|blockquote)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")


class Unit(NamedTuple):
    """One thing that is compared.

    Attributes:
        kind: one of this module's constants.
        cells: its text; a paragraph is one cell.
        key: what it shows beside words: the key of a picture or a file.
    """

    kind: str
    cells: tuple[str, ...]
    key: str = ""


def units_of(raw: Iterable[Any]) -> list[Unit]:
    """Return the units of a stream in reading order.

    Args:
        raw: ``StreamValue.raw_data``; blocks of a kind unknown here give the words in them.
    """
    return [unit for block in raw for unit in _READERS.get(block["type"], _other)(block["value"])]


def _text(value: Any) -> Iterator[Unit]:
    yield from _paragraphs(str(value or ""), TEXT)


def _safety(value: Any) -> Iterator[Unit]:
    yield from _paragraphs(str(value.get("text") or ""), WARNING)


def _table(value: Any) -> Iterator[Unit]:
    for row in (value or {}).get("data") or ():
        yield Unit(ROW, tuple(_plain(str(cell or "")) for cell in row))


def _figure(value: Any) -> Iterator[Unit]:
    image = value.get("image")
    facts = image if isinstance(image, dict) else {"image": image}
    words = (value.get("caption"), facts.get("alt_text"))
    yield Unit(PICTURE, (" · ".join(_plain(str(word)) for word in words if word),), str(facts.get("image")))


def _attachment(value: Any) -> Iterator[Unit]:
    yield Unit(OTHER, ("",), str(value.get("document")))


def _other(value: Any) -> Iterator[Unit]:
    yield Unit(OTHER, (" ".join(_words(value)),))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif isinstance(value, str | int | float) and (text := _plain(str(value))):
        yield text


def _paragraphs(html: str, kind: str) -> Iterator[Unit]:
    """Yield the paragraphs, headings and list items of rich text; a list item of a warning stays a warning."""
    pieces = _BLOCK.split(html)
    # The text before the first tag, then tag and text by turns.
    for tag, piece in zip(["p", *pieces[1::2]], [pieces[0], *pieces[2::2]], strict=True):
        if text := _plain(piece):
            yield Unit(kind if kind != TEXT else _KINDS.get(tag.lower()[0], TEXT), (text,))


_KINDS = {"h": HEADING, "l": ITEM}


def _plain(html: str) -> str:
    return _SPACE.sub(" ", unescape(_TAG.sub("", html))).strip()


_READERS = {"text": _text, "safety": _safety, "table": _table, "figure": _figure, "attachment": _attachment}
