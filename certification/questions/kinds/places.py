"""Answers that keep their place when a paper is drawn, recognised by their wording (``places.txt``)."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

PATTERNS = Path(__file__).with_name("places.txt")
LETTERS = "letters:"


@cache
def _patterns() -> tuple[list[re.Pattern[str]], list[re.Pattern[str]]]:
    """Return the patterns of answers about the others in general, and of those about others by their letter."""
    lines = [line.strip() for line in PATTERNS.read_text(encoding="utf-8").splitlines()]
    written = [line for line in lines if line and not line.startswith("#")]
    general = [re.compile(line, re.IGNORECASE) for line in written if not line.startswith(LETTERS)]
    lettered = [line.removeprefix(LETTERS).strip() for line in written if line.startswith(LETTERS)]
    return general, [re.compile(line, re.IGNORECASE) for line in lettered]


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def names_letters(text: str) -> bool:
    """Whether an answer speaks of others by their letter or number: A和B都对."""
    return any(pattern.search(_plain(text)) for pattern in _patterns()[1])


def refers_to_others(text: str) -> bool:
    """Whether an answer speaks of the other answers: 以上都对, all of the above, A和B都对."""
    return any(pattern.search(_plain(text)) for pattern in _patterns()[0]) or names_letters(text)


def fixed_places(texts: Sequence[str], said: Sequence[bool | None]) -> list[bool]:
    """Return which answers keep their place.

    Args:
        texts: the answers in the order written.
        said: what the editor or the import says of each; None leaves it to the wording.

    Where an answer that keeps its place names others by their letter, all of them keep theirs.
    """
    fixed = [refers_to_others(text) if word is None else word for text, word in zip(texts, said, strict=True)]
    lettered = any(stays and names_letters(text) for text, stays in zip(texts, fixed, strict=True))
    return [True] * len(fixed) if lettered else fixed
