"""Stems of the English words that occur between Chinese ones (Snowball's English stemmer)."""

from functools import lru_cache

from snowballstemmer import stemmer

#: Shorter words may be codes (`OFF`, `dC`) and stay as they are.
SHORTEST = 4


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return the stem of an English word in lower case: `heating`, `heated`, `heats` and `heat` become one.

    It reads like a word where Snowball's own would not: `battery` and `batteries` give `battery`, not `batteri`.
    """
    if len(word) < SHORTEST or not word.isascii() or not word.isalpha():
        return word
    # A new one each time: a stemmer keeps the word it works on, and threads stem at once.
    found: str = stemmer("english").stemWord(word)
    root = found.removesuffix("i")
    return f"{root}y" if word.removeprefix(root) in ("y", "ies", "ied") else found
