"""Clean a query before it is parsed: control characters, accents, length."""

import unicodedata

from portal.search.analysis import normalise

#: Characters of a query that are read. People type a sentence at most; more is a paste, and the page says it was cut.
MAX_QUERY = 120
_DIAERESIS = "\u0308"


def clean_query(raw: str) -> tuple[str, bool]:
    """Return the query in one spelling, without control characters and repeated spaces, and whether it was cut.

    Case is kept: `E6` and `e6` are two codes. Latin letters lose their marks: pinyin is typed with its tones, too.
    """
    head = raw[: MAX_QUERY * 4]
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in head)
    text = " ".join(without_marks(normalise(visible)).split())
    return text[:MAX_QUERY].rstrip(), len(text) > MAX_QUERY or len(raw) > len(head)


def without_marks(text: str) -> str:
    """Return `text` with accents and tone marks of Latin letters taken off; ü becomes v, as it is typed."""
    return text if text.isascii() else "".join(map(_plain, unicodedata.normalize("NFC", text)))


def _plain(character: str) -> str:
    if character.isascii():
        return character
    base, *marks = list(unicodedata.normalize("NFD", character))
    if not marks or not base.isascii():
        return "" if unicodedata.combining(character) else character
    return "v" if _DIAERESIS in marks and base in "uU" else base
