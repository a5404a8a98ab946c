"""Text normalisation: NFKC, simplified characters, lower case.

The traditional → simplified table is OpenCC's (Apache-2.0), characters only. Its phrase table is left out on purpose:
with it the form of a character would depend on its neighbours, and a piece of a title would no longer find that
title.
"""

import unicodedata
from functools import lru_cache
from importlib import resources

#: Written forms of the south that are other characters of the standard language, and one OpenCC leaves as it is.
_DIALECT = str.maketrans("唔冇咗嘅喺佢啲睇著", "不没了的在它些看着")


@lru_cache(maxsize=1)
def simplified_table() -> dict[int, str]:
    """Return the character map traditional → simplified, one to one, as `str.translate` takes it."""
    source = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    table: dict[int, str] = {}
    for line in source.splitlines():
        traditional, _, simplified = line.partition("\t")
        first = simplified.split(" ")[0].strip()
        if len(traditional) == 1 and len(first) == 1 and traditional != first:
            table[ord(traditional)] = first
    return table | {written: chr(standard) for written, standard in _DIALECT.items()}


def simplify(text: str) -> str:
    """Return `text` with traditional characters replaced by simplified ones; the length stays the same."""
    return text.translate(simplified_table())


def normalise(text: str) -> str:
    """Return `text` in compatibility form (full width → half width) and simplified characters, its case kept."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).translate(simplified_table())


def fold(text: str) -> str:
    """Return `text` as the flat index sees it: `normalise`d and in lower case."""
    return normalise(text).lower()
